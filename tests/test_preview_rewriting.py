"""A letter's HTML as other mail programs would show it: before → after."""

import pytest

from feeds.preview.rewriting import Look, rewrite

LIGHT, DARK = Look(), Look(dark=True)
PLAIN, BLIND = Look(styles=False), Look(images=False)


@pytest.mark.parametrize(
    ("look", "before", "after"),
    [
        # what the look is not about stays as it is written
        (LIGHT, "<!DOCTYPE html>\n<P Class=a>a &amp; b &#8470; &nbsp;</P>", "<!DOCTYPE html>\n<P Class=a>a &amp; b &#8470; &nbsp;</p>"),
        (PLAIN, "<!--[if mso]><style>p{}</style><![endif]-->", "<!--[if mso]><style>p{}</style><![endif]-->"),
        (PLAIN, "<![if !mso]><p>a</p><![endif]>", "<![if !mso]><p>a</p><![endif]>"),
        (LIGHT, "<head><title>a</title>", '<head><base target="_blank"><title>a</title>'),
        # dark or light, whatever the browser prefers
        (DARK, "<style>@media (prefers-color-scheme: dark) { a > b {} }</style>", "<style>@media (min-width: 0px) { a > b {} }</style>"),
        (LIGHT, "<style>@media (Prefers-Color-Scheme:dark) {}</style>", "<style>@media (max-width: 0px) {}</style>"),
        (LIGHT, "<style>@media screen and (prefers-color-scheme: light) {}</style>", "<style>@media screen and (min-width: 0px) {}</style>"),
        (DARK, "<style>:root { color-scheme: light dark; supported-color-schemes: light dark }</style>", "<style>:root { color-scheme: dark; supported-color-schemes: light dark }</style>"),
        (DARK, '<meta name="color-scheme" content="light dark">', '<meta name="color-scheme" content="dark">'),
        (DARK, '<meta name="description" content="light dark">', '<meta name="description" content="light dark">'),
        (DARK, '<source media="(prefers-color-scheme: dark)">', '<source media="(min-width: 0px)">'),
        # without styles
        (PLAIN, '<style>p { color: red }</style><p style="color: red" class="a">a</p>', '<p class="a">a</p>'),
        (PLAIN, '<td bgcolor="#ffffff" align="center">', '<td bgcolor="#ffffff" align="center">'),
        # without images
        (BLIND, '<img src="a.png" srcset="b.png 2x" alt="A &quot;pear&quot;" width="9">', '<img alt="A &quot;pear&quot;" width="9">'),
        (BLIND, '<td background="a.png" style="background: url(a.png) #fff">', '<td style="background: none #fff">'),
        (BLIND, "<style>p { background: url('a.png') }</style>", "<style>p { background: none }</style>"),
        # pictures from elsewhere
        (Look(pictures={"https://a/b.png": "/pictures/0.png"}), '<img src="https://a/b.png"><a href="https://a/b.png">', '<img src="/pictures/0.png"><a href="https://a/b.png">'),
    ],
)  # fmt: skip
def test_only_what_the_look_is_about_is_changed(look: Look, before: str, after: str) -> None:
    assert rewrite(before, look) == after
