"""Real blogs, read without configuration, against what their own generators published.

The blogs do not lie in this repository: a folder of them, with a `score.py` that compares a feed with the
truth, is named by FEEDS_CORPORA, or lies beside the checkout as `shared/corpora`.
"""

import importlib.util
import os
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from projects import CHECKOUT, run

CORPORA = Path(os.environ.get("FEEDS_CORPORA", CHECKOUT.parent / "shared" / "corpora"))
FLAGS = {
    "11ty-base": ["--base-url", "https://example.com"],
    "doc-jest": ["--generator", "docusaurus", "--base-url", "https://jestjs.io"],
    "jek-caniemail": ["--base-url", "https://example.org"],
    "pel-ikevin": ["--base-url", "https://kevinyap.ca"],
}
"""What a blog does not say of itself, or says otherwise than its site: the last one's file has http."""

PROGRAMS = {
    "11ty-base": "eleventy.config.js",
    "astro-slblog": "astro.config.mjs",
    "doc-babel": "docusaurus.config.ts",
    "pel-ikevin": "pelicanconf.py",
}
"""The configuration of blogs that have a program for one, which a copy of them may lack."""

LEAST = {
    "recall": 1.0,
    "precision": 1.0,
    "url_full": 0.99,
    "title~": 0.99,
    "day": 0.99,
    "instant": 0.98,
    "cats": 0.98,
    "authors": 0.95,
    "exc_more": 0.95,
}
AUTOMATIC = ("hugo", "jek", "pel")
"""Blogs whose generators have an excerpt of their own for every post."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CORPORA / "score.py").is_file(), reason="the folder of real blogs is not here"),
]


def names() -> list[str]:
    return sorted(path.parent.name for path in CORPORA.glob("*/truth.jsonl"))


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", CORPORA / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def feed_of(name: str, folder: Path) -> Path:
    """The feed of a blog, of which nothing is changed; the posts of its other languages are added to it."""
    site = folder / "site"
    shutil.copytree(CORPORA / name / "site", site)
    out = ["-o", str(folder / "out"), "--letters", str(folder / "letters"), "--limit", "0", "--quiet"]
    done = run(["build", *out, *FLAGS.get(name, [])], site)
    assert done.returncode == 0, done.stderr
    main = ElementTree.parse(folder / "out" / "atom.xml")
    for other in sorted((folder / "out").glob("??/atom.xml")):
        main.getroot().extend(
            ElementTree.parse(other).getroot().findall("{http://www.w3.org/2005/Atom}entry")
        )
    main.write(folder / "all.xml", encoding="utf-8")
    return folder / "all.xml"


@pytest.mark.parametrize("name", names())
def test_a_real_blog_is_read_as_its_own_generator_does(name: str, scorer: ModuleType, tmp_path: Path) -> None:
    program = PROGRAMS.get(name)
    if program and not (CORPORA / name / "site" / program).is_file():
        pytest.skip(f"this copy of the blog has no {program}")
    found: dict[str, Any] = scorer.score(str(CORPORA / name), str(feed_of(name, tmp_path)))
    wanted = {**LEAST, **({"exc>=.98": 0.95} if name.startswith(AUTOMATIC) else {})}
    rates = {column: good / of for column, (good, of) in found["rates"].items() if of}
    low = {column: rates[column] for column, least in wanted.items() if rates.get(column, 1) < least}
    assert not low, found["mismatches"][:10]
    assert found["leaked"] == 0
    assert found["matched"] == found["truth"] > 0
