import pytest
from html_samples import make_site

from feeds.data import parse_yaml
from feeds.errors import Finding
from feeds.generators.mkdocs.config import load_mkdocs
from feeds.model import MarkdownExtension
from feeds.posts.extensions import compile_extensions, plain_value


def compiled(tmp_path, config: str) -> tuple[dict, list[str]]:
    """The extensions that a `mkdocs.yml` leads to, and what was reported."""
    (tmp_path / "mkdocs.yml").write_text(config, "utf-8")
    findings: list[Finding] = []
    mkdocs = load_mkdocs(tmp_path / "mkdocs.yml", "mkdocs.yml", {}, findings.append)
    chosen = compile_extensions(make_site(tmp_path, markdown=mkdocs.markdown), findings.append)
    return chosen, [finding.message for finding in findings]


MATERIAL = """
markdown_extensions:
  - markdown.extensions.admonition
  - toc: {permalink: true, slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}
  - footnotes: {BACKLINK_TEXT: up, UNIQUE_IDS: true}
  - pymdownx.highlight: {anchor_linenums: true, line_spans: __span, linenums: true, use_pygments: true}
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
  - pymdownx.superfences:
      custom_fences:
        - {name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }
        - {name: unfinished}
  - pymdownx.tabbed: {alternate_style: true}
"""


def test_options_stay_but_those_for_scripts_and_styles(tmp_path):
    chosen, findings = compiled(tmp_path, MATERIAL)
    assert findings == []
    assert chosen["toc"] == {"permalink": False, "anchorlink": False}
    assert chosen["footnotes"] == {"BACKLINK_TEXT": "up", "UNIQUE_IDS": False}
    assert chosen["pymdownx.highlight"]["linenums"] is False
    assert chosen["pymdownx.highlight"]["use_pygments"] is False
    assert chosen["pymdownx.superfences"] == {"custom_fences": [{"name": "mermaid", "class": "mermaid"}]}
    assert chosen["pymdownx.tabbed"] == {"alternate_style": True}
    assert "admonition" in chosen


def test_what_mkdocs_always_loads_is_loaded_and_fences_by_superfences(tmp_path):
    chosen, _ = compiled(tmp_path, "site_name: x\n")
    assert set(chosen) == {"toc", "tables", "pymdownx.highlight", "pymdownx.superfences"}


def test_a_site_whose_generator_names_none_gets_the_usual_ones():
    chosen = compile_extensions(make_site(markdown=()), lambda finding: None)
    assert {"admonition", "footnotes", "tables", "pymdownx.tabbed", "pymdownx.tasklist"} <= set(chosen)
    assert {"name": "mermaid", "class": "mermaid"} in chosen["pymdownx.superfences"]["custom_fences"]


def test_no_code_is_imported_because_a_configuration_names_it(tmp_path):
    chosen, findings = compiled(
        tmp_path,
        "markdown_extensions:\n"
        "  - mkdocs-click\n"
        "  - material.extensions.preview\n"
        "  - os\n"
        "  - pymdownx.snippets.os\n"
        "  - pymdownx.keys: {key_map: !!python/name:os.environ }\n",
    )
    assert findings == [
        "the Markdown extension mkdocs-click is not run here, what it adds to posts is missing",
        "the Markdown extension material.extensions.preview is not run here, what it adds to posts is missing",
        "the Markdown extension os is not run here, what it adds to posts is missing",
        "the Markdown extension pymdownx.snippets.os is not run here, what it adds to posts is missing",
        "the option key_map of pymdownx.keys is left out: os.environ would have to be run",
    ]
    assert set(chosen) == {
        "toc", "tables", "pymdownx.highlight", "pymdownx.keys", "pymdownx.superfences",
    }  # fmt: skip


@pytest.mark.parametrize("bundle", ["extra", "markdown.extensions.extra", "pymdownx.extra"])
def test_bundles_are_opened_so_that_their_fences_are_ours(bundle):
    site = make_site(markdown=(MarkdownExtension(bundle, {"footnotes": {"BACKLINK_TEXT": "up"}}),))
    chosen = compile_extensions(site, lambda finding: None)
    assert {"abbr", "attr_list", "def_list", "footnotes", "md_in_html", "tables"} <= set(chosen)
    assert chosen["footnotes"]["BACKLINK_TEXT"] == "up"
    assert "fenced_code" not in chosen


@pytest.mark.parametrize(
    "name", ["meta", "fenced_code", "pymdownx.striphtml", "pymdownx.b64", "pymdownx.pathconverter"]
)
def test_what_would_spoil_a_feed_is_left_out_without_a_word(name):
    findings: list[Finding] = []
    chosen = compile_extensions(make_site(markdown=(MarkdownExtension(name),)), findings.append)
    assert name not in chosen
    assert findings == []


def test_snippets_stay_within_the_site(tmp_path):
    (tmp_path / "includes").mkdir()
    (tmp_path / "includes" / "glossary.md").touch()
    chosen, findings = compiled(
        tmp_path,
        "markdown_extensions:\n"
        "  - pymdownx.snippets:\n"
        "      base_path: [includes, ../elsewhere, /etc, !relative $config_dir/includes, !relative $docs_dir]\n"
        "      restrict_base_path: false\n"
        "      url_download: true\n"
        "      auto_append: [glossary.md, missing.md]\n",
    )
    options = chosen["pymdownx.snippets"]
    inside = [str(tmp_path / "includes"), str(tmp_path / "includes"), str(tmp_path / "docs")]
    assert options["base_path"] == inside
    assert options["auto_append"] == ["glossary.md"]
    assert options["restrict_base_path"] is True
    assert options["url_download"] is False
    assert findings == [
        "the snippets' folder ../elsewhere lies outside the site and is not read",
        "the snippets' folder /etc lies outside the site and is not read",
        "missing.md, which pymdownx.snippets should append to every post, is not there",
    ]


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("true", True),
        ("no", False),
        ('"no"', "no"),
        ("4", 4),
        ("0x1F", 31),
        ("010", "010"),
        ("1.5", 1.5),
        ("~", None),
        ("2026-11-20", "2026-11-20"),
        ("[1, [a]]", [1, ["a"]]),
        ("{a: {b: 1}}", {"a": {"b": 1}}),
        ("[a, !!python/name:os.system x]", ["a"]),
    ],
)
def test_values_of_a_configuration_are_plain(yaml, value):
    fields = parse_yaml(f"key: {yaml}", "mkdocs.yml", tags=True)
    made = plain_value(fields.values["key"])
    assert made == value
    assert type(made) is type(value)
