"""An excerpt's HTML made fit for a letter."""

import pytest

from feeds.newsletter.fragment import links, mail_html, scaled, shows

SCROLL = '<div class="scroll" tabindex="0">'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a &amp; b &#8212; c<br>d</p>", "<p>a &amp; b &#8212; c<br>d</p>"),
        ("<h2>a</h2><h3>b</h3>", "<h4>a</h4><h5>b</h5>"),
        ("<h3>a</h3><h6>b</h6>", "<h4>a</h4><h5>b</h5>"),
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4>", "<h4>a</h4><h5>b</h5><h6>c</h6><h6>d</h6>"),
        ('<p class="sheet" id="fn:1">a</p>', "<p>a</p>"),
        ('<pre><code class="x"><span class="k">if</span> x</code></pre>', "<pre><code>if x</code></pre>"),
        ('<span lang="fr">a<span>b</span></span>', '<span lang="fr">ab</span>'),
        ("<table><tr><td>1</td></tr></table>", f"{SCROLL}<table><tr><td>1</td></tr></table></div>"),
        (
            '<table><tr><th>a</th><th align="right">b</th></tr></table>',
            f'{SCROLL}<table><tr><th class="start">a</th><th align="right">b</th></tr></table></div>',
        ),
        ('<a href="https://a.example/?b=1&amp;c=2">x</a>', '<a href="https://a.example/?b=1&amp;c=2">x</a>'),
        ('<p>The <abbr title="World Wide Web">WWW</abbr></p>', "<p>The WWW</p>"),
        ("<!-- gone --><p>a</p>", "<p>a</p>"),
        ("<!--[if mso]><p>b</p><![endif]--><p>a</p>", "<p>a</p>"),
    ],
)
def test_mail_html(html, expected):
    assert mail_html(html, 552) == expected


def test_headings_start_below_what_they_stand_under():
    assert mail_html("<h2>a</h2><h3>b</h3>", 552, top=2) == "<h2>a</h2><h3>b</h3>"
    assert mail_html("<h5>a</h5>", 552, top=3) == "<h3>a</h3>"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ('<img src="https://a.example/b.png">', '<img alt="" src="https://a.example/b.png">'),
        ('<img alt="a" src="u" width="100" height="50">', '<img alt="a" src="u" width="100" height="50">'),
        (
            '<img alt="a" src="u" width="1104" height="500">',
            '<img alt="a" src="u" width="552" height="250" style="width: 100%; max-width: 552px">',
        ),
        (
            '<img alt="a" src="u" width="9999" height="1">',
            '<img alt="a" src="u" width="552" height="1" style="width: 100%; max-width: 552px">',
        ),
        ('<img alt="a" src="u" width="50%" height="0">', '<img alt="a" src="u">'),
        (
            '<img alt="a" src="u" width="600">',
            '<img alt="a" src="u" width="552" style="width: 100%; max-width: 552px">',
        ),
        ('<img alt="a" src="u" srcset="v 2x" loading="lazy" title="t">', '<img alt="a" src="u" title="t">'),
        ('<img alt="a &lt; b" src="data:image/png;base64,AAAA">', "<em>a &lt; b</em>"),
        ('<img alt="" src="data:image/png;base64,AAAA">', ""),
    ],
)
def test_images(image, expected):
    assert mail_html(image, 552) == expected


def test_links_are_web_addresses_once_each_with_the_words_of_the_first():
    html = (
        '<a href="https://b.example/?x=1&amp;y">the <em>first</em>\nof them</a><a href="http://a.example/">a</a>'
        '<a href="mailto:a@b.example">m</a><a href="https://b.example/?x=1&amp;y">again</a><a>no</a>'
        '<a href="https://p.example/"><img src="https://c.example/" alt="A path"></a>'
    )
    assert links(html) == {
        "https://b.example/?x=1&y": "the first of them",
        "http://a.example/": "a",
        "https://p.example/": "A path",
    }


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1104, 500, (552, 250)),
        (100, 50, (100, 50)),
        (552, 720, (276, 360)),
        (9999, 1, (552, 1)),
        (600, None, (552, 0)),
        (None, 300, (0, 0)),
    ],
)
def test_an_image_is_scaled_down_to_what_there_is_room_for(width, height, expected):
    assert scaled(width, height, 552, 360) == expected


def test_an_image_is_known_by_its_address():
    html = '<p><img src="https://a.example/?b=1&amp;c=2" alt=""></p>'
    assert shows(html, "https://a.example/?b=1&c=2")
    assert not shows(html, "https://a.example/?b=1")
