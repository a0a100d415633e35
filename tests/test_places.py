"""Where a value stands in a configuration, whatever language that is written in."""

from pathlib import Path

import pytest
from projects import write_files

from feeds.places import find_place

FILES = {
    "mkdocs.yml": "# site_name: Notes\nsite_name: Notes\nsite_url: https://a.example/blog\ntheme:\n  language: pt\n",
    "hugo.toml": "baseURL = 'https://a.example/'\nlanguageCode = 'pt-BR'\ntitle = 'Notes'\ntimeZone = 'Europe/Rome'\n",
    "pelicanconf.py": "AUTHOR = 'Ada'\nSITENAME = 'Notes'\nSITEURL = ''\nTIMEZONE = \"Europe/Rome\"\n",
    "docusaurus.config.ts": "export default {\n  title: 'Notes',\n  url: 'https://a.example',\n  baseUrl: '/blog/',\n};\n",
    "_config.yml": "title: Notes of a reader\ntitle_short: Notes\n",
    "config/_default/hugo.toml": "title = 'Notes'\n",
    "config/_default/languages.toml": "[pt]\nlanguageCode = 'pt'\n",
    "eleventy.config.js": "module.exports = {};\n",
    "_data/metadata.json": '{\n  "title": "Notes",\n  "url": "https://a.example/"\n}\n',
}


@pytest.mark.parametrize(
    ("file", "key", "value", "place"),
    [
        ("mkdocs.yml", "title", "Notes", "mkdocs.yml:2"),
        ("mkdocs.yml", "url", "https://a.example/blog/", "mkdocs.yml:3"),
        ("mkdocs.yml", "language", "pt", "mkdocs.yml:5"),
        ("hugo.toml", "url", "https://a.example/", "hugo.toml:1"),
        ("hugo.toml", "language", "pt-BR", "hugo.toml:2"),
        ("hugo.toml", "timezone", "Europe/Rome", "hugo.toml:4"),
        ("hugo.toml", "timezone", "UTC", None),
        ("pelicanconf.py", "title", "Notes", "pelicanconf.py:2"),
        ("pelicanconf.py", "timezone", "Europe/Rome", "pelicanconf.py:4"),
        ("docusaurus.config.ts", "title", "Notes", "docusaurus.config.ts:2"),
        ("docusaurus.config.ts", "url", "https://a.example/blog/", "docusaurus.config.ts:3"),
        ("_config.yml", "title", "Notes of a reader", "_config.yml:1"),
        ("config/_default/hugo.toml", "language", "pt", "config/_default/languages.toml:2"),
        ("eleventy.config.js", "title", "Notes", "_data/metadata.json:2"),
        ("missing.yml", "author", "Ada", None),
        ("", "title", "Notes", None),
        ("hugo.toml", "title", "", None),
    ],
)
def test_a_value_is_found(tmp_path: Path, file: str, key: str, value: str, place: str | None) -> None:
    write_files(tmp_path, FILES)
    found = find_place(tmp_path, file, key, value)
    assert (str(found) if found else None) == place
