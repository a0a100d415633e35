"""Configuration in JavaScript goes in as text; the values that stand there come out, the others by name."""

import time
from pathlib import Path

import pytest

from feeds.errors import FeedsError
from feeds.generators.javascript.reading import (
    Call,
    Items,
    Js,
    Members,
    Pattern,
    Script,
    Unknown,
    parse_javascript,
    plain,
    unknown_error,
)
from feeds.model import Scalar


def script(text: str) -> Script:
    return parse_javascript(text, "site.config.js")


def config(text: str) -> Js:
    """What the file exports."""
    return script(text).exports["default"]


def value(expression: str, before: str = "") -> Js:
    """The value of one expression."""
    found = config(f"{before}\nexport default {{ value: {expression} }};")
    assert isinstance(found, Members)
    return found["value"]


@pytest.mark.parametrize(
    "text",
    [
        "export default { title: 'Tides' };",
        "export default { title: 'Tides' } satisfies Config",
        "export default ({ title: 'Tides' }) as const;",
        "module.exports = { title: 'Tides' }",
        "exports.default = { title: 'Tides' };",
        "export = { title: 'Tides' };",
        "const config = { title: 'Tides' };\nexport default config;",
        "const config: Config<A, { b: string }> = { title: 'Tides' };\nexport { config as default };",
        "const config = {};\nconfig.title = 'Tides';\nmodule.exports = config;",
        "module.exports = {}\nmodule.exports.title = 'Tides'",
        "export default defineConfig({ title: 'Tides' });",
        "export default defineConfig(({ mode }) => ({ title: 'Tides' }))",
        "export default function () { return { title: 'Tides' } }",
        "module.exports = async function create(config) { config.add(1); return { title: 'Tides' }; };",
        "export default async (): Promise<Config> => { const title = 'Tides'; return { title } }",
        "const make = config => { return { title: 'Tides' } }\nexport default make",
        "function make() {\n  list.map(x => { return x });\n  return { title: 'Tides' };\n}\nmodule.exports = make;",
        "// don't\n/* { ' */ { title: 'Tides' }",
    ],
)
def test_a_file_exports_an_object_in_many_ways(text: str) -> None:
    found = config(text)
    assert isinstance(found, Members)
    assert dict(found) == {"title": "Tides"}


@pytest.mark.parametrize(
    ("expression", "text", "kind"),
    [
        ("'a'", "a", "str"),
        ('"it\'s"', "it's", "str"),
        (r"'a\'b\n\u00e9\x41\u{1F30A}\ud83c\udf0a'", "a'b\néA🌊🌊", "str"),
        ("`a\nb`", "a\nb", "str"),
        ("'a' + \"b\" + `c`", "abc", "str"),
        ("'a' +\n  'b'", "ab", "str"),
        ("base + '/x'", "/blog/x", "str"),
        ("`${base}/${1 + 'x'}`", "/blog/1x", "str"),
        ("site.inner.name", "Ada", "str"),
        ("(('a'))", "a", "str"),
        ("5", "5", "int"),
        ("-1_000", "-1000", "int"),
        ("0x10", "16", "int"),
        (".5", ".5", "float"),
        ("true", "true", "bool"),
        ("null", "null", "null"),
        ("undefined", "undefined", "null"),
        ("'a' as string", "a", "str"),
        ("<b/> && 'x'", "", ""),
    ],
)
def test_literals_and_what_is_made_of_them_are_known(expression: str, text: str, kind: str) -> None:
    found = value(expression, "const base = '/blog';\nconst site = { inner: { name: 'Ada' } };")
    if not kind:
        assert isinstance(found, Unknown)
        return
    assert isinstance(found, Scalar)
    assert (found, found.kind) == (text, kind)


@pytest.mark.parametrize(
    "expression",
    [
        "process.env.URL",
        "process.env.URL || 'https://example.org'",
        "isProduction ? 'a' : 'b'",
        "`${process.env.URL}/x`",
        "'a' + path",
        "[1, 2].join('/')",
        "'a'.repeat(3)",
        "await load()",
        "changed",
        "inner()['a']",
        "!0",
        "new Date()",
        "tag`x`",
        "1 + 2",
    ],
)
def test_what_only_running_would_tell_is_unknown_with_its_text_and_line(expression: str) -> None:
    found = value(expression, "let changed = 1; if (x) { changed = 2 }")
    assert isinstance(found, Unknown)
    assert found.line == 2
    assert found.text == (expression if expression != "await load()" else "load()")


def test_objects_and_lists_hold_what_is_known_beside_what_is_not() -> None:
    found = config(
        """
        import base from "./base.js";
        const shared = { a: 1 };
        export default {
          ...shared, ...base,
          'quoted-key': [1, , 'two', ...[3], f(4),],
          method(x) { return { y: 1 } },
          async other() {},
          get size() { return 1 },
          [computed]: 2,
          5: { deep: { er: "x" } }, // a comment
          arrow: (a, b) => ({ c: a }),
        }
        """
    )
    assert isinstance(found, Members)
    assert set(found) == {"a", "quoted-key", "method", "5", "arrow"}
    assert plain(found) == {"a": "1", "quoted-key": ["1", "two", "3"], "5": {"deep": {"er": "x"}}}
    assert [unknown.text for unknown in found.unknown[:1]] == ["base"]
    assert len(found.unknown) == 4
    listed = found["quoted-key"]
    assert isinstance(listed, Items)
    assert isinstance(listed[3], Call)
    assert listed.line == 6


def test_calls_keep_their_names_and_arguments() -> None:
    found = value("require.resolve('@scope/plugin')")
    assert isinstance(found, Call)
    assert (found.name, found.arguments, found.text) == (
        "require.resolve",
        ("@scope/plugin",),
        "require.resolve('@scope/plugin')",
    )
    calls = script(
        "module.exports = function (site) {\n  const mark = 'cut';\n  site.use(a(), { mark });\n  if (b) site.drop(1)\n}"
    ).calls
    assert [call.name for call in calls] == ["site.use", "a", "site.drop"]
    assert [call.line for call in calls] == [3, 3, 4]
    assert calls[0].arguments[1] == {"mark": "cut"}


def test_regular_expressions_keep_their_source() -> None:
    found = value("/<!--\\s*(more|[/}'])\\s*-->/i")
    assert isinstance(found, Pattern)
    assert (found.source, found.flags) == ("<!--\\s*(more|[/}'])\\s*-->", "i")


def test_imports_are_known_by_name() -> None:
    found = script(
        "import a, { b as c, type D } from 'm';\nimport * as e from \"n\";\nimport 'side-effect';\n"
    )
    assert dict(found.imports) == {"a": "m", "c": "m", "D": "m", "e": "n"}


def test_an_inner_name_hides_an_outer_one() -> None:
    text = "const url = 'outer'; export default function (url) { return { url } }"
    found = config(text)
    assert isinstance(found, Members)
    assert isinstance(found["url"], Unknown)


def test_several_returns_are_not_known() -> None:
    assert isinstance(config("export default () => { if (a) return { b: 1 }; return { b: 2 } }"), Unknown)


def test_values_know_where_they_stand() -> None:
    found = config("export default {\n  title:\n    'Tides',\n}")
    assert isinstance(found, Members)
    title = found["title"]
    assert isinstance(title, Scalar)
    assert (found.line, title.line, title.column) == (1, 3, 5)


def test_what_is_not_known_is_asked_for() -> None:
    found = value("process.env.URL")
    assert isinstance(found, Unknown)
    error = unknown_error(found, "url", "site.config.js", "write url under [site]")
    assert str(error) == (
        "site.config.js:2:25: url is worked out by `process.env.URL`, and configuration is never run\n"
        "  help: write url under [site]"
    )


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("export default {\n a: [1,\n}", "'}' closes nothing; the '[' of line 2 is open", 3),
        ("\nexport default {", "the '{' is never closed", 2),
        ("/* x", "the comment is never closed", 1),
        ("a\n`x ${1}", "the template is never closed", 2),
        ("[" * 101 + "]" * 101, "brackets nest deeper than 100", 1),
    ],
)
def test_a_file_that_is_not_closed_is_refused_with_its_line(text: str, message: str, line: int) -> None:
    with pytest.raises(FeedsError) as raised:
        script(text)
    assert raised.value.message == f"this is not JavaScript: {message}"
    assert raised.value.at
    assert raised.value.at.line == line


def test_a_large_file_is_refused() -> None:
    with pytest.raises(FeedsError, match="longer than 500,000 characters"):
        script("a;" * 300_000)


HOSTILE = {
    "calls": "x.f(g(h(1)));" * 2_000,
    "words": "function " * 5_000,
    "quotes": '"\\"' * 10_000,
    "slashes": "a / b " * 6_000,
    "types": "const a: B<" + "C," * 10_000,
    "changes": "{let x=1;x=2;}" * 2_000,
    "chain": "".join(f"const a{i}=a{i + 1};" for i in range(3_000)) + "export default a0",
    "doubling": "const a0=[1,1];"
    + "".join(f"const a{i}=[a{i - 1},a{i - 1}];" for i in range(1, 500))
    + "export default a499",
    "texts": "const a0='xx';"
    + "".join(f"const a{i}=a{i - 1}+a{i - 1};" for i in range(1, 60))
    + "export default a59",
    "templates": "`${a}`+" * 5_000 + "1",
    "arrows": "(a)=>" * 6_000,
    "ternaries": "export default " + "a?b:" * 8_000 + "1",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_in_little_time(name: str) -> None:
    started = time.process_time()
    try:
        found = script(HOSTILE[name])
        assert len(str(found.exports)) < 3_000_000
        assert found.calls is not None
    except FeedsError:
        pass
    assert time.process_time() - started < 5


def test_nothing_of_a_file_is_run(tmp_path: Path) -> None:
    target = tmp_path / "ran"
    config(
        f"""
        require("fs").writeFileSync({str(target)!r}, "1");
        const {{ execSync }} = require("child_process");
        export default {{
          title: execSync("touch {target}"),
          url: `${{require("fs").writeFileSync({str(target)!r}, "1")}}`,
          get tagline() {{ process.exit(1) }},
          ...eval("__import__('os').system('touch {target}')"),
        }}
        """
    )
    assert not target.exists()
