"""The bundled stylesheets do what they say, in a letter that shows everything a letter can show."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from letter_samples import SETTINGS, make_entry, make_issue, make_look, make_post, make_site, november

from feeds.model import Entry, Issue, Media
from feeds.newsletter import render_letter, render_page
from feeds.newsletter.css import Rule, rules_of
from feeds.newsletter.stylesheet import check_styles
from feeds.posts.tree import find_matches

EVERYTHING = """
<p>Text with <em>stress</em>, <strong>more</strong>, <a href="https://notes.example/x/">a link</a>,
<a href="https://notes.example/y/"><code>linked code</code></a>, <kbd>Ctrl</kbd>, <mark>a mark</mark>,
<mark><a href="https://notes.example/z/">a marked link</a></mark>, H<sub>2</sub>O, x<sup>2</sup>, <del>gone</del>.</p>
<h2>One</h2><h3>Two</h3><h4>Three</h4><h5>Four</h5><h6>Five</h6>
<ul><li>one<ul><li>in it</li></ul><ol><li>counted</li></ol></li><li><p>a paragraph</p></li></ul>
<ol><li>first</li></ol>
<blockquote><p>Said.</p></blockquote>
<pre><code>def main():\n    ...\n</code></pre>
<hr>
<figure><img src="https://notes.example/a.jpg" alt="A path" width="1600" height="900"><figcaption>A path.</figcaption></figure>
<dl><dt>Term</dt><dd>What it means.</dd></dl>
<table><thead><tr><th>Name</th><th align="right">Count</th></tr></thead>
<tbody><tr><td>a</td><td align="right">1</td></tr></tbody></table>
"""
CONFIGURED = replace(SETTINGS, images="yes", logo="https://notes.example/logo.png")
LOOK = make_look(make_site(), CONFIGURED)
EXPECTED = Path(__file__).with_name("expected")
SHEETS = (*LOOK.inlined, *LOOK.head)


def full_entry(name: str, **changes) -> Entry:
    image = Media("https://notes.example/title.jpg", width=1600, height=900)
    return replace(make_entry(make_post(name, **changes), EVERYTHING), image=image)


def full_issue(language: str = "en") -> Issue:
    """Lead, introduction, every construct from left to right and from right to left, and lines of titles."""
    entries = [*november(), full_entry("all", categories=("Python",)), full_entry("alef", language="he")]
    issue = make_issue(make_site(language=language), entries)
    first, *others = issue.sections
    rest = replace(first, entries=(), titles=tuple(entry.post for entry in november()), more=12)
    return replace(
        issue, intro=EVERYTHING, intro_text="Text.", lead=full_entry("lead"), sections=(rest, *others)
    )


@cache
def letters() -> tuple[str, ...]:
    """Letters that show everything between them, and about which there is nothing to say."""
    findings = []
    # A section of titles alone runs the way of the site's language, as does the introduction.
    shown = []
    for language in ("en", "he"):
        site = make_site(language=language)
        look = make_look(site, CONFIGURED)
        shown.append(render_letter(look, full_issue(language), findings.append).html)
        alone = make_issue(site, [full_entry("alone", language=language)])
        alone = replace(alone, lead=alone.entries[0], sections=())
        shown.append(render_letter(look, alone, findings.append).html)
    plain = make_look(make_site())
    shown.append(render_letter(plain, full_issue(), findings.append).html)
    assert [str(finding) for finding in findings] == []
    return tuple(shown)


@cache
def page() -> str:
    neighbour = ("October", "https://notes.example/newsletter/2026-10/")
    return render_page(
        LOOK, full_issue(), archive_url="https://notes.example/newsletter/", newer=neighbour, older=neighbour
    )


def rules() -> list[Rule]:
    return [rule for sheet in LOOK.inlined for rule in rules_of(sheet)]


def classes_of(selector: str) -> set[str]:
    return set(re.findall(r"\.([A-Za-z][\w-]*)", selector))


def classes_in(html: str) -> set[str]:
    return {name for value in re.findall(r'class="([^"]*)"', html) for name in value.split()}


def test_the_bundled_sheets_are_clean():
    assert [str(finding) for finding in check_styles(LOOK.inlined, LOOK.head)] == []


def test_each_rule_reaches_an_element_and_nothing_of_it_is_lost():
    # That nothing is lost where a rule applies is what `letters` sees: it would be a finding.
    selectors = [rule.selector for rule in rules()]
    reached = set()
    for letter in letters():
        _, matches = find_matches(letter, selectors)
        reached |= {selector for selector, matched in zip(selectors, matches, strict=True) if matched}
    assert [selector for selector in selectors if selector not in reached] == []


@pytest.mark.parametrize("entries", [november(), november()[:1], [full_entry("all")]])
def test_rules_that_a_letter_has_no_use_for_need_not_be_read(entries):
    issue = make_issue(make_site(), entries)
    whole = replace(LOOK, inlined=tuple(replace(sheet, path="mine/digest.css") for sheet in LOOK.inlined))
    assert render_letter(LOOK, issue, [].append) == render_letter(whole, issue, [].append)


def test_each_declaration_stands_in_some_element():
    """Seen from the other end: as text, and not by what the comparison thinks of the cascade."""
    styles = {style for letter in letters() for style in re.findall(r'style="([^"]*)"', letter)}
    properties = {part.partition(":")[0].strip() for style in styles for part in style.split(";")}
    declared = {declaration.name for rule in rules() for declaration in rule.declarations}
    assert declared <= properties


def test_each_kept_rule_stands_in_the_head_of_the_letter():
    for letter in letters():
        head = "".join(letter.partition("<body")[0].split())
        for sheet in LOOK.head:
            for rule in rules_of(sheet, conditional=True):
                assert "".join(rule.selector.split()) in head


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.path)
def test_each_class_of_a_sheet_occurs_in_the_letter_or_on_its_page(sheet):
    shown = classes_in("".join(letters()) + page())
    named = {name for rule in rules_of(sheet, conditional=True) for name in classes_of(rule.selector)}
    assert named
    assert named <= shown


def test_each_class_of_the_letter_and_its_page_is_in_a_sheet():
    named = {
        name
        for sheet in SHEETS
        for rule in rules_of(sheet, conditional=True)
        for name in classes_of(rule.selector)
    }
    assert classes_in("".join(letters()) + page()) <= named


@pytest.mark.parametrize("name", ["letter.html", "letter.txt"])
def test_the_letter_with_everything_is_what_was_reviewed(name, rewrite):
    """The bytes of the inlined letter; `--rewrite` writes them anew, and the difference wants to be read.

    Its language is English, whose long dates are the same in every version of the locale data.
    """
    letter = render_letter(LOOK, full_issue(), [].append)
    text = {"letter.html": letter.html, "letter.txt": letter.text}[name]
    if rewrite:
        (EXPECTED / name).parent.mkdir(exist_ok=True)
        (EXPECTED / name).write_text(text, "utf-8", newline="\n")
    assert (EXPECTED / name).read_bytes().decode() == text
