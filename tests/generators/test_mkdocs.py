from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.data import as_bool, parse_yaml
from feeds.errors import FeedsError, Finding
from feeds.generators.mkdocs.config import MkDocsConfig, load_mkdocs
from feeds.generators.mkdocs.values import flag_of, text_of
from feeds.model import Scalar, Value


def load(
    root: Path,
    files: dict[str, str] | str,
    environ: dict[str, str] | None = None,
    findings: list[Finding] | None = None,
) -> MkDocsConfig:
    """The `mkdocs.yml` of a folder with these files."""
    for name, text in ({"mkdocs.yml": files} if isinstance(files, str) else files).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    report = (findings if findings is not None else []).append
    return load_mkdocs(root / "mkdocs.yml", "mkdocs.yml", environ or {}, report)


def refusal(root: Path, files: dict[str, str] | str) -> str:
    with pytest.raises(FeedsError) as caught:
        load(root, files)
    assert caught.value.rule != "error"
    return str(caught.value).split("\n")[0]


@pytest.mark.parametrize(
    "text",
    ["site_name: Été\ndocs_dir: pages\n", "\ufeffsite_name: Été\r\ndocs_dir: pages\r\n", "docs_dir: pages\nsite_name: 'Été'"],
)  # fmt: skip
def test_a_configuration_is_read(text: str, tmp_path: Path) -> None:
    config = load(tmp_path, text)
    assert (config.text("site_name"), config.text("docs_dir", "docs")) == ("Été", "pages")
    assert (config.text("site_url"), config.text("site_dir", "site")) == ("", "site")


def test_an_empty_configuration_has_nothing_but_the_extensions_that_mkdocs_brings(tmp_path: Path) -> None:
    config = load(tmp_path, "")
    assert (config.fields.values, config.plugins) == ({}, ())
    assert [each.name for each in config.markdown] == ["toc", "tables", "fenced_code"]


@pytest.mark.parametrize(
    ("written", "default", "text", "flag"),
    [
        ("a", "b", "a", None),
        ("'true'", "b", "true", None),
        ("true", "b", "true", True),
        ("off", "b", "off", False),
        ("", "b", "b", None),
        ("null", "b", "b", None),
        ("''", "b", "", None),
        ("12", "b", "12", None),
        ("[a]", "b", "b", None),
        ("{a: true}", "b", "b", None),
    ],
)
def test_texts_and_flags(written: str, default: str, text: str, flag: bool | None) -> None:
    values = parse_yaml(f"key: {written}", "mkdocs.yml").values
    assert text_of(values, "key", default) == text
    assert text_of(values, "other", default) == default
    for otherwise in (True, False):
        assert flag_of(values, "key", otherwise) is (otherwise if flag is None else flag)
        assert flag_of(values, "other", otherwise) is otherwise


# Inheritance


def test_mappings_are_merged_into_those_of_the_parent_and_everything_else_is_replaced(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        {
            "base.yml": "site_name: Base\nsite_url: https://example.org/\ntheme: {name: material, language: de}\n"
            "plugins: [search, blog]\nextra: {a: {b: 1, c: 2}}\n",
            "mkdocs.yml": "INHERIT: base.yml\nsite_name: Own\ntheme: {language: fr}\nplugins: [meta]\nextra: {a: {c: 3}}\n",
        },
    )
    assert config.fields.values == {
        "site_name": "Own",
        "site_url": "https://example.org/",
        "theme": {"name": "material", "language": "fr"},
        "plugins": ["meta"],
        "extra": {"a": {"b": "1", "c": "3"}},
    }
    assert [plugin.name for plugin in config.plugins] == ["meta"]
    assert str(config.fields.at("site_name")) == "mkdocs.yml:2:1"
    assert str(config.fields.at("site_url")) == "mkdocs.yml"


def test_a_parents_path_counts_from_the_file_that_names_it(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        {
            "mkdocs.yml": "INHERIT: conf/site.yml\na: 1\n",
            "conf/site.yml": "INHERIT: ../shared/base.yml\na: 2\nb: 2\n",
            "shared/base.yml": "a: 3\nb: 3\nc: 3\n",
        },
    )
    assert config.fields.values == {"a": "1", "b": "2", "c": "3"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"mkdocs.yml": "\nINHERIT: mkdocs.yml"}, "mkdocs.yml:2:1: INHERIT leads back to this file"),
        (
            {"mkdocs.yml": "INHERIT: a.yml", "a.yml": "x: 1\nINHERIT: mkdocs.yml"},
            "mkdocs.yml:1:1: INHERIT leads back to this file",
        ),
        (
            {"mkdocs.yml": "INHERIT: gone.yml"},
            "mkdocs.yml:1:1: INHERIT names 'gone.yml', which does not exist",
        ),
        ({"mkdocs.yml": "INHERIT: .."}, "mkdocs.yml:1:1: INHERIT names '..', which does not exist"),
        (
            {"mkdocs.yml": "INHERIT: conf/a.yml", "conf/a.yml": "x: 1\nINHERIT: gone.yml"},
            "conf/a.yml:2:1: INHERIT names 'gone.yml', which does not exist",
        ),
        (
            {"mkdocs.yml": "INHERIT: conf/a.yml", "conf/a.yml": "INHERIT: ../b.yml", "b.yml": "a: b: c"},
            "b.yml:1:5: this is not YAML: mapping values are not allowed in this context",
        ),
    ],
)
def test_what_is_wrong_with_a_parent_is_told_with_the_file_it_stands_in(
    files: dict[str, str], message: str, tmp_path: Path
) -> None:
    assert refusal(tmp_path, files) == message


# Files that cannot be read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "mkdocs.yml:1: keys with values are wanted here, this is a list"),
        ("site_name: [a\n", "mkdocs.yml:2:1: this is not YAML: did not find expected ',' or ']'"),
        (
            "a: " + "[" * 500,
            "mkdocs.yml:1:53: this nests deeper than 50 levels or holds more than 100,000 values",
        ),
    ],
)
def test_what_is_no_configuration_is_refused(text: str, message: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, text) == message


def test_other_encodings_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"^mkdocs\.yml: cannot read this file: No such file"):
        load_mkdocs(tmp_path / "mkdocs.yml", "mkdocs.yml", {}, lambda finding: None)
    (tmp_path / "mkdocs.yml").write_bytes(b"\xef\xbb\xbfsite_name: caf\xe9\n")
    with pytest.raises(FeedsError, match=r"^mkdocs\.yml:1:15: this is not UTF-8 text: byte 0xe9"):
        load_mkdocs(tmp_path / "mkdocs.yml", "mkdocs.yml", {}, lambda finding: None)


def test_keys_that_stand_twice_are_pointed_out_in_parents_too(tmp_path: Path) -> None:
    findings: list[Finding] = []
    files = {"mkdocs.yml": "INHERIT: base.yml\na: 1\na: 2\n", "base.yml": "theme:\n  name: x\n  name: y\n"}
    config = load(tmp_path, files, findings=findings)
    assert config.fields.values == {"a": "2", "theme": {"name": "y"}}
    assert [(str(each.at), each.rule) for each in findings] == [
        ("mkdocs.yml:3:1", "duplicate-key"),
        ("base.yml:3:3", "duplicate-key"),
    ]


# Tags: nothing of them is run


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['touch {proof}']",
        "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{proof}']]",
        "!!python/object/new:os.system ['touch {proof}']",
        "!!python/object/apply:subprocess.check_call {{args: [[touch, '{proof}']]}}",
        "!!python/name:os.system",
        "!!python/module:os ''",
        "!relative $config_dir",
        "!mine {{a: b}}",
    ],
)
def test_hostile_tags_are_data(value: str, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    made = value.format(proof=proof)
    config = load(
        tmp_path, f"site_name: {made}\nplugins:\n  - blog:\n      post_slugify: {made}\n  - {made}\n"
    )
    assert not proof.exists()
    assert isinstance(config.fields.values["site_name"], dict)
    assert config.text("site_name", "fallback") == "fallback"
    assert config.plugins[0].name == "blog"


# Environment


@pytest.mark.parametrize(
    ("written", "environ", "meant"),
    [
        ("!ENV URL", {"URL": "https://example.org/"}, "https://example.org/"),
        ("!ENV URL", {}, None),
        ("!ENV [URL]", {}, None),
        ("!ENV [URL]", {"URL": "x"}, "x"),
        ("!ENV [A, B]", {"A": "1st", "B": "never"}, "1st"),
        ("!ENV [A, B]", {}, "B"),
        ("!ENV [A, B, default]", {"B": "2nd"}, "2nd"),
        ("!ENV [A, B, default]", {}, "default"),
        ("!ENV [A, false]", {}, False),
        ("!ENV [A, 'false']", {}, "false"),
        ("!ENV [A, null]", {}, None),
        ("!ENV [A, [x, y]]", {}, ["x", "y"]),
        ("!ENV [A, {k: v}]", {}, {"k": "v"}),
        ("!ENV [A, !ENV B]", {"B": "inner"}, "inner"),
        ("!ENV [A, !ENV [B, 5]]", {}, 5),
        ("!ENV A", {"A": "true"}, True),
        ("!ENV A", {"A": "Off"}, False),
        ("!ENV A", {"A": "oFF"}, "oFF"),
        ("!ENV A", {"A": "12"}, 12),
        ("!ENV A", {"A": "0.5"}, 0.5),
        ("!ENV A", {"A": ""}, None),
        ("!ENV [A, default]", {"A": ""}, None),
        ("!ENV [A, default]", {"A": "null"}, None),
        ("!ENV A", {"A": "~"}, None),
        ("!ENV A", {"A": "[not, a, list]"}, "[not, a, list]"),
        ("!ENV A", {"A": "'quotes stay'"}, "'quotes stay'"),
        ("[!ENV A, b]", {"A": "a"}, ["a", "b"]),
        ("{k: !ENV A}", {"A": "a"}, {"k": "a"}),
    ],
)
def test_the_environment_is_looked_into_as_mkdocs_does(
    written: str, environ: dict[str, str], meant: object, tmp_path: Path
) -> None:
    found = load(tmp_path, f"key: {written}\n", environ).fields.values["key"]
    assert plain(found) == meant
    assert type(plain(found)) is type(meant)


@pytest.mark.parametrize(("environ", "name"), [({"PARENT": "b.yml"}, "B"), ({}, "A")])
def test_the_parent_can_come_from_the_environment(environ: dict[str, str], name: str, tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "INHERIT: !ENV [PARENT, a.yml]\n",
        "a.yml": "site_name: A",
        "b.yml": "site_name: B",
    }
    assert load(tmp_path, files, environ).text("site_name") == name


def plain(value: Value) -> Any:
    """The value as PyYAML constructs it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if value.kind == "str" else yaml.safe_load(value)


NAMES = st.sampled_from(["A", "B", "C"])
TEXTS = st.sampled_from(
    ["", "x", "yes", "No", "12", "-3", "+4", "0o7", "010", "1_000", "1.5", ".5", "1e3", "~", "null", "2026-11-22", "12:30", "a b", "="]
)  # fmt: skip


@given(st.lists(NAMES, min_size=1, max_size=3), st.dictionaries(NAMES, TEXTS), st.booleans())
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_outcome_is_that_of_the_library_behind_env(
    tmp_path: Path, names: list[str], environ: dict[str, str], scalar: bool
) -> None:
    tag = pytest.importorskip("yaml_env_tag", reason="mkdocs is not installed")

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!ENV", tag.construct_env_tag)
    text = f"key: !ENV {names[0]}\n" if scalar else f"key: !ENV [{', '.join(names)}]\n"
    with patch.dict("os.environ", environ, clear=True):
        try:
            expected = yaml.load(text, Loader)["key"]
        except yaml.constructor.ConstructorError:
            return  # an environment variable that holds `=`
    assert plain(load(tmp_path, text, environ).fields.values["key"]) == expected


# Plugins and Markdown extensions


@pytest.mark.parametrize(
    ("written", "plugins"),
    [
        ("plugins: [search, blog]", [("search", {}), ("blog", {})]),
        ("plugins:\n  - blog:\n      blog_dir: news\n  - meta", [("blog", {"blog_dir": "news"}), ("meta", {})]),
        ("plugins:\n  search:\n  blog: {blog_dir: news}", [("search", {}), ("blog", {"blog_dir": "news"})]),
        ("plugins:\n  - blog: {blog_dir: a}\n  - blog: {blog_dir: b}", [("blog", {"blog_dir": "a"}), ("blog", {"blog_dir": "b"})]),
        ("plugins:\n  - blog: nonsense", [("blog", {})]),
        ("plugins: []", []),
        ("plugins:", []),
        ("plugins: blog", []),
        ("plugins:\n  - [blog]", []),
    ],
)  # fmt: skip
def test_plugins_are_a_list_or_a_mapping(
    written: str, plugins: list[tuple[str, dict[str, str]]], tmp_path: Path
) -> None:
    found = load(tmp_path, written).plugins
    assert [(plugin.name, plugin.options) for plugin in found] == plugins


@pytest.mark.parametrize(
    ("options", "environ", "enabled"),
    [
        ("", {}, True),
        ("enabled: true", {}, True),
        ("enabled: false", {}, False),
        ("enabled: off", {}, False),
        ("enabled: !ENV [CI, false]", {}, False),
        ("enabled: !ENV [CI, false]", {"CI": "true"}, True),
        ("enabled: !ENV [CI, false]", {"CI": "1"}, True),
        ("enabled:", {}, True),
    ],
)
def test_a_plugin_can_be_switched_off(
    options: str, environ: dict[str, str], enabled: bool, tmp_path: Path
) -> None:
    config = load(tmp_path, f"plugins:\n  - meta:\n      {options}\n", environ)
    assert config.plugins[0].enabled is enabled
    assert (config.plugin("meta", "material/meta") is not None) is enabled
    assert config.plugin("blog") is None


@pytest.mark.parametrize(
    ("written", "extensions"),
    [
        ("[admonition]", {"admonition": {}}),
        ("\n  - toc:\n      permalink: true\n  - footnotes", {"toc": {"permalink": "true"}, "footnotes": {}}),
        ("\n  toc:\n    permalink: true\n  footnotes:", {"toc": {"permalink": "true"}, "footnotes": {}}),
        ("[markdown.extensions.tables, markdown.extensions.attr_list]", {"attr_list": {}}),
        (
            "\n  - pymdownx.highlight: {use_pygments: false}",
            {"pymdownx.highlight": {"use_pygments": "false"}},
        ),
        ("\n  - footnotes: {A: 1}\n  - footnotes: {B: 2}", {"footnotes": {"B": "2"}}),
        ("", {}),
    ],
)
def test_markdown_extensions_are_a_list_or_a_mapping_and_join_those_of_mkdocs(
    written: str, extensions: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    found = {each.name: each.options for each in load(tmp_path, f"markdown_extensions: {written}\n").markdown}
    assert found == {"toc": {}, "tables": {}, "fenced_code": {}, **extensions}


def test_a_flag_from_the_environment_is_a_flag(tmp_path: Path) -> None:
    values = load(tmp_path, "use_directory_urls: !ENV [PRETTY, true]\n", {"PRETTY": "no"}).fields.values
    assert as_bool(values["use_directory_urls"]) is False
    assert isinstance(values["use_directory_urls"], Scalar)
    assert str(values["use_directory_urls"]) == "no"
