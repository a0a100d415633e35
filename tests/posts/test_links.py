import pytest
from html_samples import PAGE, PAGES, PATH, URL, make_site, resolve
from hypothesis import given
from hypothesis import strategies as st

from feeds.generators.addresses import media_rule
from feeds.posts.links import Links

RESOLVED = [
    # as written in docs/blog/posts/a.md, published at https://example.org/base/blog/2026/a/ → where it leads
    ("https://example.com/x?y=1#z", "https://example.com/x?y=1#z"),
    ("HTTPS://Example.COM/X", "https://example.com/X"),
    ("//cdn.example.com/x", "https://cdn.example.com/x"),
    ("/x", "https://example.org/x"),
    ("#part", f"{PAGE}#part"),
    ("", PAGE),
    ("?q=1", f"{PAGE}?q=1"),
    # pages, by their source
    ("b.md", PAGES["blog/posts/b.md"]),
    ("./b.md#part", PAGES["blog/posts/b.md"] + "#part"),
    ("b.md?print=1#part", PAGES["blog/posts/b.md"] + "?print=1#part"),
    ("with%20space.md", PAGES["blog/posts/with space.md"]),
    ("with space.md", PAGES["blog/posts/with space.md"]),
    ("../../about.md", PAGES["about.md"]),
    ("../../index.md", URL),
    ("/about.md", PAGES["about.md"]),
    # files move with the posts they lie beside
    ("img/a.png", f"{URL}blog/img/a.png"),
    ("../img/a.png", f"{URL}blog/img/a.png"),
    ("../../assets/a.tar.gz", f"{URL}assets/a.tar.gz"),
    ("img/ü b.png#x", f"{URL}blog/img/%C3%BC%20b.png#x"),
    ("img/100%25.png", f"{URL}blog/img/100%25.png"),
    # everything else, as browsers have it
    ("../other/", f"{URL}blog/2026/other/"),
    ("other", f"{PAGE}other"),
    ("v1.2", f"{PAGE}v1.2"),
    ("nowhere.md", f"{PAGE}nowhere.md"),
    ("../../../../../x.png", "https://example.org/x.png"),
    ("..\\other\\", f"{URL}blog/2026/other/"),
    # written as URLs are
    ("  https://example.com/a b?c d=é#f g ", "https://example.com/a%20b?c%20d=%C3%A9#f%20g"),
    ("https://example.com/a\nb", "https://example.com/ab"),
    ("https://example.com/%zz%41", "https://example.com/%25zz%41"),
    ("https://müller.example/", "https://xn--mller-kva.example/"),
    ("https://user:pass@example.com:8080/", "https://user:pass@example.com:8080/"),
    ("http://[::1]:80/x", "http://[::1]:80/x"),
    ("mailto:ada@example.com?subject=Hello there", "mailto:ada@example.com?subject=Hello%20there"),
    ("tel:+44 20 7946 0000", "tel:+44%2020%207946%200000"),
    ("xmpp:ada@example.com", "xmpp:ada@example.com"),
]

REFUSED = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "blob:https://example.org/x",
    "C:\\x.png",
    "http://[bad",
    "http://a b/",
    "http:relative",
    "https://",
    "https://example.org:port/",
    "https://example.org:99999/",
    f"https://{'a' * 70}é.example/",
]


@pytest.mark.parametrize(("written", "absolute"), RESOLVED)
def test_an_address_leads_where_the_published_page_would(written, absolute):
    assert resolve(written) == absolute


@pytest.mark.parametrize("url", REFUSED)
def test_what_no_feed_may_carry_resolves_to_nothing(url):
    assert resolve(url) is None


@given(st.one_of(st.text(), st.sampled_from([case[0] for case in RESOLVED] + REFUSED)))
def test_a_resolved_address_is_plain_ascii_and_stays_as_it_is(url):
    absolute = resolve(url)
    if absolute is not None:
        assert absolute.isascii()
        assert absolute.isprintable()
        assert " " not in absolute
        assert absolute.split(":")[0] in ("http", "https", "mailto", "tel", "xmpp")
        assert resolve(absolute) == absolute


@pytest.mark.parametrize(
    ("written", "missing"),
    [
        ("nowhere.md", "blog/posts/nowhere.md"),
        ("../lost.md#part", "blog/lost.md"),
        ("/lost.markdown", "lost.markdown"),
        ("b.md", None),
        ("b.md#part", None),
        ("img/nowhere.png", None),
        ("https://example.com/x.md", None),
        ("#nowhere.md", None),
        ("mailto:x.md", None),
        ("http://[bad.md", None),
    ],
)
def test_a_page_that_the_site_does_not_have_is_noticed(written, missing):
    assert Links(make_site(), PAGES).missing(written, PATH) == missing


def test_raw_html_names_files_as_seen_from_the_page(tmp_path):
    for name in ("blog/img/beside-the-page.png", "blog/posts/img/beside-the-source.png"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True)
        (tmp_path / "docs" / name).touch()
    links = Links(make_site(tmp_path), PAGES)
    assert links.resolve("../../img/beside-the-page.png", PATH, PAGE) == f"{URL}blog/img/beside-the-page.png"
    assert links.resolve("img/beside-the-source.png", PATH, PAGE) == f"{URL}blog/img/beside-the-source.png"
    assert links.resolve("img/on-no-disk.png", PATH, PAGE) == f"{URL}blog/img/on-no-disk.png"


@pytest.mark.parametrize(
    ("posts", "home", "written", "absolute"),
    [
        ("posts", "", "img/a.png", f"{URL}img/a.png"),
        ("blog", "blog/", "img/a.png", f"{URL}blog/img/a.png"),
        ("", "", "img/a.png", f"{URL}blog/posts/img/a.png"),
        ("blog/posts", "mein%20blog/", "a.png", f"{URL}mein%20blog/a.png"),
    ],
)
def test_where_files_move_is_the_blogs_matter(posts, home, written, absolute):
    path = PATH if posts != "posts" else "posts/a.md"
    site = make_site(media_url=media_rule(URL, ((posts, home),)))
    expected = absolute.replace("blog/img", "blog/posts/img") if posts == "blog" else absolute
    assert Links(site, {}).resolve(written, path, PAGE) == expected


@given(
    st.text("ab/?#%2Cé .:@[]\\-_~\t", max_size=14),
    st.sampled_from(["https://e.example", "http://E.example/", ""]),
)
def test_an_address_that_is_absolute_stays_as_it_is(rest, start):
    found = resolve(start + rest)
    assert found is None or resolve(found) == found


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://e.example",
            "https://e.example/a%20b",
            "http://e.example/?q=a/b?c#d?e",
            "https://e.example/a//b",
        ),
        *("https://e.example/(a)!*';:@,=+$&", "https://e.example?q", "https://e.example#a"),
    ],
)
def test_nothing_is_changed_in_a_plain_address(url):
    assert resolve(url) == url
