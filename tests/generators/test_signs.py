"""A generator is imported only where one of its files lies, and found wherever it was found before."""

import subprocess
import sys

import pytest

from feeds import generators
from feeds.config import GENERATOR_NAMES
from feeds.generators import GENERATORS
from feeds.generators.astro.config import FILENAMES as ASTRO
from feeds.generators.docusaurus.config import FILENAMES as DOCUSAURUS
from feeds.generators.eleventy.config import FILENAMES as ELEVENTY
from feeds.generators.eleventy.config import PACKAGE
from feeds.generators.hugo.config import ENDINGS, FOLDER
from feeds.generators.hugo.config import NAMES as HUGO
from feeds.generators.jekyll.config import NAMES as JEKYLL
from feeds.generators.jekyll.files import POSTS
from feeds.generators.mkdocs.config import FILENAMES as MKDOCS
from feeds.generators.pelican.settings import FILENAME as PELICAN
from feeds.generators.pelican.settings import PUBLISHED
from feeds.generators.zensical.config import FILENAME as ZENSICAL
from feeds.generators.zola.generator import FILENAMES as ZOLA

OWN = {
    "zensical": {ZENSICAL},
    "material": set(MKDOCS),
    "mkdocs": set(),
    "hugo": {FOLDER, *(f"{name}{ending}" for name in HUGO for ending in ENDINGS)},
    "jekyll": {*JEKYLL, POSTS},
    "zola": set(ZOLA),
    "pelican": {PELICAN, PUBLISHED},
    "docusaurus": set(DOCUSAURUS),
    "astro": set(ASTRO),
    "eleventy": {*ELEVENTY, PACKAGE},
}


@pytest.mark.parametrize("name", GENERATOR_NAMES[:-1])
def test_the_signs_of_a_generator_are_the_files_that_it_looks_for(name):
    assert set(generators._SIGNS[name]) == OWN[name]


def test_nothing_is_detected_where_no_sign_is(tmp_path):
    assert [generator.name for generator in GENERATORS if generator.detect(tmp_path)] == []


def test_a_plain_folder_needs_no_other_generator(tmp_path):
    (tmp_path / "content").mkdir()
    code = (
        "import sys\nfrom pathlib import Path\nfrom feeds.config import load_settings\n"
        "from feeds.generators import load_site\n"
        "load_site(load_settings(Path(), overrides={'site.url': 'https://a.example/'}), print)\n"
        "print(*(name for name in sys.modules if name.startswith('feeds.generators.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    modules = done.stdout.split()
    assert "feeds.generators.plain" in modules
    assert not [name for name in modules if name.split(".")[2] in {"hugo", "jekyll", "eleventy", "astro"}]
