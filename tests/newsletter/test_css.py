"""CSS as values that can be compared."""

import pytest

from feeds.newsletter.css import Stylesheet, declarations_of, plain_rules, rules_of


def first(css: str):
    return rules_of(Stylesheet("a.css", css))[0]


@pytest.mark.parametrize(
    ("selector", "specificity"),
    [
        ("p", (0, 0, 1)),
        (".a", (0, 1, 0)),
        ("p.a.b > li", (0, 2, 2)),
        ("#x p[lang] a:first-child", (1, 2, 2)),
        ('a[href="a.b.c"]', (0, 1, 1)),
    ],
)
def test_a_selector_counts_ids_classes_and_elements(selector, specificity):
    assert first(selector + " { color: red }").specificity == specificity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("#FFF", "#ffffff"),
        ("RGBA(0,0,0,.50)", "rgba(0, 0, 0, 0.5)"),
        ("0px  -0 12PX", "0 0 12px"),
        ("Arial,sans-serif", "Arial , sans-serif"),
        ("'A b'", '"A b"'),
        ("url(a.png)", "url('a.png')"),
        ("+1.0em /* wide */", "1em"),
    ],
)
def test_values_that_mean_the_same_are_written_the_same(one, other):
    (this,), (that,) = declarations_of(f"font: {one}"), declarations_of(f"font: {other}")
    assert this.value == that.value


@pytest.mark.parametrize(("one", "other"), [("1px", "1em"), ("1", "1%"), ("red", '"red"'), ("#fff", "#ffe")])
def test_values_that_differ_are_written_differently(one, other):
    (this,), (that,) = declarations_of(f"font: {one}"), declarations_of(f"font: {other}")
    assert this.value != that.value


def test_each_selector_of_a_list_is_a_rule_with_the_place_of_its_declarations():
    rules = rules_of(Stylesheet("a.css", "\nh1, h2 b {\n  color: red;\n  margin: 0 !important }"))
    assert [rule.selector for rule in rules] == ["h1", "h2 b"]
    assert [(each.name, each.important, str(each.at)) for each in rules[1].declarations] == [
        ("color", False, "a.css:3:3"),
        ("margin", True, "a.css:4:3"),
    ]


def test_rules_inside_a_condition_are_told_apart():
    sheet = Stylesheet("a.css", "p { color: red } @media print { a { color: red } } @font-face { }")
    assert [rule.selector for rule in rules_of(sheet)] == ["p"]
    assert [rule.selector for rule in rules_of(sheet, conditional=True)] == ["p", "a"]


def test_rules_as_they_are_written():
    css = "/* a */\n.a, p > b { Margin: 0 8PX; color: Red !important }\n@media print { p { margin: 1px } }\ntd { }"
    assert list(plain_rules(css)) == [
        (".a, p > b", [("margin", "0 8PX", False), ("color", "Red", True)]),
        ("td", []),
    ]
