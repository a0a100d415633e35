"""Posts that try to break the build: each is an error with its place, or harmless; never a traceback.

`BAD` is what the site's generator refuses, or nobody could understand. `HARMLESS` is built; with a warning where
one is named.
"""

import json
import os
import stat
from email import message_from_bytes
from email.policy import default as mail_policy
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from projects import NOW, build_project, files_below, material_blog, post, run
from sites import SITES

from feeds.build import Choices, build
from feeds.config import load_settings
from feeds.errors import FeedsError, ProblemsError

GOOD = {"good.md": post("# A good post\n\nText.\n", date="2026-11-20")}
# A post below another name than that of the hostile one, so that its own faults are all there is to see.
NAME = "hostile.md"
BOMB = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(8)
)


def titled(title: str, **fields: str) -> str:
    return post(title=title, **fields)


BAD: dict[str, tuple[str | bytes, str]] = {
    # what stands in the file → the place, below docs/blog/posts/, and what is said about it
    "an empty file": ("", "hostile.md:1: the post has no front matter"),
    "no front matter": ("# Hello\n\nText.\n", "hostile.md:1: the post has no front matter"),
    "never closed": ("---\ndate: 2026-11-01\n\nText.\n", "hostile.md:1: the front matter is never closed"),
    "a list": ("---\n- date\n---\nText\n", "hostile.md:2: keys with values are wanted here, this is a list"),
    "a single value": ("---\njust text\n---\n", "hostile.md:2: keys with values are wanted here, this is a"),
    "nothing between the fences": ("---\n---\nText\n", "hostile.md:1: the post has no date"),
    "broken YAML": ('---\ntitle: "open\ndate: [2026\n---\n', "hostile.md:4:1: this is not YAML"),
    "aliases that multiply": (f"---\ndate: 2026-11-01\n{BOMB}---\n", "hostile.md:"),
    "a Python object": (
        "---\ntitle: !!python/object/apply:os.system [touch PWNED]\ndate: 2026-11-01\n---\n",
        "hostile.md:2:8: the tag",
    ),
    "a Python name": (
        "---\ntitle: !!python/name:os.system\ndate: 2026-11-01\n---\n",
        "hostile.md:2:8: the tag",
    ),
    "brackets within brackets": (post(x="[" * 5000 + "]" * 5000), "hostile.md:3"),
    "a list as a key": (post(**{"? [a, b]\n": "c"}), "hostile.md:3"),
    "a tab that indents": ("---\ntitle: T\n\tdate: 2026-11-01\n---\n", "hostile.md:3:1: this is not YAML"),
    "random bytes": (bytes(range(256)), "hostile.md:3:115: this is not UTF-8 text"),
    "Latin-1": (post("Na\xefve.\n").encode("latin-1"), "hostile.md:5:3: this is not UTF-8 text"),
    "UTF-16": (post().encode("utf-16"), "hostile.md:1:1: this is not UTF-8 text"),
    "no date": ("---\ntitle: T\n---\n", "hostile.md:1: the post has no date"),
    "an empty date": (post(date=""), "hostile.md:2:1: the post has no date"),
    "a month that does not exist": (post(date="2026-13-45"), "hostile.md:2:7: '2026-13-45' is not a date"),
    "a day that does not exist": (post(date="2026-02-30"), "hostile.md:2:7: '2026-02-30' is not a date"),
    "a second that does not exist": (
        post(date="2026-11-01T10:00:60Z"),
        "hostile.md:2:7: '2026-11-01T10:00:60Z'",
    ),
    "a number for a date": (post(date="20261101"), "hostile.md:2:7: '20261101' is not a date"),
    "an infinite date": (post(date="1e400"), "hostile.md:2:7: '1e400' is not a date"),
    "words for a date": (post(date="not a date"), "hostile.md:2:7: 'not a date' is not a date"),
    "a quoted date": (post(date='"2026-11-01"'), "hostile.md:2:7: the date '2026-11-01' is quoted"),
    "a list of dates": (post(date="[2026-11-01]"), "hostile.md:2:8: a date is wanted here"),
    "the year one": (post(date="0001-01-01"), "hostile.md:2:7: the year of '0001-01-01' cannot be meant"),
    "the last day of time": (post(date="9999-12-31T23:59:59-12:00"), "hostile.md:2:7: the year of"),
    "a list for a title": (titled("[a, b]"), "hostile.md:3:1: the title is no text"),
    "a mapping for a title": (titled("{a: b}"), "hostile.md:3:1: the title is no text"),
    "an empty title": (titled("~"), "hostile.md:3:1: the title is no text"),
    "a truth for a title": (titled("yes"), "hostile.md:3:1: the title is no text"),
    "a number for a title": (titled("2026"), "hostile.md:3:1: the title is no text"),
    "a mapping of categories": (
        post(categories="{a: b}"),
        "hostile.md:3:17: categories must be a list of texts",
    ),
    "one category that is no list": (post(categories="News"), "hostile.md:3:13: categories must be a list"),
    "lists of categories": (post(categories="[[a, b], [c]]"), "hostile.md:3:15: categories must be a list"),
    "numbers for categories": (
        post(categories="[2026]"),
        "hostile.md:3:14: categories must be a list of texts",
    ),
    "5,000 categories": (
        post(categories="[" + ", ".join(f"c{i}" for i in range(5000)) + "]"),
        "hostile.md:3:1: the post has 5,000 categories; the limit is 200",
    ),
    "a draft that is a text": (post(draft='"false"'), "hostile.md:3:1: draft must be true or false"),
    "a slug that is a number": (post(slug="7"), "hostile.md:3:1: the slug is no text"),
    "a slug out of the site": (post(slug='"' + "../" * 9 + 'etc"'), "hostile.md:3:1: the address"),
    "a slug with a NUL": (post(slug='"a\\0b"'), "hostile.md:3:1: the address"),
    "a slug of 5,000 letters": (
        post(slug='"' + "x" * 5000 + '"'),
        "hostile.md:3:1: the address has a part longer",
    ),
    "an author nobody knows": (post(authors="[nobody]"), "hostile.md:3:1: the author 'nobody' is not in"),
    "the address of another post": (
        post("# A good post\n\nText.\n", date="2026-11-20"),
        "hostile.md: the address https://blog.example/blog/2026/11/20/a-good-post/ is also that of "
        "docs/blog/posts/good.md",
    ),
    "ten thousand quotes": (
        post(">" * 10_000 + " deep\n"),
        "hostile.md:5: lists or quotes nest too deep here",
    ),
    "500 lists in each other": (
        post("".join("    " * i + "- x\n" for i in range(500))),
        "hostile.md:66: lists or",
    ),
    "half a character": (
        post(title='"Lone \\uD83D"'),
        "hostile.md:3:16: this is not YAML: found invalid Unicode",
    ),
    "stars in the text": (post("*" * 20_000 + "a" + "*" * 20_000 + "\n"), "hostile.md:5: too much markup"),
    "brackets in the text": (post("[" * 20_000 + "x" + "]" * 20_000 + "\n"), "hostile.md:5: too much markup"),
    "links that never end": (post("[a](" * 20_000 + "\n"), "hostile.md:5: too much markup"),
    "tags that never end": (post("<a " * 10_000 + "\n"), "hostile.md:5: too many HTML tags"),
}

HARMLESS: dict[str, tuple[str | bytes, set[str]]] = {
    # what stands in the file → the rules of the warnings
    "a byte order mark": (b"\xef\xbb\xbf" + post("# T\n\nText.\n").encode(), set()),
    "CRLF": (post("# T\n\nOne.\n\nTwo.\n").replace("\n", "\r\n"), set()),
    "CR only": (post("# T\n\nOne.\n\nTwo.\n").replace("\n", "\r"), set()),
    "a NUL": (post("# T\n\na\0b\n"), {"nul"}),
    "control characters": (
        post("# T\n\na \x01 b \x08 c \x1b[31m d \x7f e \ufffe f\n", x='"\\x08 \\uFFFE"'),
        set(),
    ),
    "control characters in the title": (titled('"a \\x08 \\x0b \\x1b \\uFFFE b"'), set()),
    "surrogates in the text": (post("\\uD83D &#xD83D; &#55357; end\n"), set()),
    "the end of CDATA": (post("`]]>` and ]]> and <![CDATA[ x ]]> end\n", title='"]]> there"'), set()),
    "markup in the title": (titled("'<b>B</b> & \"q\" <script>alert(1)</script> &amp; 5 < 6 🎉'"), set()),
    "keys twice": ("---\ntitle: A\ntitle: B\ndate: 2026-11-01\n---\nText\n", {"duplicate-key"}),
    "a blank title": (titled("'   '"), {"title"}),
    "a title of two lines": ("---\ntitle: |\n  One\n  Two\ndate: 2026-11-01\n---\nText\n", set()),
    "a title of 20,000 letters": (titled('"' + "long " * 4000 + '"', slug="x"), set()),
    "mail headers in the title": (
        titled('"Hi\\r\\nBcc: victim@example.org\\r\\n\\r\\n<h1>owned</h1>"'),
        set(),
    ),
    "line separators in the title": (titled('"a\\u2028b\\u2029c\\x85d"'), set()),
    "a date with a zone": (post(date="2026-11-01T10:00:00+05:30"), set()),
    "a date with nanoseconds": (post(date="2026-11-01T10:00:00.123456789Z"), set()),
    "a date to come": (post(date="2999-01-01"), {"future"}),
    "an hour that daylight saving skips": (post(date="2026-03-29T02:30:00"), set()),
    "no categories": (post(categories="~"), set()),
    "blank categories": (post(categories='["", "  ", a]'), set()),
    "categories with slashes": (post(categories='["a/b", "../../etc", "..", "C:\\\\x", "con"]'), set()),
    "categories of controls": (post(categories='["a\\u202eb", "c\\nd", "🎉"]'), set()),
    "5,000 tags": (post(tags="[" + ", ".join(f"t{i}" for i in range(5000)) + "]"), set()),
    "a slug with slashes": (post(slug='"../../x"'), set()),
    "a slug of punctuation": (post(slug='"a b?c#d&e=f"'), set()),
    "a slug that is percent-encoded": (post(slug='"%2e%2e%2fetc"'), set()),
    "a slug that turns round": (post(slug='"\\u202egnp.exe"'), set()),
    "a merge key": ("---\nbase: &b {title: Merged}\n<<: *b\ndate: 2026-11-01\n---\nText\n", set()),
    "two documents": ("---\ntitle: One\ndate: 2026-11-01\n...\n---\ntitle: Two\n---\nText\n", set()),
    "rules in the text": (post("Text\n\n---\ntitle: Not me\n---\n\nmore\n"), set()),
    "TOML": ('+++\ntitle = "T"\ndate = 2026-11-01\n+++\nText\n', set()),
    "front matter and nothing else": ("---\ntitle: No text\ndate: 2026-11-01\n---", set()),
    "keys that are no words": (post(**{"1": "2", "~": "x", "content": "y", "handler": "z"}), set()),
    "an id that is no URI": (post(id="42"), {"id"}),
    "HTML that is never closed": (post("<div><table><tr><td>x <b>bold <!-- never closed\n\nAfter.\n"), set()),
    "ten thousand divs": (post("<div>" * 10_000 + "x" + "</div>" * 10_000 + "\n"), set()),
    "a line of a megabyte": (post("word " * 200_000 + "\n\n" + "a" * 1_000_000 + "\n"), set()),
    "right to left": (post("هذا نص عربي مع English.\n\nשלום\n", title='"مرحبا"', lang="ar"), set()),
    "bidirectional overrides": (post("a \u202e b \u2066 c\n", title='"invoice \\u202egnp.exe"'), set()),
    "entities": (
        post("&lt; &amp;amp; &nbsp; &hellip; &notanentity; &#0; &#x110000;\n", title='"&lt;b&gt;"'),
        set(),
    ),
    "templating": (
        post("{{ 7*7 }} {% raw %} {{ config }} {% for x in y %}\n", title='"{{ 7*7 }} {% raw %}"'),
        set(),
    ),
}


def build_with(root: Path, content: str | bytes, name: str = NAME) -> list[str]:
    material_blog(root, {**GOOD, name: content})
    return [finding.rule for finding in build_project(root).findings]


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_understood_is_an_error_with_its_place(tmp_path: Path, case: str) -> None:
    content, message = BAD[case]
    with pytest.raises(ProblemsError) as caught:
        build_with(tmp_path, content)
    assert len(caught.value.findings) == 1
    assert str(caught.value.findings[0]).startswith(f"docs/blog/posts/{message}")
    assert not (tmp_path / "site").exists()
    assert not (tmp_path / "PWNED").exists()


@pytest.mark.parametrize("case", HARMLESS)
def test_what_the_generator_publishes_is_published(tmp_path: Path, case: str) -> None:
    content, warnings = HARMLESS[case]
    rules = build_with(tmp_path, content)
    assert set(rules) == warnings
    check_outputs(tmp_path)


def check_outputs(root: Path) -> None:
    """Everything that was written can be read, and holds nothing that could do harm."""
    site = root / "site"
    for name in ("feed.xml", "atom.xml"):
        data = (site / name).read_bytes()
        ElementTree.fromstring(data)
        feed = feedparser.parse(data)
        assert not feed.bozo
        assert len(feed.entries) == 2
        assert all(item.title and item.link.startswith("https://blog.example/") for item in feed.entries)
        assert b"&#13;" not in data
    document = json.loads((site / "feed.json").read_bytes())
    assert all(isinstance(item["content_html"], str) for item in document["items"])
    for path in site.rglob("*"):
        assert path.resolve().is_relative_to(root)
    letters = list((root / ".feeds").rglob("letter.eml"))
    message = message_from_bytes(letters[0].read_bytes(), policy=mail_policy)
    assert message["Bcc"] is None
    assert message.get_all("Subject", [])[1:] == []
    assert max(map(len, letters[0].read_bytes().split(b"\r\n"))) <= 998
    for name, data in (files_below(site) | files_below(root / ".feeds")).items():
        text = data.decode("utf-8").lower()
        assert "javascript:" not in text, name
        assert "\u202e" not in text, name


HTML = """\
[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](java&#10;script:alert(1)) [d](&#106;avascript:alert(1))
[e](data:text/html,<b>x</b>) [f](vbscript:x) ![g](javascript:alert(1)) <javascript:alert(1)>

<script>alert(1)</script>
<iframe src="https://example.com/"></iframe>
<img src=x onerror=alert(1)>
<svg onload=alert(1)></svg>
<a href="x" onclick="alert(1)">x</a>
<style>body{display:none}</style>
<form action="https://evil.example/"><input name=p></form>
<object data=x></object><embed src=x><base href="https://evil.example/">
<math><mtext></p><style><img src onerror=alert(1)></style></mtext></math>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
"""


def test_no_script_survives_in_any_output(tmp_path: Path) -> None:
    build_with(tmp_path, post(HTML, title="HTML"))
    check_outputs(tmp_path)
    document = json.loads((tmp_path / "site" / "feed.json").read_bytes())
    content = next(item["content_html"] for item in document["items"] if item["title"] == "HTML").lower()
    for bad in (
        "<script",
        "<iframe",
        "onerror=",
        "onload",
        "onclick",
        "<style",
        "<form",
        "<input",
        "<svg",
        "evil",
    ):
        assert bad not in content
    for bad in ("<object", "<embed", "<base", "vbscript:", "data:text", "<noscript", "<math"):
        assert bad not in content


@pytest.mark.parametrize(
    "name",
    ["with space.md", "quote's\"double.md", "hash#q?per%20.md", "é-日本-🎉.md", "amp&lt<.md", "-dash.md"],
)
def test_names_of_files_may_hold_anything(tmp_path: Path, name: str) -> None:
    assert build_with(tmp_path, post(), name) == []
    check_outputs(tmp_path)


@pytest.mark.parametrize("name", [".hidden.md", "no-ending", "post.md.txt", "post.MD", ".folder/post.md"])
def test_other_files_are_no_posts(tmp_path: Path, name: str) -> None:
    material_blog(tmp_path, {**GOOD, name: post()})
    assert build_project(tmp_path).posts == 1


class TestTheFileSystem:
    def folder(self, root: Path) -> Path:
        material_blog(root, GOOD)
        return root / "docs" / "blog" / "posts"

    def problem(self, root: Path) -> str:
        with pytest.raises(ProblemsError) as caught:
            build_project(root)
        (finding,) = caught.value.findings
        return str(finding)

    def test_a_name_that_is_not_unicode(self, tmp_path: Path) -> None:
        path = os.fsencode(self.folder(tmp_path)) + b"/bad-\xff\xfe.md"
        try:
            with open(path, "wb") as file:
                file.write(post().encode())
        except OSError:
            pytest.skip("this disk takes no such name")
        assert self.problem(tmp_path).startswith("docs/blog/posts/bad-\\udcff\\udcfe.md: the file's name")

    def test_a_link_to_itself(self, tmp_path: Path) -> None:
        (self.folder(tmp_path) / "loop.md").symlink_to("loop.md")
        assert self.problem(tmp_path).startswith("docs/blog/posts/loop.md: cannot read this file")

    def test_a_link_to_nothing(self, tmp_path: Path) -> None:
        (self.folder(tmp_path) / "gone.md").symlink_to("nowhere.md")
        assert self.problem(tmp_path).startswith("docs/blog/posts/gone.md: cannot read this file")

    def test_a_folder_that_holds_itself(self, tmp_path: Path) -> None:
        (self.folder(tmp_path) / "again").symlink_to(".")
        assert build_project(tmp_path).posts == 1

    def test_a_folder_with_the_name_of_a_post(self, tmp_path: Path) -> None:
        (self.folder(tmp_path) / "folder.md").mkdir()
        assert build_project(tmp_path).posts == 1

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    def test_a_pipe_does_not_hold_the_build_up(self, tmp_path: Path) -> None:
        os.mkfifo(self.folder(tmp_path) / "pipe.md")
        assert "not a regular file" in self.problem(tmp_path)

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
    def test_a_device_is_never_read(self, tmp_path: Path) -> None:
        (self.folder(tmp_path) / "zero.md").symlink_to("/dev/zero")
        assert "not a regular file" in self.problem(tmp_path)

    def test_a_file_of_fifty_megabytes(self, tmp_path: Path) -> None:
        with (self.folder(tmp_path) / "big.md").open("wb") as file:
            file.write(post().encode())
            file.truncate(50_000_000)
        assert "50,000,000 bytes; the limit is" in self.problem(tmp_path)

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
    def test_a_file_that_may_not_be_read(self, tmp_path: Path) -> None:
        path = self.folder(tmp_path) / "locked.md"
        path.write_text(post(), "utf-8")
        path.chmod(0)
        assert self.problem(tmp_path).startswith("docs/blog/posts/locked.md: cannot read this file")
        path.chmod(stat.S_IRUSR)


def test_all_of_them_at_once_give_no_traceback(tmp_path: Path) -> None:
    posts = {f"bad-{number}.md": content for number, (content, _) in enumerate(BAD.values())}
    material_blog(tmp_path, {**GOOD, **posts})
    done = run(["build"], tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    named = {number for number in range(len(BAD)) if f"/bad-{number}.md" in done.stderr}
    assert named == set(range(len(BAD)))
    assert done.stderr.splitlines()[-1].endswith("nothing was written")


# Every generator

EVERY = pytest.mark.parametrize("name", SITES)


def make(path: Path, kind: str) -> None:
    """Something that is no text where a text is expected."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"device": "/dev/zero", "loop": path.name, "nothing": "nowhere"}[kind])


def attempt(root: Path, name: str) -> str:
    """The first line of what is wrong, "" where the site is built; nothing is written but whole builds."""
    settings = load_settings(root, overrides={"generator.name": name}, environ={})
    try:
        built = build(settings, Choices(NOW))
    except FeedsError as error:
        assert not (root / ".feeds").exists()
        return str(error.findings[0]).split("\n")[0]
    check_feeds(built.site.output)
    return ""


def check_feeds(output: Path) -> None:
    for feed in ("feed.xml", "atom.xml"):
        ElementTree.parse(output / feed)
    json.loads((output / "feed.json").read_bytes())


@EVERY
@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "nothing"])
def test_a_post_that_is_no_regular_file_is_refused_by_its_name(name: str, kind: str, tmp_path: Path) -> None:
    sample = SITES[name]
    sample.write(tmp_path)
    evil = sample.name.replace("high", "evil")
    make(tmp_path / sample.folder / evil, kind)
    message = attempt(tmp_path, name)
    wanted = "this is not a regular file" if kind in ("pipe", "device") else "cannot read this file: "
    assert message.startswith(f"{sample.folder}/{evil}: {wanted}")


@EVERY
def test_names_as_long_as_a_disk_can_hold_are_read(name: str, tmp_path: Path) -> None:
    sample = SITES[name]
    long = sample.name.replace("high-tide", "n" * 236)
    sample.write(tmp_path, {long: sample.post(slug="short")})
    assert attempt(tmp_path, name) == ""


@EVERY
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "loop", "nothing"])
def test_a_configuration_that_is_no_file_is_none(name: str, kind: str, tmp_path: Path) -> None:
    sample = SITES[name]
    sample.write(tmp_path)
    make(tmp_path / sample.config, kind)
    optional = name == "eleventy"  # which does without one
    assert bool(attempt(tmp_path, name)) is not optional


@EVERY
@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)),
        b"\xff\xfea\x00",
        b"a: [" * 20_000,
        b'{"a": ' * 20_000,
        b"x = (" * 20_000,
        b"module.exports = " + b"{ a: [" * 20_000,
        b"module.exports = 'a'" + b" + 'a'" * 20_000,
        b'a = """' * 3_001,
        b"`${" * 20_000,
        b"a" * 5_000_000,
    ],
    ids=["binary", "utf-16", "yaml", "json", "python", "javascript", "sums", "quotes", "templates", "5 MB"],
)
def test_a_configuration_of_nonsense_is_an_error_or_says_nothing(
    name: str, data: bytes, tmp_path: Path
) -> None:
    sample = SITES[name]
    sample.write(tmp_path)
    (tmp_path / sample.config).write_bytes(data)
    if name != "plain":
        (tmp_path / "feeds.toml").write_text('[site]\nurl = "https://tides.example/"\n', "utf-8")
    try:
        message = attempt(tmp_path, name)
    except FeedsError as error:  # of feeds.toml itself
        message = str(error)
    assert message == "" or ": " in message


SECRET = "the-secret-of-another-project"
INCLUDES = """\
{% include ../../secret.txt %} {% include secret.txt %} {% include "../../secret.txt" %} {% include "secret.txt" %}
{% include_relative ../../secret.txt %} {% include_relative secret.txt %} {% render "secret.txt" %}
{{< readfile "../../secret.txt" >}} {{% include "secret.txt" %}} {{< highlight go >}}secret.txt{{< /highlight >}}
{{ load_data(path="../../secret.txt") }} {{ include(path="secret.txt") }}

--8<-- "../../secret.txt"
--8<-- "secret.txt"

import One from "../../secret.txt"
import Two from "./secret.txt"

<One />
<Two />
"""


@EVERY
def test_nothing_outside_the_project_is_ever_included(name: str, tmp_path: Path) -> None:
    sample, root = SITES[name], tmp_path / "project"
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    sample.write(root, {sample.name: sample.post(INCLUDES)})
    for folder in ("_includes", "layouts/shortcodes", "templates", sample.folder, "."):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "secret.txt").symlink_to(tmp_path / "secret.txt")
    attempt(root, name)
    found = {path: data for path, data in files_below(root).items() if not path.endswith("secret.txt")}
    assert not [path for path, data in found.items() if SECRET.encode() in data]


EXPANDING = {
    "hugo": ["{{< a >}}", "{{% a %}}", '{{< a "', "{{< highlight go >}}", "{{<"],
    "jekyll": ["{% if a %}", "{% capture a %}", "{% raw %}", "{{ a", "{{", "{% for i in (1..9) %}", "{%"],
    "eleventy": ["{% if a %}", "{% set a %}", "{% raw %}", "{{ a", "{{", "{% for i in range(9) %}", "{#"],
    "zola": ["{% a() %}", "{{ a() }}", "{{ a(", "{%", "{{"],
    "docusaurus": ["<A>", "<A b={", "{", "{`${", "<>", ":::note\n", "import a from "],
    "astro": ["<A>", "{/*", "<A b='"],
}


@pytest.mark.parametrize(
    ("name", "opener"), [(name, opener) for name, openers in EXPANDING.items() for opener in openers]
)
def test_templates_that_open_and_never_close_take_a_moment(name: str, opener: str, tmp_path: Path) -> None:
    sample = SITES[name]
    sample.write(tmp_path, {sample.name: sample.post(opener * 1_000 + "\n")})
    assert ": " in attempt(tmp_path, name) or (tmp_path / ".feeds").exists()


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{{% assign a{number} = {number} %}}" for number in range(3_000)),
        '{% assign a = "x" %}' + "{% assign a = a | append: a %}" * 60 + "{{ a }}",
        "{% capture a %}x{% endcapture %}" + "{% capture a %}{{ a }}{{ a }}{% endcapture %}" * 60 + "{{ a }}",
        "{% for i in (1..999999999) %}{{ i }}{% endfor %}",
        "{% for i in (1..999) %}{% for j in (1..999) %}{% for k in (1..999) %}x{% endfor %}{% endfor %}{% endfor %}",
    ],
    ids=["variables", "doubled", "captured", "a loop", "loops"],
)
def test_liquid_that_grows_reaches_a_limit(text: str, tmp_path: Path) -> None:
    sample = SITES["jekyll"]
    sample.write(tmp_path, {sample.name: sample.post(text)})
    assert attempt(tmp_path, "jekyll") == ""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (":a" * 100_000, "too much markup"),
        ("==a" * 20_000, "too much markup"),
        ("++a" * 20_000, "too much markup"),
        ("```\n```\n" * 10_001, "too many blocks of code"),
    ],
    ids=["emoji", "marks", "insertions", "fences"],
)
def test_markup_that_would_take_minutes_is_refused(text: str, what: str, tmp_path: Path) -> None:
    sample = SITES["zensical"]
    sample.write(tmp_path, {sample.name: sample.post(f"{text}\n")})
    assert what in attempt(tmp_path, "zensical")


LONG = "b" * 5_000
LINKS = f"![a]({LONG}.png) [b]({LONG}.md) [c](%00.md) ![d](a%00b.png) [e]({'d/' * 3_000}x.md)\n"


@EVERY
def test_links_to_names_that_no_disk_can_hold_lead_nowhere(name: str, tmp_path: Path) -> None:
    sample = SITES[name]
    sample.write(tmp_path, {sample.name: sample.post(LINKS)})
    assert attempt(tmp_path, name) == ""


@pytest.mark.parametrize("opener", ["<!-- truncate", "<style>", "<script>"])
def test_comments_and_elements_that_never_close_are_looked_for_once(opener: str, tmp_path: Path) -> None:
    sample = SITES["docusaurus"]
    sample.write(tmp_path, {sample.name: sample.post(opener * 20_000 + "\n")})
    assert "too much markup" in attempt(tmp_path, "docusaurus")


@pytest.mark.parametrize("pattern", ["a" * 1_000_000, "*a" * 500_000, "[" * 500_000, "{a," * 300_000])
def test_patterns_longer_than_any_path_are_passed_over(pattern: str, tmp_path: Path) -> None:
    sample = SITES["eleventy"]
    sample.write(tmp_path)
    (tmp_path / ".eleventyignore").write_text(f"{pattern}\n", "utf-8")
    assert attempt(tmp_path, "eleventy") == ""
