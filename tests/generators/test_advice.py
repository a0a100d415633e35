"""What the settings can tell when a configuration does not: the lines that a message asks for are enough."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from projects import build_project, write_files
from sites import SITES

from feeds.config.keys import KEYS
from feeds.errors import FeedsError

_KEY = re.compile(r'(\w+) = ("[^"]*"|\[[^\]]*\])')
_TABLE = re.compile(r"under \[(\w+)\]")
_COMPUTED = "import os\nSITENAME = 'Tides'\nSITEURL = 'https://tides.example'\nPATH = 'content'\n"
_ESM = "export default { title: 'Tides', url: 'https://tides.example', baseUrl: '/', %s };\n"

CASES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    # what is missing → the generator, and the files that differ from its smallest site's
    "no baseURL": ("hugo", {"hugo.toml": 'title = "Tides"\n'}),
    "no url": ("jekyll", {"_config.yml": "title: Tides\n"}),
    "no site_url": ("material", {"mkdocs.yml": "site_name: Tides\nplugins: [blog]\n"}),
    "no site_url of Zensical": (
        "zensical",
        {"zensical.toml": '[project]\nsite_name = "Tides"\n[project.plugins.blog]\n'},
    ),
    "no blog": ("material", {"mkdocs.yml": "site_name: Tides\nsite_url: https://tides.example/\n"}),
    "slugs of an own function": (
        "material",
        {
            "mkdocs.yml": "site_name: Tides\nsite_url: https://tides.example/\n"
            "plugins:\n  - blog:\n      post_slugify: !!python/name:mine.slugify\n"
        },
    ),
    "no base_url": ("zola", {"zola.toml": 'title = "Tides"\n'}),
    "a name with many readings": (
        "zola",
        {"content/blog/日記.md": SITES["zola"].post(title="Diary"), "content/blog/high-tide.md": ""},
    ),
    "SITEURL": ("pelican", {"pelicanconf.py": _COMPUTED + "SITEURL = os.environ['URL']\n"}),
    "PATH": ("pelican", {"pelicanconf.py": _COMPUTED + "PATH = os.environ['IN']\n"}),
    "ARTICLE_PATHS": ("pelican", {"pelicanconf.py": _COMPUTED + "ARTICLE_PATHS = os.environ['IN']\n"}),
    "ARTICLE_URL": ("pelican", {"pelicanconf.py": _COMPUTED + "ARTICLE_URL = os.environ['AT']\n"}),
    "ARTICLE_URL of a key that no post has": (
        "pelican",
        {"pelicanconf.py": _COMPUTED + "ARTICLE_URL = '{nothing}.html'\n"},
    ),
    "OUTPUT_PATH": ("pelican", {"pelicanconf.py": _COMPUTED + "OUTPUT_PATH = os.environ['OUT']\n"}),
    "a url that is worked out": (
        "docusaurus",
        {"docusaurus.config.js": _ESM.replace("'https://tides.example'", "process.env.URL") % "presets: [['classic', {}]]"},
    ),
    "a blog's folder that is worked out": (
        "docusaurus",
        {"docusaurus.config.js": _ESM % "presets: [['classic', { blog: { path: process.env.BLOG } }]]"},
    ),
    "no site": ("astro", {"astro.config.mjs": "export default {};\n"}),
    "no page that shows the posts": ("astro", {"src/pages/blog/[...slug].astro": ""}),
    "no url in the data": ("eleventy", {"_data/metadata.json": '{"title": "Tides"}'}),
    "a permalink that is a function": (
        "eleventy",
        {
            "posts/posts.json": "{}",
            "posts/posts.11tydata.js": "module.exports = { tags: 'posts', permalink: (data) => f(data) };\n",
        },
    ),
    "no address": ("plain", {"feeds.toml": '[posts]\nfuture = "hold"\n'}),
}  # fmt: skip


def followed(error: FeedsError, before: str) -> str:
    """The settings with the lines that the first finding's help asks for."""
    help = error.findings[0].help
    tables = _TABLE.findall(help)
    assert len(set(tables)) == 1, f"{error}\nnames no table, or several"
    keys = [(key, value) for key, value in _KEY.findall(help) if f"{tables[0]}.{key}" in KEYS]
    assert keys, f"{error}\nnames no line"
    return before + f"[{tables[0]}]\n" + "".join(f"{key} = {value}\n" for key, value in dict(keys).items())


@pytest.mark.parametrize("case", CASES)
def test_the_lines_that_are_asked_for_make_the_build_succeed(case: str, tmp_path: Path) -> None:
    name, files = CASES[case]
    SITES[name].write(tmp_path)
    write_files(tmp_path, files)
    for path, text in files.items():
        if not text:
            (tmp_path / path).unlink()
    settings = files.get("feeds.toml", "")
    with pytest.raises(FeedsError) as caught:
        build_project(tmp_path)
    (tmp_path / "feeds.toml").write_text(followed(caught.value, settings), "utf-8")
    assert build_project(tmp_path).posts == 1
