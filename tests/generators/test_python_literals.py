"""Python files of settings: what is read of them, and that none of it is ever run."""

import time
from pathlib import Path, PurePosixPath

import pytest

from feeds.errors import FeedsError, Location
from feeds.generators.python.expressions import Names, Unknown
from feeds.generators.python.literals import MAX_BYTES, read_python


def values(text: str) -> dict[str, object]:
    return read_python(text, "conf.py").values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'text'", "text"),
        ("r'(?P<date>\\d+)'", r"(?P<date>\d+)"),
        ("'a' 'b'", "ab"),
        ("None", None),
        ("-1", -1),
        ("not True", False),
        ("(2012, 3, 4)", (2012, 3, 4)),
        ("['a', ('b', 1)]", ["a", ("b", 1)]),
        ("{'a': {'b': []}, **{'c': 1}}", {"a": {"b": []}, "c": 1}),
        ("[*['a'], 'b']", ["a", "b"]),
        ("'a' + '/' + 'b'", "a/b"),
        ("['a'] + ['b']", ["a", "b"]),
        ("'%s/%d%%' % ('a', 1)", "a/1%"),
        ("'%(a)s' % {'a': 'b'}", "b"),
        ("'{}-{x}-{0}'.format('a', x='b')", "a-b-a"),
        ("f'{1}/{\"a\"}'", "1/a"),
        ("os.path.join('a', 'b', os.pardir)", "a/b/.."),
        ("os.path.join(os.path.dirname(os.path.abspath(__file__)), 'content')", "content"),
        ("'a,b'.split(',')", ["a", "b"]),
        ("'-'.join(['a', 'b'])", "a-b"),
        ("' A '.strip().lower()", "a"),
        ("[f'{name}.txt' for name in ('a', 'b')]", ["a.txt", "b.txt"]),
        ("{name: {'path': name} for name in ['a']}", {"a": {"path": "a"}}),
        ("'a' if True else open('b')", "a"),
        ("{'a': 1}['a']", 1),
        ("dict(a=1, b='c')", {"a": 1, "b": "c"}),
        ("tuple(['a'])", ("a",)),
    ],
)
def test_what_is_plainly_made_of_literals_is_known(text: str, value: object) -> None:
    assert values(f"import os\nA = {text}\n")["A"] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("B = 'b'\nA = B + 'c'", "bc"),
        ("A = B = 'x'", "x"),
        ("A, B = 'a', 'b'", "a"),
        ("A: str = 'a'", "a"),
        ("A = ['a']\nA += ['b']", ["a", "b"]),
        ("A = 'a'\nA += 'b'", "ab"),
        ("A = ['a']\nA.append('b')\nA.extend(['c'])", ["a", "b", "c"]),
        ("A = {}\nA['a'] = {}\nA['a']['b'] = 1", {"a": {"b": 1}}),
        ("A = {'a': 1}\nA.update({'b': 2})", {"a": 1, "b": 2}),
        ("B = ['a']\nA = B\nB.append('b')", ["a", "b"]),
        ("A = ['a']\nfor name in A:\n    print(name)", ["a"]),
        ("from os.path import join as j\nA = j('a', 'b')", "a/b"),
        ("from pathlib import Path\nA = str(Path('a') / 'b')", "a/b"),
        (
            "import pathlib\nA = pathlib.Path(__file__).resolve().parent / 'a' / 'b.md'",
            PurePosixPath("a/b.md"),
        ),
        ("from pathlib import Path\nA = Path('a', 'b.md').stem", "b"),
        ("'a docstring'\nA = 1", 1),
    ],
)
def test_what_was_set_before_counts(text: str, value: object) -> None:
    assert values(text)["A"] == value


@pytest.mark.parametrize(
    "text",
    [
        "A = input()",
        "A = os.environ.get('A', 'b')",
        "A = os.getenv('A')",
        "A = datetime.now().year",
        "A = open('/etc/passwd').read()",
        "A = __import__('os').getcwd()",
        "A = eval('1')",
        "A = lambda: 1",
        "A = [x for x in y]",
        "A = 'a' * 1000000000",
        "A = 10 ** 1000000000",
        "A = '%1000000000d' % 1",
        "A = '{:>1000000000}'.format('a')",
        "A = f'{1:>1000000000}'",
        "A = 'a'.join(str(x) for x in range(1000000000))",
        "A = 'a'\nif DEBUG:\n    A = 'b'",
        "A = 'a'\nfor A in ['b']:\n    pass",
        "A = ['a']\nchange(A)",
        "A = {'a': 1}\nA['b'].append(1)",
        "A = [1]\nfor x in y:\n    A.append(x)",
        "A = 'a'\ntry:\n    A = load()\nexcept Exception:\n    pass",
        "def A():\n    return 1",
        "class A:\n    pass",
        "from local import A",
    ],
)
def test_what_would_have_to_be_run_is_unknown(text: str) -> None:
    assert isinstance(values(text)["A"], Unknown)


def test_what_is_unknown_has_its_place() -> None:
    assert values("B = 1\nA = f()\n")["A"] == Unknown(Location("conf.py", 2, 5))
    assert read_python("B = 1\nA = 2\n", "conf.py").places["A"] == Location("conf.py", 2, 1)


def test_what_is_known_of_a_list_stays_known() -> None:
    assert values("A = ['a', f(), 'b']")["A"] == ["a", Unknown(Location("conf.py", 1, 11)), "b"]


def test_a_name_that_is_deleted_is_none() -> None:
    assert values("A = 1\ndel A\n") == {}


def test_everything_of_a_file_beside_it_can_be_taken_over() -> None:
    base = read_python("A = 'a'\n_B = 'b'\nC = 'c'\n", "base.py")
    names = read_python("from base import *\nC = A + 'd'\n", "conf.py", {"base": base}.get)
    assert names.values == {"A": "a", "C": "ad"}
    assert names.places["A"] == Location("base.py", 1, 1)


def test_a_module_that_is_not_there_is_told() -> None:
    names = read_python("from .base import *\nA = 1\n", "conf.py")
    assert names.missing == [(".base", Location("conf.py", 1, 1))]
    assert read_python("try:\n    from x import *\nexcept ImportError:\n    pass\n", "conf.py").missing == []


def test_one_name_of_a_file_beside_it_can_be_taken_over() -> None:
    def load(module: str) -> Names | None:
        return Names({"A": "a"}) if module == "base" else None

    assert read_python("from base import A as B\n", "conf.py", load).values == {"B": "a"}


HOSTILE = {
    "side effects": "import os\nos.system('touch {0}')\nopen('{0}', 'w')\n",
    "an import": "__import__('pathlib').Path('{0}').touch()\n",
    "a decorator": "@__import__('os').system\ndef f(): pass\nopen('{0}', 'w').write('x')\n",
    "a comprehension": "A = [open(name, 'w') for name in ['{0}']]\n",
    "a class": "class A:\n    open('{0}', 'w')\n",
    "an f-string": "A = f\"{{open('{0}', 'w')}}\"\n",
    "a format": "A = '{{0.__class__}}'.format(open('{0}', 'w'))\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_is_run(text: str, tmp_path: Path) -> None:
    target = tmp_path / "written"
    read_python(text.format(target), "conf.py")
    assert not target.exists()


COSTLY = {
    "a text that doubles": "A = 'x'\n" + "A = A + A\n" * 60,
    "a list that doubles": "A = [1]\n" + "A = [A, A]\n" * 60,
    "a list in itself": "A = [1]\n" + "A.append(A)\n" * 60,
    "a mapping in itself": "A = {}\n" + "A['a'] = A\n" * 60,
    "a join that multiplies": "A = 'a' * 9\nB = ','.join(['"
    + "a" * 10_000
    + "'] * 9)\n"
    + "C = 'a'.replace('', 'b')\n",
    "a replacement that multiplies": "A = 'aaaaaaaaaa'\n" + "A = A.replace('a', 'aaaaaaaaaa')\n" * 20,
    "brackets in brackets": "A = " + "[" * 150 + "]" * 150,
    "too many brackets": "A = " + "(" * 40_000 + ")" * 40_000,
    "signs before signs": "A = " + "-" * 50_000 + "1",
    "a long sum": "A = " + "1 + " * 20_000 + "1",
    "a long chain of names": "A = " + ".".join("a" * 40_000),
    "a huge number": "A = " + "9" * 50_000,
    "a huge text": "A = '" + "a" * 90_000 + "'",
    "very many lines": "a\n" * 20_000,
    "too large a file": "#" * (MAX_BYTES + 1),
    "half a character": "A = '\\ud800'",
    "a NUL": "A = '\0'",
}


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY)
def test_nothing_costs_more_than_a_moment(text: str) -> None:
    before = time.process_time()
    try:
        names = read_python(text, "conf.py")
        assert not isinstance(names.values.get("A"), str) or len(str(names.values["A"])) <= 100_000
    except FeedsError as error:
        assert error.at is not None
        assert error.at.path == "conf.py"
    assert time.process_time() - before < 5


def test_what_is_no_python_says_where() -> None:
    with pytest.raises(FeedsError, match=r"conf\.py:2:\d+: this is not Python: ") as caught:
        read_python("A = 1\nprint 'old'\n", "conf.py")
    assert caught.value.rule == "python"
