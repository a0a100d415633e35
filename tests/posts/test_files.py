"""The picture that stands for a post, and the file that it is published for."""

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from html_samples import PAGES, URL, make_post, make_site, render

from feeds.errors import Finding
from feeds.model import Fields, Media, Post, Scalar, Source, Value
from feeds.posts.files import entry_enclosure, entry_image
from feeds.posts.links import Links
from feeds.posts.tree import parse_html

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + b"\x08\x02\x00\x00\x00"


def post_of(image: str = "", body: str = "", enclosure: Value | None = None) -> Post:
    fields: dict[str, Value] = {"enclosure": enclosure} if enclosure is not None else {}
    made = make_post(body)
    return replace(
        made,
        image=image,
        source=Source(
            made.source.path, Fields("docs/blog/posts/a.md", fields, {"enclosure": (4, 1)}), body, 9
        ),
    )


def image_of(root: Path, image: str = "", body: str = "") -> Media | None:
    post = post_of(image, body)
    return entry_image(post, parse_html(render(body)), Links(make_site(root), PAGES))


def write(root: Path, name: str, data: bytes) -> None:
    (root / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
    (root / "docs" / name).write_bytes(data)


def test_a_picture_among_the_sources_tells_its_size_and_type(tmp_path: Path) -> None:
    write(tmp_path, "blog/posts/img/p.png", PNG)
    expected = Media(f"{URL}blog/img/p.png", "image/png", len(PNG), 640, 480)
    assert image_of(tmp_path, "img/p.png") == expected
    assert image_of(tmp_path, "", "Text.\n\n![A wall](img/p.png) ![Another](q.png)") == expected


@pytest.mark.parametrize(
    ("image", "body", "media"),
    [
        ("https://x.example/p.webp", "", Media("https://x.example/p.webp", "image/webp")),
        ("https://x.example/p?size=2", "", Media("https://x.example/p?size=2")),
        ("", "![badge](https://x.example/b.svg) ![wall](https://x.example/w.jpg)", Media("https://x.example/w.jpg", "image/jpeg")),
        ("", "![inline](data:image/png;base64,AAAA)", None),
        ("javascript:alert(1)", "", None),
        ("https://[bad", "", None),
        ("", "No picture.", None),
    ],
)  # fmt: skip
def test_a_picture_elsewhere_is_never_fetched(
    image: str, body: str, media: Media | None, tmp_path: Path
) -> None:
    assert image_of(tmp_path, image, body) == media


def test_a_file_that_is_no_picture_has_no_size(tmp_path: Path) -> None:
    write(tmp_path, "blog/posts/p.png", b"not a picture")
    assert image_of(tmp_path, "p.png") == Media(f"{URL}blog/p.png", "image/png", 13)


def enclosure_of(root: Path, value: Value, findings: list[Finding] | None = None) -> Media | None:
    report = (findings if findings is not None else []).append
    return entry_enclosure(post_of(enclosure=value), Links(make_site(root), PAGES), report)


def test_an_enclosure_is_an_address_or_a_table(tmp_path: Path) -> None:
    write(tmp_path, "audio/1.mp3", b"x" * 1234)
    local = Media(f"{URL}audio/1.mp3", "audio/mpeg", 1234)
    assert enclosure_of(tmp_path, Scalar("../../audio/1.mp3")) == local
    elsewhere = {
        "url": Scalar("https://x.example/1"),
        "type": Scalar("audio/ogg"),
        "length": Scalar("99", "int"),
    }
    assert enclosure_of(tmp_path, elsewhere) == Media("https://x.example/1", "audio/ogg", 99)
    unknown = Media("https://x.example/1", "application/octet-stream")
    assert enclosure_of(tmp_path, Scalar("https://x.example/1")) == unknown
    assert enclosure_of(tmp_path, Scalar("", "null")) is None


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"type": Scalar("audio/ogg")}, "the enclosure has no address"),
        (
            {"url": Scalar("https://x.example/1"), "length": Scalar("3 MB")},
            "the length '3 MB' is no number of bytes",
        ),
    ],
)
def test_an_enclosure_that_cannot_be_used_is_told(value: Value, message: str, tmp_path: Path) -> None:
    findings: list[Finding] = []
    assert enclosure_of(tmp_path, value, findings) is None
    assert [(each.message, str(each.at)) for each in findings] == [(message, "docs/blog/posts/a.md:4:1")]
