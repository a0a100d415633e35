"""Archive documents: a post that is added rewrites what is still open, and nothing that is closed (RFC 5005)."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from projects import SETTINGS, blog, build_project, files_below, post

SMALL = (60, 10, 7)
LARGE = (1000, 100, 20)


def texts(count: int) -> dict[str, str]:
    """So many posts, a day or so apart."""
    return {
        f"p{n:04}.md": post(
            f"# Post {n}\n\nText {n}.\n",
            date=f"{2020 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}",
            categories="[News]" if n % 3 else "[Essays]",
        )
        for n in range(count)
    }


@pytest.mark.parametrize(
    ("count", "size", "limit"), [SMALL, pytest.param(*LARGE, marks=pytest.mark.slow)], ids=["60", "1000"]
)
def test_a_post_that_is_added_rewrites_only_what_is_open(
    count: int, size: int, limit: int, tmp_path: Path
) -> None:
    settings = f"{SETTINGS}[feeds]\narchive = {size}\nlimit = {limit}\nby = []\n"
    blog(tmp_path, texts(count - 1), settings)
    build_project(tmp_path)
    before = files_below(tmp_path / "public")
    blog(tmp_path, texts(count))
    (tmp_path / "feeds.toml").write_text(settings, "utf-8")
    build_project(tmp_path)
    after = files_below(tmp_path / "public")
    changed = {path for path in after if before.get(path) != after[path]}
    last = count // size
    assert {path for path in changed if path.startswith("archive/")} == {
        f"archive/{last}/atom.xml",
        f"archive/{last}/feed.xml",
    }
    assert {"feed.xml", "atom.xml", "feed.json"} < changed
    assert set(before) <= set(after)


def test_a_reader_that_follows_the_archives_finds_every_post_once_over(tmp_path: Path) -> None:
    blog(tmp_path, texts(23), f"{SETTINGS}[feeds]\narchive = 5\nlimit = 4\nby = []\n")
    build_project(tmp_path)
    links: set[str] = set()
    path: str | None = "feed.xml"
    documents = 0
    while path:
        channel = ElementTree.fromstring((tmp_path / "public" / path).read_bytes()).find("channel")
        assert channel is not None
        links |= {item.findtext("link") or "" for item in channel.findall("item")}
        rels = {
            link.get("rel"): link.get("href") for link in channel.findall("{http://www.w3.org/2005/Atom}link")
        }
        assert rels["self"] == f"https://blog.example/{path}"
        previous = rels.get("prev-archive")
        path = previous.removeprefix("https://blog.example/") if previous else None
        documents += 1
    assert (len(links), documents) == (23, 6)
