"""Sites of Pelican: a small `pelicanconf.py` and a file, and what becomes of them."""

import datetime as dt
from pathlib import Path

import pytest

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.generators.pelican.ascii import spell
from feeds.generators.pelican.dates import parse_date
from feeds.generators.pelican.slugs import SUBSTITUTIONS, SlugRules, check_pattern, plain_title, slugify
from feeds.model import Fields, Post, Scalar, Site
from feeds.posts.collect import Collection, Policy, load_posts

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
CONFIG = (
    "SITENAME = 'Ovens'\nSITEURL = 'https://example.org/blog'\nPATH = 'content'\nTIMEZONE = 'Europe/Rome'\n"
)
POST = "Title: Bread and Salt\nDate: 2026-11-01 09:30\n\nThe text.\n"


def site_of(root: Path, config: str = "", findings: list[Finding] | None = None) -> Site:
    """A site with more lines of settings."""
    (root / "pelicanconf.py").write_text(CONFIG + config, "utf-8")
    (root / "content").mkdir(exist_ok=True)
    return load(root, findings)


def load(root: Path, findings: list[Finding] | None = None, **overrides: Override) -> Site:
    given = {name.replace("__", "."): value for name, value in overrides.items()}
    report = (findings if findings is not None else []).append
    return load_site(load_settings(root, overrides=given, environ={}), report)


def write(root: Path, name: str, text: str = POST) -> None:
    path = root / "content" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def collect(root: Path, config: str = "", *, findings: list[Finding] | None = None) -> Collection:
    """The posts of a site with more lines of settings."""
    findings = [] if findings is None else findings
    site = site_of(root, config, findings)
    return load_posts(site, Policy(NOW), lambda source: None, findings.append)


def one(root: Path, text: str = POST, config: str = "", name: str = "salt.md") -> Post:
    """The only post of a site."""
    write(root, name, text)
    posts = collect(root, config).published
    assert len(posts) == 1
    return posts[0]


def header(**lines: str) -> str:
    fields = {"Title": "Bread and Salt", "Date": "2026-11-01 09:30", **lines}
    return "".join(f"{key}: {value}\n" for key, value in fields.items()) + "\nThe text.\n"


# --- the site ---------------------------------------------------------------------------------------------


def test_a_pelicanconf_is_a_site(tmp_path: Path) -> None:
    site = site_of(tmp_path, "AUTHOR = 'Ann'\nSITESUBTITLE = 'Bread &amp; more'\nDEFAULT_LANG = 'it'\n")
    assert (site.generator, site.title, site.url) == ("pelican", "Ovens", "https://example.org/blog/")
    assert (site.language, site.timezone, site.author) == ("it", "Europe/Rome", "Ann")
    assert site.description == "Bread & more"
    assert (site.docs, site.output) == (tmp_path / "content", tmp_path / "output")


def test_what_a_publishconf_says_counts(tmp_path: Path) -> None:
    (tmp_path / "publishconf.py").write_text(
        "import os, sys\nsys.path.append(os.curdir)\nfrom pelicanconf import *\n"
        "SITEURL = 'https://example.com'\nOUTPUT_PATH = 'public/'\n"
    )
    site = site_of(tmp_path, "SITEURL = ''\n")
    assert (site.url, site.output, site.title) == ("https://example.com/", tmp_path / "public", "Ovens")


def test_an_address_that_only_the_pelicanconf_knows_counts(tmp_path: Path) -> None:
    (tmp_path / "publishconf.py").write_text("from pelicanconf import *\nSITEURL = ''\n")
    assert site_of(tmp_path).url == "https://example.org/blog/"


def test_without_any_address_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"URL is not known(.|\n)*set SITEURL in publishconf\.py"):
        site_of(tmp_path, "SITEURL = ''\n")


def test_an_address_that_would_have_to_be_run_is_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"pelicanconf\.py:5:11: SITEURL cannot be known without") as caught:
        site_of(tmp_path, "SITEURL = os.environ['SITEURL']\n")
    assert caught.value.help == 'write url = "https://example.org" under [site] in feeds.toml'


def test_what_the_settings_say_need_not_be_known(tmp_path: Path) -> None:
    site_of(tmp_path)
    (tmp_path / "pelicanconf.py").write_text("SITEURL = f()\nSITENAME = f()\nTIMEZONE = f()\nAUTHOR = f()\n")
    given = {
        "site__url": "https://example.com/",
        "site__title": "T",
        "site__timezone": "UTC",
        "site__author": "A",
    }
    site = load(tmp_path, **given)
    assert (site.url, site.title, site.timezone, site.author) == ("https://example.com/", "T", "UTC", "A")


def test_a_setting_that_does_not_matter_need_not_be_known(tmp_path: Path) -> None:
    assert site_of(
        tmp_path, "COPYRIGHT = datetime.now().year\nPLUGINS = [load()]\nJINJA_FILTERS = {'x': f}\n"
    )


def test_settings_from_elsewhere_are_pointed_out(tmp_path: Path) -> None:
    findings: list[Finding] = []
    site_of(tmp_path, "from secrets_of_ours import *\n", findings)
    assert [str(finding.at) for finding in findings] == ["pelicanconf.py:5:1"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("TIMEZONE = 'Mars/Crater'", "TIMEZONE 'Mars/Crater' is no time zone"),
        ("PATH = 'nowhere'", "the folder 'nowhere' does not exist"),
        ("ARTICLE_URL = 7", "ARTICLE_URL must be a text"),
        ("ARTICLE_PATHS = {'a': 1}", "ARTICLE_PATHS must be a list of texts"),
        ("ARTICLE_PATHS = [f()]", "an item of ARTICLE_PATHS cannot be known"),
        ("FILENAME_METADATA = '('", "FILENAME_METADATA is no regular expression"),
        ("FILENAME_METADATA = '(a+)+$'", "FILENAME_METADATA repeats a group that repeats"),
        ("SLUG_REGEX_SUBSTITUTIONS = ['a']", "must be a list of pairs"),
        ("DEFAULT_DATE = (2012,)", "DEFAULT_DATE must be a date"),
    ],
)
def test_settings_that_pelican_cannot_use_either_are_errors(
    tmp_path: Path, config: str, message: str
) -> None:
    write(tmp_path, "salt.md")
    findings: list[Finding] = []
    try:
        assert collect(tmp_path, config, findings=findings).published == ()
    except FeedsError as error:
        findings += error.findings
    assert message in findings[0].message
    assert str(findings[0].at).startswith("pelicanconf.py:5:1")


def test_a_hostile_pelicanconf_runs_nothing(tmp_path: Path) -> None:
    written = tmp_path / "written"
    config = f"import os\nos.system('touch {written}')\nopen('{written}', 'w')\nX = 'a' * 10**9\n"
    assert site_of(tmp_path, config).title == "Ovens"
    assert not written.exists()


# --- which files are posts --------------------------------------------------------------------------------


def paths(collection: Collection) -> list[str]:
    return [post.source.path for post in collection.published]


def test_every_file_with_title_and_date_is_a_post_but_for_pages(tmp_path: Path) -> None:
    for name in ("a.md", "b.markdown", "deep/er/c.mkd", "d.mdown", "pages/about.md", ".drafts/e.md", "f.txt"):
        write(tmp_path, name, header(Slug=name.replace("/", "-")))
    assert paths(collect(tmp_path)) == ["a.md", "b.markdown", "d.mdown", "deep/er/c.mkd"]


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ("ARTICLE_PATHS = ['blog']", ["blog/a.md", "blog/b/c.md"]),
        ("ARTICLE_DIR = 'blog'", ["blog/a.md", "blog/b/c.md"]),
        ("ARTICLE_PATHS = ['blog']\nARTICLE_EXCLUDES = ['blog/b']", ["blog/a.md"]),
        ("ARTICLE_EXCLUDES = ['blog', 'pages']", ["d.md"]),
        ("PAGE_PATHS = ['blog']", ["d.md", "pages/p.md"]),
        ("IGNORE_FILES = ['b', 'd.*']", ["blog/a.md"]),
        ("ARTICLE_PATHS = ['blog']\nIGNORE_FILES = ['blog']", ["blog/a.md", "blog/b/c.md"]),
    ],
)
def test_settings_tell_which_files_are_posts(tmp_path: Path, config: str, found: list[str]) -> None:
    for name in ("blog/a.md", "blog/b/c.md", "d.md", "pages/p.md"):
        write(tmp_path, name, header(Slug=name.replace("/", "-")))
    assert paths(collect(tmp_path, config)) == found


@pytest.mark.parametrize(
    ("status", "kept"),
    [("draft", "draft"), ("Draft", "draft"), ("hidden", "hidden"), ("skip", "skip"), ("odd", "unpublished")],
)
def test_a_status_keeps_a_post_back(tmp_path: Path, status: str, kept: str) -> None:
    write(tmp_path, "salt.md", header(Status=status))
    found = collect(tmp_path)
    assert (found.published, [hidden.reason for hidden in found.hidden]) == ((), [kept])


@pytest.mark.parametrize("status", ["published", "Published", ""])
def test_a_status_may_say_that_it_is_public(tmp_path: Path, status: str) -> None:
    assert one(tmp_path, header(Status=status))


@pytest.mark.parametrize(
    "text", ["Date: 2026-11-01\n\nText.", "Title: A\n\nText.", "\nTitle: A\nDate: 2026-11-01\n"]
)
def test_without_a_title_or_a_date_a_file_is_left_out_and_pointed_out(tmp_path: Path, text: str) -> None:
    write(tmp_path, "salt.md", text)
    findings: list[Finding] = []
    assert collect(tmp_path, findings=findings).published == ()
    assert {finding.rule for finding in findings} & {"title", "no-date"}


def test_posts_to_come_are_published_unless_the_settings_hold_them(tmp_path: Path) -> None:
    write(tmp_path, "salt.md", header(Date="2030-01-01"))
    assert len(collect(tmp_path).published) == 1
    assert len(collect(tmp_path, "WITH_FUTURE_DATES = False\n").held) == 1


def test_articles_in_other_formats_are_pointed_out_once(tmp_path: Path) -> None:
    write(tmp_path, "a.rst", "A\n=\n:date: 2026-11-01\n")
    write(tmp_path, "b.rst", "B\n=\n")
    write(tmp_path, "c.html", '<html><head><meta name="date" content="2026-11-01"/></head></html>')
    write(tmp_path, "d.html", "<p>A file of the site.</p>")
    findings: list[Finding] = []
    site_of(tmp_path, "", findings)
    assert [finding.message for finding in findings] == [
        "an article is in HTML, which is not read",
        "2 articles are in reStructuredText, which is not read",
    ]


def test_a_translation_is_in_the_blog_of_its_language(tmp_path: Path) -> None:
    write(tmp_path, "bread.md", header(Title="Bread", Slug="bread"))
    write(tmp_path, "bread-it.md", f"\ufeffLang: it\n{header(Title='Pane', Slug='bread')}")
    write(tmp_path, "salt-it.md", header(Title="Sale", Lang="it"))
    found = collect(tmp_path)
    languages = {path: (blog.language, blog.feeds) for path, blog in found.blogs.items()}
    assert languages == {"bread.md": ("", ""), "bread-it.md": ("it", "it"), "salt-it.md": ("", "")}
    assert {post.title: post.url.rpartition("/")[2] for post in found.published} == {
        "Bread": "bread.html",
        "Pane": "bread-it.html",
        "Sale": "sale-it.html",
    }


def test_a_post_may_call_itself_a_translation(tmp_path: Path) -> None:
    write(tmp_path, "bread.md", header(Title="Bread", Slug="bread"))
    write(
        tmp_path, "again.md", header(Title="Bread again", Slug="bread", Translation="true", Save_as="b.html")
    )
    found = collect(tmp_path)
    assert {path: blog.feeds for path, blog in found.blogs.items()} == {"bread.md": "", "again.md": "en"}


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "lines", "url"),
    [
        ("", {}, "bread-and-salt.html"),
        ("", {"Slug": "salt"}, "salt.html"),
        ("", {"Title": "Été: C++ & C#!"}, "ete-c-c.html"),
        ("", {"Title": "Привет, мир"}, "privet-mir.html"),
        ("", {"Title": "你好 2"}, "ni-hao-2.html"),
        ("", {"Title": "A <em>b</em> &amp; c"}, "a-b-c.html"),
        ("", {"Lang": "fr"}, "bread-and-salt-fr.html"),
        ("", {"Url": "own/place/"}, "own/place/"),
        ("", {"Save_as": "own/index.html"}, "bread-and-salt.html"),
        ("ARTICLE_URL = '{date:%Y}/{date:%-m}/{slug}/'", {}, "2026/11/bread-and-salt/"),
        ("ARTICLE_URL = '{date:%b}/{date.day:02d}/{slug}'", {}, "Nov/01/bread-and-salt"),
        ("ARTICLE_URL = '{category}/{author}/{slug}'\nAUTHOR = 'Ann Lee'", {}, "misc/ann-lee/bread-and-salt"),
        ("ARTICLE_URL = '{section}/{slug[0]}/'", {"Section": "x"}, "x/b/"),
        ("ARTICLE_URL = 'posts/' + '{slug}' + '/'", {}, "posts/bread-and-salt/"),
        ("CLEAN_URLS = True", {}, "bread-and-salt/"),
        ("ARTICLE_PERMALINK_STRUCTURE = '/%Y/%(category)s/'", {}, "2026/misc/bread-and-salt.html"),
        ("SLUGIFY_SOURCE = 'basename'", {}, "salt.html"),
        ("SLUGIFY_USE_UNICODE = True", {"Title": "Été"}, "%C3%A9t%C3%A9.html"),
        ("SLUGIFY_PRESERVE_CASE = True", {}, "Bread-and-Salt.html"),
        ("SLUG_REGEX_SUBSTITUTIONS = [(r'\\s+', '_')]", {}, "bread_and_salt.html"),
        ("SLUG_SUBSTITUTIONS = (('and', 'n'),)", {}, "bread-n-salt.html"),
        ("CATEGORY_REGEX_SUBSTITUTIONS = [('m', 'n')]\nARTICLE_URL = '{category}'", {}, "nisc"),
    ],
)
def test_addresses(tmp_path: Path, config: str, lines: dict[str, str], url: str) -> None:
    assert one(tmp_path, header(**lines), config).url == f"https://example.org/blog/{url}"


def test_addresses_count_from_the_site_as_those_of_browsers(tmp_path: Path) -> None:
    assert one(tmp_path, header(Url="/root/")).url == "https://example.org/root/"
    assert one(tmp_path, header(Url="https://example.com/a?b#c")).url == "https://example.com/a?b#c"


def test_a_pattern_of_the_settings_wins(tmp_path: Path) -> None:
    write(tmp_path, "salt.md")
    site_of(tmp_path)
    site = load(tmp_path, generator__permalink="/{year}/{slug}/")
    posts = load_posts(site, Policy(NOW), lambda source: None, lambda finding: None).published
    assert [post.url for post in posts] == ["https://example.org/blog/2026/bread-and-salt/"]


@pytest.mark.parametrize("lines", [{"Slug": "../../x"}, {"Save_as": "/etc/x"}, {"Slug": "x" * 300}])
def test_an_address_that_no_site_has_is_an_error(tmp_path: Path, lines: dict[str, str]) -> None:
    write(tmp_path, "salt.md", header(**lines))
    findings: list[Finding] = []
    assert collect(tmp_path, findings=findings).published == ()
    assert [finding.rule for finding in findings] == ["permalink"]


def test_a_placeholder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "salt.md")
    findings: list[Finding] = []
    assert collect(tmp_path, "ARTICLE_URL = '{nothing}/'\n", findings=findings).published == ()
    assert "there is no {nothing}" in findings[0].message


def test_letters_whose_spelling_is_not_known_are_pointed_out(tmp_path: Path) -> None:
    write(tmp_path, "salt.md", header(Title="ខ្មែរ x"))
    findings: list[Finding] = []
    assert collect(tmp_path, findings=findings).published
    assert [(finding.rule, finding.help) for finding in findings] == [
        ("slug", "write Slug: … into the header")
    ]


def test_english_months_are_pointed_out_where_the_site_is_in_another_language(tmp_path: Path) -> None:
    findings: list[Finding] = []
    site_of(tmp_path, "DEFAULT_LANG = 'it'\nARTICLE_URL = '{date:%B}/{slug}'\n", findings)
    assert [finding.rule for finding in findings] == ["permalink"]


# --- what posts say ---------------------------------------------------------------------------------------


def test_a_post_is_what_its_header_says(tmp_path: Path) -> None:
    post = one(
        tmp_path,
        header(
            Modified="2026-11-05", Category="News", Tags="rye, oven,rye", Authors="Lee, Ann; Bob", Lang="en"
        ),
    )
    assert (post.title, post.language, post.categories, post.tags) == (
        "Bread and Salt",
        "en",
        ("News",),
        ("rye", "oven"),
    )
    assert post.published.isoformat() == "2026-11-01T09:30:00+01:00"
    assert post.updated.isoformat() == "2026-11-05T00:00:00+01:00"
    assert [author.name for author in post.authors] == ["Lee, Ann", "Bob"]


@pytest.mark.parametrize(
    ("config", "lines", "names"),
    [
        ("AUTHOR = 'Ann'", {}, ["Ann"]),
        ("AUTHOR = 'Ann'", {"Author": "Bob, Jr."}, ["Bob, Jr."]),
        ("AUTHOR = 'Ann'", {"Author": "Bob", "Authors": "Cy, Di"}, ["Cy", "Di"]),
        ("", {}, []),
        ("DEFAULT_METADATA = {'author': 'Di'}", {}, ["Di"]),
    ],
)
def test_authors(tmp_path: Path, config: str, lines: dict[str, str], names: list[str]) -> None:
    assert [author.name for author in one(tmp_path, header(**lines), config).authors] == names


@pytest.mark.parametrize(
    ("config", "name", "lines", "category"),
    [
        ("", "a.md", {}, "misc"),
        ("", "Tech News/a.md", {}, "Tech News"),
        ("", "articles/deep/a.md", {}, "deep"),
        ("", "tech/a.md", {"Category": "News"}, "News"),
        ("", "tech/a.md", {"Category": ""}, "tech"),
        ("USE_FOLDER_AS_CATEGORY = False", "tech/a.md", {}, "misc"),
        ("DEFAULT_CATEGORY = 'Blog'", "a.md", {}, "Blog"),
        ("PATH_METADATA = r'(?P<category>[^/]+)/.*'", "tech/deep/a.md", {}, "tech"),
        ("EXTRA_PATH_METADATA = {'a.md': {'category': 'Extra'}}", "a.md", {}, "Extra"),
    ],
)
def test_categories(tmp_path: Path, config: str, name: str, lines: dict[str, str], category: str) -> None:
    assert one(tmp_path, header(**lines), config, name).categories == (category,)


def test_a_file_name_may_hold_date_and_slug(tmp_path: Path) -> None:
    config = r"FILENAME_METADATA = r'(?P<date>\d{4}-\d{2}-\d{2})_(?P<slug>.*)'"
    post = one(tmp_path, "Title: A\n\nText.\n", config, "2026-02-03_my-salt.md")
    assert (post.url, str(post.published.date())) == ("https://example.org/blog/my-salt.html", "2026-02-03")


def test_a_file_name_that_holds_no_date_leaves_the_post_out_as_in_pelican(tmp_path: Path) -> None:
    write(tmp_path, "2026-13-45-salt.md")
    findings: list[Finding] = []
    assert collect(tmp_path, findings=findings).published == ()
    assert findings[0].message == "the date in the file's name: '2026-13-45' is not a date"


def test_a_date_that_is_the_file_s_time_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "salt.md", "Title: A\n\nText.\n")
    findings: list[Finding] = []
    assert collect(tmp_path, "DEFAULT_DATE = 'fs'\n", findings=findings).published == ()
    assert [finding.rule for finding in findings] == ["no-date"]
    assert 'dates = "git"' in findings[0].help


def test_a_date_may_be_the_settings(tmp_path: Path) -> None:
    post = one(tmp_path, "Title: A\n\nText.\n", "DEFAULT_DATE = (2020, 1, 2, 3, 4)\n")
    assert post.published.isoformat() == "2020-01-02T03:04:00+01:00"


def test_a_post_may_have_a_zone_of_its_own(tmp_path: Path) -> None:
    assert one(tmp_path, header(Timezone="Asia/Tokyo")).published.isoformat() == "2026-11-01T09:30:00+09:00"


def test_the_summary_is_the_author_s_else_fifty_words(tmp_path: Path) -> None:
    excerpting = one(tmp_path, header(Summary="In *short*.")).excerpting
    assert (excerpting.summary, excerpting.summary_first) == ("In *short*.", True)
    assert (excerpting.automatic, excerpting.words, excerpting.ending) == ("pelican", 50, "…")
    config = (
        "SUMMARY_MAX_LENGTH = 9\nSUMMARY_MAX_PARAGRAPHS = 2\nSUMMARY_END_SUFFIX = '>'\nTYPOGRIFY = True\n"
    )
    excerpting = one(tmp_path, header(), config).excerpting
    assert (excerpting.words, excerpting.paragraphs, excerpting.ending) == (9, 2, ">")
    assert excerpting.typographic


def test_headers_in_yaml_are_read_where_a_plugin_reads_them(tmp_path: Path) -> None:
    text = '---\ntitle: "Bread: salt"\ndate: 2026-11-01\ntags: [rye, oven]\n---\nText.\n'
    post = one(tmp_path, text, "PLUGINS = ['yaml_metadata']\n")
    assert (post.title, post.tags) == ("Bread: salt", ("rye", "oven"))


# --- Markdown and links -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "names"),
    [
        ("", ["codehilite", "extra"]),
        (
            "MARKDOWN = {'extensions': ['toc', 'meta'], 'extension_configs': {'tables': {}}}",
            ["toc", "tables"],
        ),
        ("MARKDOWN = {'extensions': [Own(), 'markdown.extensions.toc']}", ["toc"]),
        ("MD_EXTENSIONS = ['toc']", ["codehilite", "extra"]),
        ("MARKDOWN = f()", ["codehilite", "extra"]),
    ],
)
def test_markdown_has_the_site_s_extensions(tmp_path: Path, config: str, names: list[str]) -> None:
    assert [extension.name for extension in site_of(tmp_path, config).markdown] == names


def test_options_of_extensions_are_kept(tmp_path: Path) -> None:
    config = "MARKDOWN = {'extension_configs': {'toc': {'permalink': True, 'depth': 2, 'title': None}}}\n"
    (toc,) = site_of(tmp_path, config).markdown
    options = {key: (str(value), getattr(value, "kind", "")) for key, value in toc.options.items()}
    assert options == {"permalink": ("true", "bool"), "depth": ("2", "int"), "title": ("null", "null")}


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("{filename}other.md", "/posts/other.md"),
        ("{filename}/pages/about.md#top", "/pages/about.md#top"),
        ("|filename|../a b.md", "/a%20b.md"),
        ("{static}/images/a.png", "https://example.org/blog/images/a.png"),
        ("{static}a.png?x=1", "https://example.org/blog/posts/a.png?x=1"),
        ("{filename}/images/a.png", "https://example.org/blog/images/a.png"),
        ("{attach}a.png", "https://example.org/blog/2026/a.png"),
        ("{attach}pics/a.png", "https://example.org/blog/2026/pics/a.png"),
        ("{attach}/images/a.png", "https://example.org/blog/2026/a.png"),
        ("{static}/extra/robots.txt", "https://example.org/blog/robots.txt"),
        ("{category}Tech News", "https://example.org/blog/category/tech-news.html"),
        ("{tag}C++", "https://example.org/blog/tag/c.html"),
        ("{author}Ann Lee", "https://example.org/blog/author/ann-lee.html"),
        ("{index}", "https://example.org/blog/index.html"),
        ("{unknown}x", "{unknown}x"),
        ("{static}../../../etc/passwd", "{static}../../../etc/passwd"),
        ("plain.html", "plain.html"),
    ],
)
def test_pelicans_own_links(tmp_path: Path, link: str, target: str) -> None:
    write(tmp_path, "posts/salt.md")
    config = "ARTICLE_URL = ARTICLE_SAVE_AS = '{date:%Y}/{slug}.html'\nEXTRA_PATH_METADATA = {'extra/robots.txt': {'path': 'robots.txt'}}\n"
    assert site_of(tmp_path, config).rewrite_link(link, "posts/salt.md") == target


def test_pages_have_addresses_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, "pages/about.md", "Title: About Us\n\nText.\n")
    write(tmp_path, "pages/own.md", "Title: Own\nUrl: own/\n\nText.\n")
    write(tmp_path, "pages/none.md", "Text.\n")
    site = site_of(tmp_path)
    urls = {name: site.page_url(f"pages/{name}.md") for name in ("about", "own", "none", "gone")}
    assert urls == {
        "about": "https://example.org/blog/pages/about-us.html",
        "own": "https://example.org/blog/own/",
        "none": None,
        "gone": None,
    }


def test_categories_have_pages_unless_they_are_switched_off(tmp_path: Path) -> None:
    assert site_of(tmp_path).category_page("Tech News") == "category/tech-news.html"
    assert site_of(tmp_path, "CATEGORY_SAVE_AS = ''\n").category_page("Tech News") == ""


# --- slugs, dates, patterns -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("A & B", "a-b"),
        ("  a -- b  ", "a-b"),
        ("foo_bar", "foo_bar"),
        ("Straße — Œuvre", "strasse-oeuvre"),
        ("don’t “do” it…", "dont-do-it"),
        ("Καλημέρα κόσμε", "kalemera-kosme"),
        ("Щука и Їжак", "shchuka-i-yizhak"),
        ("한국어", "hangugeo"),
        ("カタカナ ひらがな", "katakana-hiragana"),
        ("日本語", "ri-ben-yu"),
        ("🏔️ up 🚀", "up"),
        ("€5 ½ x² ™", "eur5-12-x2-tm"),
        ("a\u200bb", "a-b"),
        ("<b>bold</b> <!-- no --> a < b", "bold-a-b"),
        ("🏔️", ""),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    assert slugify(title, SlugRules()) == (slug, "")


def test_titles_of_any_length_take_a_moment() -> None:
    assert len(slugify("<" * 500_000, SlugRules())[0]) == 0
    assert plain_title("<!--" * 100_000 + "-->") == ""


def test_letters_without_a_known_spelling_are_told() -> None:
    assert spell("a ខ b 丏") == ("a  b Mian ", "ខ丏")


@pytest.mark.parametrize(
    "pattern",
    [
        *[found for found, _ in SUBSTITUTIONS],
        r"(?P<date>\d{4}-\d{2})[_-](?P<slug>.*)",
        r"[(+]+\)",
        "a{2}",
        "(a|b)",
    ],
)
def test_patterns_that_are_used(pattern: str) -> None:
    assert check_pattern(pattern) == ""


@pytest.mark.parametrize("pattern", ["(", "(a+)+", "(a|b)*", "((a)*b)+", "(?:a*){2,}", r"(\d+[)]*)*"])
def test_patterns_that_could_take_for_ever_are_not_used(pattern: str) -> None:
    assert check_pattern(pattern)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2014-03-16", "2014-03-16T00:00:00+01:00"),
        ("2014-03-16 10:20", "2014-03-16T10:20:00+01:00"),
        ("2014-03-16   10:20:30", "2014-03-16T10:20:30+01:00"),
        ("2014-03-16T10:20:30Z", "2014-03-16T10:20:30+00:00"),
        ("2014-03-16 10:20 -0500", "2014-03-16T10:20:00-05:00"),
        ("Sun, 16 Mar 2014 10:20:30 GMT", "2014-03-16T10:20:30+00:00"),
        ("March 16, 2014", "2014-03-16T00:00:00+01:00"),
        ("16 March 2014 10:20pm", "2014-03-16T22:20:00+01:00"),
        ("2014/3/6", "2014-03-06T00:00:00+01:00"),
        ("03/04/2014", "2014-03-04T00:00:00+01:00"),
        ("20140316", "2014-03-16T00:00:00+01:00"),
        ("3/16/75", "2075-03-16T00:00:00+01:00"),
        ("3/16/76", "1976-03-16T00:00:00+01:00"),
        ("'2014-03-16'", "2014-03-16T00:00:00+01:00"),
    ],
)
def test_dates_in_many_forms(text: str, date: str) -> None:
    zone = dt.timezone(dt.timedelta(hours=1))
    found = parse_date(Scalar(text), Fields("a.md", {}), zone=zone, time=dt.time())
    assert found.isoformat() == date


def test_a_date_without_a_time_has_the_settings_time() -> None:
    for text in ("2014-03-16", "16 March 2014"):
        found = parse_date(Scalar(text), Fields("a.md", {}), zone=dt.UTC, time=dt.time(9, 30))
        assert found.isoformat() == "2014-03-16T09:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("soon", ""),
        ('"2014-03-16"', ""),
        ("2014-02-30", ""),
        ("2014-03", "day, month and year must be written"),
        ("Thursday", "day, month and year must be written"),
        ("2014-03-16 10:20 EST", "which offset EST is depends on the machine"),
        ("0500-01-01", ""),
        ("1" * 5_000, ""),
    ],
)
def test_dates_that_leave_something_to_guess_are_errors(text: str, reason: str) -> None:
    value = Scalar(text, line=3, column=7)
    with pytest.raises(FeedsError, match=rf"^a\.md:3:7: (.|\n)*is not a date(.|\n)*{reason}"):
        parse_date(value, Fields("a.md", {}), zone=dt.UTC, time=dt.time())
