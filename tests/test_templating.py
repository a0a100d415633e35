"""Where templates are looked up, what they may do, and how they fail."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from feeds.errors import FeedsError
from feeds.templating import Html, Templates, escapes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


def render(folder: Path, source: str, name: str = "a.html", **values) -> str:
    (folder / name).write_text(source, "utf-8")
    return Templates(folder.parent, "mail", {"double": lambda text: text * 2}).render(name, values)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ x }}", "&lt;b&gt;"),
        ("{{ x | double }}", "&lt;b&gt;&lt;b&gt;"),
        ("{{ html }}", "<i>"),
        ("{{ html | upper }}", "&lt;I&gt;"),
        ("{% if x %}\n  {{ 1 }}\n  {% endif %}\nend\n", "  1\nend\n"),
        ("{{ '%s!' % x }}", "&lt;b&gt;!"),
        ("{% set ns = namespace(n=1) %}{{ ns.n }}", "1"),
    ],
)
def test_templates_are_jinja(folder, source, text):
    assert render(folder, source, x="<b>", html=Html("<i>")) == text


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("a.html", True),
        ("a.html.j2", True),
        ("a.htm", True),
        ("a.txt.html", True),
        ("folder.txt/a.html", True),
        ("a", True),
        (None, True),
        ("a.txt", False),
        ("a.txt.j2", False),
        ("a.css", False),
        ("a.css.jinja", False),
    ],
)
def test_what_escapes(folder, name, escaped):
    assert escapes(name) is escaped
    if name and "/" not in name:
        assert render(folder, "{{ x }}", name, x="<b>") == ("&lt;b&gt;" if escaped else "<b>")


def test_the_users_folder_comes_before_the_bundled_one(folder):
    own = 'Mine\n{% include "feeds/confirm.txt" %}'
    whole = render(folder, own, "confirm.txt", **VALUES)
    assert whole == "Mine\n" + Templates(folder, "", {}).render("confirm.txt", VALUES)
    (folder / "other.html").write_text("other", "utf-8")
    assert render(folder, '{% include "other.html" %}') == "other"


def test_without_a_folder_there_are_the_bundled_ones(tmp_path):
    templates = Templates(tmp_path, "", {})
    assert templates.render("confirm.txt", VALUES) == templates.render("feeds/confirm.txt", VALUES)


def test_all_files_of_a_name_are_found_the_bundled_one_first(folder):
    (folder / "digest.css").write_text("h1 { color: red }", "utf-8")
    shown = [path for path, _ in Templates(folder.parent, "mail", {}).texts("digest.css")]
    assert shown == ["feeds/digest.css", "mail/digest.css"]


def test_a_folder_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(FeedsError, match="there is no folder 'mail'"):
        Templates(tmp_path, "mail", {})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("\n{{ nme }}", "mail/a.html:2: 'nme' is undefined\n  help: values at hand: word"),
        ("\n\n{{ word.foo }}", "mail/a.html:3: 'str object' has no attribute 'foo'"),
        ("{% if %}", "mail/a.html:1: Expected an expression"),
        ("{{ word | nofilter }}", "mail/a.html:1: No filter named 'nofilter'."),
        ("\n{{ 1 + word }}", "mail/a.html:2: TypeError: unsupported operand"),
        ("\n{{ 1 / 0 }}", "mail/a.html:2: ZeroDivisionError: division by zero"),
        ("\n{{ 1 | double | length }}", "mail/a.html:2: TypeError: object of type 'int' has no len()"),
        ("{% include 'nix.html' %}", "mail/a.html:1: there is no template 'nix.html'"),
        ("{% include '../secret' %}", "mail/a.html:1: there is no template '../secret'"),
        ("{% include '/etc/passwd' %}", "mail/a.html:1: there is no template '/etc/passwd'"),
        ("{% extends 'a.html' %}", "mail/a.html:1: the template extends or includes itself without end"),
    ],
)
def test_a_mistake_in_a_template_has_file_and_line(folder, source, message):
    with pytest.raises(FeedsError) as refused:
        render(folder, source, word="x")
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ site.root }}",
        "{{ site.root.read_text() }}",
        "{{ root.parent }}",
        "{{ items.append(1) }}",
        "{{ range(10 ** 9) | list }}",
        "{{ now() }}",
        "{{ lipsum() }}",
        "{{ items | random }}",
    ],
)
def test_templates_reach_nothing_but_their_values(folder, source):
    with pytest.raises(FeedsError):
        render(folder, source, site=SimpleNamespace(root=folder), root=folder, items=[1, 2])


def test_a_mistake_in_an_included_template_is_placed_there(folder):
    (folder / "part.html").write_text("\n\n{{ nme }}", "utf-8")
    with pytest.raises(FeedsError, match=r"^mail/part.html:3: 'nme' is undefined"):
        render(folder, '{% include "part.html" %}')


def test_a_file_that_is_not_utf_8_is_an_error(folder):
    (folder / "b.html").write_bytes(b"caf\xe9")
    with pytest.raises(FeedsError, match=r"mail/b.html: the file is not UTF-8: byte 0xe9 at 3"):
        Templates(folder.parent, "mail", {}).render("b.html", {})


def test_an_error_of_our_own_is_no_error_of_a_template(tmp_path):
    class Broken:
        def __str__(self):
            raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        Templates(tmp_path, "", {}).render("confirm.txt", {**VALUES, "title": Broken()})


VALUES = {
    "title": "Notes",
    "token": "abc",
    "link": "mailto:list@notes.example",
    "days": 30,
    "sender": "Ada",
    "address": (),
}


def test_a_bundled_template_is_compiled_once_for_all_runs(tmp_path):
    program = (
        "from pathlib import Path; from feeds.templating import Templates; "
        f"print(Templates(Path(), '', {{}}).render('confirm.txt', {VALUES}))"
    )
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}

    def run() -> tuple[bytes, Path, bytes, int]:
        text = subprocess.run([sys.executable, "-c", program], env=environ, check=True, capture_output=True)
        (kept,) = tmp_path.rglob("*confirm.txt*")
        return text.stdout, kept, kept.read_bytes(), kept.stat().st_mtime_ns

    first = run()
    assert first[0].startswith(b"Confirm your subscription")
    assert run() == first
    for damaged in (b"", first[2][:-1], first[2].replace(b"Confirm", b"Destroy")):
        first[1].write_bytes(damaged)
        assert run()[:3] == first[:3]
