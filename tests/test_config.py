"""`feeds.toml`, `[tool.feeds]` and the command line become `Settings`, or one list of all that is wrong."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.config import FORMAT_NAMES, GENERATOR_NAMES, FilterSettings, Settings, load_settings, reference
from feeds.config.forms import FORMS
from feeds.config.keys import KEYS, TABLES, one_of, written
from feeds.errors import FeedsError, ProblemsError, UsageError
from feeds.formats import FORMATS
from feeds.generators import GENERATORS

REFERENCE = Path(__file__).parents[1] / "docs" / "reference.md"


@pytest.fixture
def project(tmp_path):
    """Writes a file into an empty project and gives the project's folder."""

    def write(text: str | bytes, name: str = "feeds.toml") -> Path:
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(data)
        return tmp_path

    return write


def problems(root: Path, **options: object) -> list[tuple[str, str]]:
    """What is wrong, as `place: message` and help."""
    with pytest.raises(ProblemsError) as caught:
        load_settings(root, **options)
    return [(f"{found.at}: {found.message}", found.help) for found in caught.value.findings]


# --- what is read -----------------------------------------------------------------------------------------


def test_a_project_without_configuration_has_the_defaults(tmp_path):
    settings = load_settings(tmp_path)
    assert settings == Settings(tmp_path)
    assert settings.file is None
    assert (settings.feeds.formats, settings.feeds.limit) == (("rss", "atom", "json"), 20)
    assert (settings.newsletter.period, settings.newsletter.letters) == ("monthly", ".feeds/letters")


def test_every_key_can_be_set(project):
    settings = load_settings(
        project(
            """
            [site]
            title = " Notes "
            url = "https://example.org/blog"
            description = "Ünïcode"
            language = "pt-BR"
            timezone = "Europe/Berlin"
            author = "Ada"
            output = "../public"
            built = "../built"
            [posts]
            folder = "content"
            future = "hold"
            default_time = "09:00"
            dates = "git"
            [feeds]
            formats = ["json", "rss"]
            limit = 0
            content = "both"
            by = ["tag"]
            aliases = ["index.xml"]
            archive = 50
            inject = "yes"
            hub = "https://hub.example"
            max_kilobytes = 0
            [newsletter]
            title = "Letter"
            period = "weekly"
            categories = ["News", "C++"]
            other = "Else"
            sender = "Ada <ada@example.org>"
            address = '''
              1 Street
              Town
            '''
            signup = "https://example.org/sign-up"
            issues = "issues"
            accent = "#AA3300"
            logo = "https://example.org/logo.png"
            font = "Georgia, Times New Roman, serif"
            width = 640
            images = "yes"
            overflow = "fail"
            pages = 0
            templates = "look"
            letters = "letters"
            [send]
            transport = "smtp+starttls://mail.example.org:587"
            ledger = "../list.sqlite"
            unsubscribe = "https://example.org/u?t={token}"
            mailbox = "list@example.org"
            bounces = "bounces+{token}@example.org"
            reply_to = "Ada <ada@example.org>"
            connections = 2
            per_second = 0
            per_hour = 500
            per_domain = 100
            expires = 24
            [generator]
            name = "plain"
            posts = ["content/blog/**"]
            permalink = "{date}/{slug}"
            slug = "hugo"
            date = ["pubDate", "date"]
            updated = ["lastmod"]
            hide = ["secret"]
            excerpt_mark = "cut"
            """
        )
    )
    seen = {name: getattr(getattr(settings, name.split(".")[0]), name.split(".")[1]) for name in KEYS}
    assert seen == {
        "site.title": "Notes",
        "site.url": "https://example.org/blog/",
        "site.description": "Ünïcode",
        "site.language": "pt-BR",
        "site.timezone": "Europe/Berlin",
        "site.author": "Ada",
        "site.output": "../public",
        "site.built": "../built",
        "posts.folder": "content",
        "posts.future": "hold",
        "posts.default_time": "09:00",
        "posts.dates": "git",
        "feeds.formats": ("json", "rss"),
        "feeds.limit": 0,
        "feeds.content": "both",
        "feeds.by": ("tag",),
        "feeds.aliases": ("rss:index.xml",),
        "feeds.archive": 50,
        "feeds.inject": "yes",
        "feeds.hub": "https://hub.example/",
        "feeds.max_kilobytes": 0,
        "newsletter.title": "Letter",
        "newsletter.period": "weekly",
        "newsletter.categories": ("News", "C++"),
        "newsletter.other": "Else",
        "newsletter.sender": "Ada <ada@example.org>",
        "newsletter.address": "1 Street\nTown",
        "newsletter.signup": "https://example.org/sign-up",
        "newsletter.issues": "issues",
        "newsletter.accent": "#aa3300",
        "newsletter.logo": "https://example.org/logo.png",
        "newsletter.font": "Georgia, Times New Roman, serif",
        "newsletter.width": 640,
        "newsletter.images": "yes",
        "newsletter.overflow": "fail",
        "newsletter.pages": 0,
        "newsletter.templates": "look",
        "newsletter.letters": "letters",
        "send.transport": "smtp+starttls://mail.example.org:587",
        "send.ledger": "../list.sqlite",
        "send.unsubscribe": "https://example.org/u?t={token}",
        "send.mailbox": "list@example.org",
        "send.bounces": "bounces+{token}@example.org",
        "send.reply_to": "Ada <ada@example.org>",
        "send.connections": 2,
        "send.per_second": 0,
        "send.per_hour": 500,
        "send.per_domain": 100,
        "send.expires": 24,
        "generator.name": "plain",
        "generator.posts": ("content/blog/**",),
        "generator.permalink": "{date}/{slug}",
        "generator.slug": "hugo",
        "generator.date": ("pubDate", "date"),
        "generator.updated": ("lastmod",),
        "generator.hide": ("secret",),
        "generator.excerpt_mark": "cut",
    }
    assert all(type(value) in (str, int, tuple) for value in seen.values())


@pytest.mark.parametrize(
    "text",
    ['[site]\ntitle = "x"', 'site.title = "x"', 'site = { title = "x" }', '\ufeff[site]\r\ntitle = "x"\r\n'],
)
def test_all_spellings_of_toml_are_one(project, text):
    settings = load_settings(project(text))
    assert (settings.site.title, settings.file) == ("x", "feeds.toml")


@pytest.mark.parametrize("text", ['[tool.feeds.site]\ntitle = "x"', '[tool.feeds]\nsite.title = "x"'])
def test_pyproject_is_read_where_it_has_settings(project, text):
    settings = load_settings(project(text, "pyproject.toml"))
    assert (settings.site.title, settings.file) == ("x", "pyproject.toml")


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'", "[tool.ruff]\nline-length = 110", "tool = 1"])
def test_pyproject_of_others_is_left_alone(project, text):
    project(text, "pyproject.toml")
    assert load_settings(project('[site]\ntitle = "x"')).file == "feeds.toml"


def test_settings_in_both_files_are_an_error(project):
    project("[project]\nname = 'x'\n\n[tool.feeds.site]\n", "pyproject.toml")
    with pytest.raises(FeedsError) as caught:
        load_settings(project(""))
    assert str(caught.value) == (
        "pyproject.toml:4:2: there are settings here under [tool.feeds], and in feeds.toml too\n"
        "  help: keep them in one of the two"
    )


def test_the_named_file_is_read_and_no_other(project):
    project('[site]\ntitle = "other"')
    project('[tool.feeds.site]\ntitle = "other"', "pyproject.toml")
    root = project('[site]\ntitle = "named"', "my.toml")
    settings = load_settings(root, config=root / "my.toml")
    assert (settings.site.title, settings.file) == ("named", "my.toml")


def test_a_named_file_elsewhere_is_shown_as_it_was_named(project, tmp_path):
    config = project('[tool.feeds.site]\ntitle = "x"', "pyproject.toml") / "pyproject.toml"
    settings = load_settings(tmp_path / "site", config=config)
    assert (settings.site.title, settings.file) == ("x", config.as_posix())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.toml", "the configuration file 'none.toml' does not exist"),
        ("pyproject.toml", "pyproject.toml has no table [tool.feeds]"),
    ],
)
def test_a_named_file_that_gives_nothing_is_wrong_usage(project, name, message):
    root = project("[tool.ruff]", "pyproject.toml")
    with pytest.raises(UsageError) as caught:
        load_settings(root, config=root / name)
    assert caught.value.message == message


def test_the_environment_is_carried_along_but_not_shown(tmp_path):
    settings = load_settings(tmp_path, environ={"PASSWORD": "hunter2"})
    assert settings.environ == {"PASSWORD": "hunter2"}
    assert "hunter2" not in repr(settings)


# --- the command line -------------------------------------------------------------------------------------


def test_the_command_line_wins(project):
    root = project('[site]\nurl = "https://file.example/"\ntitle = "x"\n[feeds]\nlimit = 3')
    overrides = {"site.url": "https://flag.example", "feeds.formats": ["atom"], "feeds.limit": None}
    settings = load_settings(root, overrides=overrides)
    assert (settings.site.url, settings.site.title) == ("https://flag.example/", "x")
    assert (settings.feeds.formats, settings.feeds.limit) == (("atom",), 3)


def test_the_command_line_mends_a_wrong_value_of_the_file(project):
    root = project('[site]\nurl = "nonsense"')
    assert (
        load_settings(root, overrides={"site.url": "https://example.org"}).site.url == "https://example.org/"
    )


def test_the_command_line_is_checked_like_the_file(project):
    root = project("[feeds]\nlimit = -2")
    overrides = {"feeds.content": "ful", "newsletter.categories": ("a", "a")}
    assert problems(root, overrides=overrides) == [
        ("feeds.toml:2:1: feeds.limit: -2 is below 0", "write 0 or more"),
        ("command line: feeds.content: 'ful' is not excerpt, full or both", "did you mean full?"),
        ("command line: newsletter.categories: 'a' stands here twice", "leave one out"),
    ]


# --- what is wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem", "help"),
    [
        ("[feeds]\nlmit = 3", "2:1: feeds.lmit: there is no such key", "did you mean limit?"),
        ("[feeds]\nauthor = 3", "2:1: feeds.author: there is no such key", "it belongs under [site]"),
        (
            "[feeds]\nzzz = 3",
            "2:1: feeds.zzz: there is no such key",
            "[feeds] has formats, limit, content, by, aliases, archive, inject, hub, max_kilobytes",
        ),
        ("[sites]", "1:2: sites: there is no such table", "did you mean [site]?"),
        (
            "[zzz]",
            "1:2: zzz: there is no such table",
            "there are [site], [posts], [feeds], [newsletter], [send], [generator]",
        ),
        ("title = 'x'", "1:1: title: this stands under no table", "it belongs under [site] or [newsletter]"),
        ("site = 'x'", "1:1: site: this is a table, not text", "write [site]"),
        ("[[site]]", "1:3: site: this is a table, not a list that holds a table", "write [site]"),
        ("site = { titel = 'x' }", "1:1: site.titel: there is no such key", "did you mean title?"),
    ],
)
def test_unknown_tables_and_keys(project, text, problem, help):
    assert problems(project(text)) == [(f"feeds.toml:{problem}", help)]


@pytest.mark.parametrize(
    ("setting", "problem", "help"),
    [
        ("feeds.limit = '20'", "this is text, and a whole number is wanted", "write it like limit = 20"),
        ("feeds.limit = '7'", "this is text, and a whole number is wanted", "write it like limit = 7"),
        (
            "feeds.limit = 2.5",
            "this is a decimal number, and a whole number is wanted",
            "write it like limit = 20",
        ),
        (
            "feeds.limit = true",
            "this is true or false, and a whole number is wanted",
            "write it like limit = 20",
        ),
        ("site.title = 2026", "this is a whole number, and text is wanted", 'write it like title = "2026"'),
        ("site.title = ['a', 'b']", "this is a list, and text is wanted", 'write it like title = "…"'),
        ("site.title.a = 1", "this is a table, and text is wanted", 'write it like title = "1"'),
        (
            "posts.default_time = 09:00:00",
            "this is a date or a time, and text is wanted",
            'write it like default_time = "09:00:00"',
        ),
        ("posts.future = true", "this is true or false, and text is wanted", 'write it like future = "hold"'),
        (
            "feeds.formats = 'rss'",
            "this is text, and a list of texts is wanted",
            'write it like formats = ["rss", "atom", "json"]',
        ),
        (
            "newsletter.categories = ['a', 3]",
            "this is a list that holds a whole number, and a list of texts is wanted",
            'write it like categories = ["a", "3"]',
        ),
    ],
)
def test_wrong_types(project, setting, problem, help):
    name = setting.split(" = ")[0].replace("title.a", "title")
    assert problems(project(setting)) == [(f"feeds.toml:1:1: {name}: {problem}", help)]


@pytest.mark.parametrize(
    ("setting", "problem", "help"),
    [
        ("feeds.content = 'ful'", "'ful' is not excerpt, full or both", "did you mean full?"),
        ("feeds.formats = ['rss', 'xml']", "'xml' is not rss, atom or json", "write one of those"),
        ("feeds.formats = ['rss', 'rss']", "'rss' stands here twice", "leave one out"),
        ("newsletter.categories = ['a', ' ']", "one of these texts is empty", "leave it out"),
        ("posts.future = 'Hold'", "'Hold' is not hold or publish", "did you mean hold?"),
        (
            "newsletter.period = 'daily'",
            "'daily' is not weekly, monthly, quarterly or post",
            "write one of those",
        ),
        ("newsletter.width = 700", "700 is above 680", "write 680 or less"),
        ("send.connections = 0", "0 is below 1", "write 1 or more"),
        (
            "newsletter.accent = 'red'",
            "'red' is not a colour that every mail program knows",
            "write it like #0f5c8c",
        ),
        (
            "newsletter.font = 'a;b'",
            "'a;b' is no list of fonts",
            "write it like Georgia, Times New Roman, serif",
        ),
        (
            "send.transport = 'smtp://ada:secret@mail.example.org'",
            "a transport must not hold a user or a password",
            "give them by FEEDS_SMTP_USER and FEEDS_SMTP_PASSWORD in the environment",
        ),
        (
            "send.transport = 'mail.example.org'",
            "'mail.example.org' is no transport",
            "write it like smtp+starttls://mail.example.org:587, or folder:outbox",
        ),
        (
            "send.unsubscribe = 'http://example.org/?t={token}'",
            "'http://example.org/?t={token}' is no https address with one {token} in it",
            "write it like https://example.org/unsubscribe?t={token}",
        ),
        (
            "send.bounces = 'bounces@{token}.example'",
            "'bounces@{token}.example' is no envelope sender",
            "write it like bounces+{token}@example.org",
        ),
        (
            "generator.name = 'materiel'",
            f"'materiel' is not {one_of(GENERATOR_NAMES)}",
            "did you mean material?",
        ),
        ("newsletter.letters = ' '", "this names no folder", "write its path, or leave the key out"),
        ('site.title = "a\\nb"', "'a\\nb' holds a line break", "leave it out"),
        ('site.title = "a\\u001bb"', "'a\\x1bb' holds the control character U+001B", "leave it out"),
    ],
)
def test_wrong_values(project, setting, problem, help):
    name = setting.split(" = ")[0]
    assert problems(project(setting)) == [(f"feeds.toml:1:1: {name}: {problem}", help)]


def test_all_problems_are_shown_together(project):
    text = '[site]\nurl = "x"\ntitel = "x"\n[feeds]\nlimit = "x"\n[zzz]\n'
    assert [place for place, _ in problems(project(text))] == [
        "feeds.toml:2:1: site.url: 'x' does not begin with https:// and a host",
        "feeds.toml:3:1: site.titel: there is no such key",
        "feeds.toml:5:1: feeds.limit: this is text, and a whole number is wanted",
        "feeds.toml:6:2: zzz: there is no such table",
    ]


def test_problems_of_pyproject_have_its_lines(project):
    root = project(
        "[project]\nname = 'x'\n[tool.feeds.site]\ntitle = 1\n[tool.feeds]\nzzz = 1", "pyproject.toml"
    )
    assert [place.split(": ")[0] for place, _ in problems(root)] == [
        "pyproject.toml:4:1",
        "pyproject.toml:6:1",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[site\n", "feeds.toml:1:6: this is not TOML: Expected ']' at the end of a table declaration"),
        (b'[site]\ntitle = "caf\xe9"\n', "feeds.toml:2:13: this is not UTF-8 text: byte 0xe9"),
        (b'\xef\xbb\xbf[site]\ntitle = "\xe9"\n', "feeds.toml:2:10: this is not UTF-8 text: byte 0xe9"),
    ],
)
def test_a_file_that_is_no_toml(project, data, message):
    with pytest.raises(FeedsError) as caught:
        load_settings(project(data))
    assert str(caught.value).splitlines()[0] == message


def test_tool_feeds_must_be_a_table(project):
    with pytest.raises(FeedsError, match=r"pyproject.toml:2:1: this is a table, not a whole number"):
        load_settings(project("[tool]\nfeeds = 1", "pyproject.toml"))


def test_a_folder_cannot_be_read_as_configuration(tmp_path):
    with pytest.raises(FeedsError, match=r"^\.: cannot read this file: "):
        load_settings(tmp_path, config=tmp_path)


# --- the forms of text ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "before", "after"),
    [
        ("web address", "https://example.org", "https://example.org/"),
        ("web address", "http://localhost:8000/blog//", "http://localhost:8000/blog/"),
        ("web address", "https://bücher.example/ä", "https://bücher.example/ä/"),
        ("web address", "https://[::1]/", "https://[::1]/"),
        ("address", "https://hub.example/publish", "https://hub.example/publish"),
        (
            "address",
            "https://letters.example/join?list=a&b=1#form",
            "https://letters.example/join?list=a&b=1#form",
        ),
        ("address", "https://letters.example?list=a", "https://letters.example?list=a"),
        ("language", "en", "en"),
        ("language", "zh-Hant-TW", "zh-Hant-TW"),
        ("language", "de-CH-1996", "de-CH-1996"),
        ("language", "es-419", "es-419"),
        ("alias", "/index.xml", "rss:index.xml"),
        ("alias", "feed_rss_created.xml", "rss:feed_rss_created.xml"),
        ("alias", "feeds/atom.xml", "atom:feeds/atom.xml"),
        ("alias", "feed.json", "json:feed.json"),
        ("alias", "atom:rss/index.html", "atom:rss/index.html"),
        ("feed path", "/blog/essays/", "blog/essays"),
        ("time zone", "UTC", "UTC"),
        ("time zone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("time", "23:59", "23:59"),
        ("time", "00:00:01", "00:00:01"),
        ("mail address", "ada@example.org", "ada@example.org"),
        (
            "mail address",
            "Ada Ω Lovelace <ada+news@mail.example.org>",
            "Ada Ω Lovelace <ada+news@mail.example.org>",
        ),
        ("lines of text", "1 Street \r\n  Town", "1 Street\nTown"),
        ("folder", "/srv/www", "/srv/www"),
        ("pattern", "{categories}/{date}/{slug}", "{categories}/{date}/{slug}"),
        ("pattern", "posts/{file}", "posts/{file}"),
    ],
)
def test_forms_that_are_right(form, before, after):
    assert FORMS[form](before) == after


@pytest.mark.parametrize(
    ("form", "text", "help"),
    [
        *(
            ("web address", text, "write it like https://example.org/blog/")
            for text in (
                "example.org",
                "//example.org/",
                "ftp://example.org/",
                "https://",
                "https:///blog/",
                "https://example.org:port/",
                "https://[::1/",
                "https://example.org/a b",
                "https://example.org/\t",
                "https://example.org/?q=1",
                "https://example.org/#top",
                "https://example.org?",
                "https://user:secret@example.org/",
            )
        ),
        ("language", "en_US", "write en-US"),
        ("language", "pt_BR.UTF-8", "write pt-BR"),
        ("language", "english", "write a tag such as en or pt-BR"),
        ("language", "en-", "write a tag such as en or pt-BR"),
        ("time zone", "Europe/Berln", "did you mean Europe/Berlin?"),
        ("time zone", "Europe", "did you mean Europe/Rome?"),
        ("time zone", "../etc/passwd", "write a name such as Europe/Berlin or UTC"),
        ("time zone", "+02:00", "write a name such as Europe/Berlin or UTC"),
        ("alias", "xml:index.html", "write rss, atom or json before the colon"),
        ("alias", "../index.xml", "write it like essays or blog/essays"),
        ("feed path", "", "write it like essays or blog/essays"),
        ("feed path", "a/../b", "write it like essays or blog/essays"),
        ("feed path", "a?b", "write it like essays or blog/essays"),
        ("time", "9:00", "write it like 09:00"),
        ("time", "24:00", "write it like 09:00"),
        ("time", "٠٩:٠٠", "write it like 09:00"),
        ("mail address", "Ada", "write it like Ada Lovelace <ada@example.org>"),
        ("mail address", "Ada ada@example.org", "write it like Ada Lovelace <ada@example.org>"),
        ("mail address", "a@example.org, b@example.org", "write it like Ada Lovelace <ada@example.org>"),
        ("mail address", "Ada\nBcc: x <ada@example.org>", "leave it out"),
        ("pattern", "{dat}/{slug}", "did you mean {date}?"),
        ("pattern", "{}", "write date, year, month, day, slug, file, path or categories"),
        ("pattern", "{date/{slug}", "write both, or neither"),
    ],
)
def test_forms_that_are_wrong(form, text, help):
    with pytest.raises(FeedsError) as caught:
        FORMS[form](text)
    assert caught.value.help == help


@given(st.sampled_from(sorted(FORMS)), st.text())
def test_a_form_takes_its_own_result(form, text):
    """What is accepted is accepted again, unchanged; all else is a `FeedsError`."""
    try:
        once = FORMS[form](text)
    except FeedsError:
        return
    assert FORMS[form](once) == once


# --- the table itself -------------------------------------------------------------------------------------


def test_every_table_is_a_part_of_the_settings():
    parts = {field.name: field.default_factory for field in fields(Settings)}
    assert TABLES.items() <= parts.items()


@pytest.mark.parametrize("name", KEYS)
def test_every_key_has_a_form_that_is_known_and_a_help_line(name):
    key = KEYS[name]
    assert key.type in ("str", "int", "tuple[str, ...]")
    assert key.metadata["form"] in FORMS
    assert key.metadata["help"].endswith(".")
    assert "|" not in key.metadata["help"]


def test_defaults_are_values_that_could_be_written(project):
    text = "\n".join(f"{name} = {written(key.default)}" for name, key in KEYS.items())
    root = project(text)
    assert load_settings(root) == Settings(root, "feeds.toml")


def test_the_names_are_those_of_the_generators_and_formats():
    assert tuple(generator.name for generator in GENERATORS) == GENERATOR_NAMES
    assert tuple(FORMATS) == FORMAT_NAMES


def test_choices_read_as_a_sentence():
    assert [one_of(["a"]), one_of("ab", "`"), one_of("abc")] == ["a", "`a` or `b`", "a, b or c"]


def test_the_reference_is_up_to_date(rewrite):
    before, rest = REFERENCE.read_text("utf-8").split("<!-- keys -->\n")
    _, after = rest.split("<!-- /keys -->\n")
    wanted = f"{before}<!-- keys -->\n{reference()}<!-- /keys -->\n{after}"
    if rewrite:
        REFERENCE.write_text(wanted, "utf-8")
    assert REFERENCE.read_text("utf-8") == wanted, "write it anew with: pytest --rewrite tests/test_config.py"


def test_the_example_of_the_reference_is_right(project):
    example = REFERENCE.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    assert load_settings(project(example)).newsletter.period == "weekly"


# Feeds of one's own choice


def test_named_feeds_are_tables_that_may_stand_many_times(project):
    settings = load_settings(
        project(
            """\
            [[feed]]
            title = "Essays"
            path = "/essays/"
            include = { categories = ["Essays", "Long reads"], languages = ["en"] }

            [[feed]]
            path = "no-weeknotes"
            [feed.exclude]
            tags = ["weeknotes"]
            paths = ["content/drafts/**"]
            """
        )
    )
    essays, others = settings.feed
    assert (essays.title, essays.path) == ("Essays", "essays")
    assert essays.include == FilterSettings(categories=("Essays", "Long reads"), languages=("en",))
    assert (others.title, others.path, others.include) == ("", "no-weeknotes", FilterSettings())
    assert others.exclude == FilterSettings(tags=("weeknotes",), paths=("content/drafts/**",))


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("feed = 3", ["feeds.toml:1:1: feed: this is a whole number, and tables are wanted"]),
        ('[feed]\npath = "a"', ["feeds.toml:1:2: feed: this is a table, and tables are wanted"]),
        ("[[feed]]\ntitle = 'A'", ["feeds.toml:1:3: feed 1: it has no path"]),
        (
            "[[feed]]\npath = 'a'\n[[feed]]\npath = 'a/'",
            ["feeds.toml:1:3: feed 2: another feed has the path 'a' too"],
        ),
        (
            "[[feed]]\npath = 'a'\ninclude = ['News']\nexclude = { category = ['a'] }",
            [
                "feeds.toml:1:3: feed 1.include: this is a list, and a table is wanted",
                "feeds.toml:1:3: feed 1.exclude.category: there is no such key",
            ],
        ),
    ],
)
def test_named_feeds_that_cannot_be(project, text, messages):
    with pytest.raises(FeedsError) as caught:
        load_settings(project(text))
    assert [str(finding).split("\n")[0] for finding in caught.value.findings] == messages


def test_a_table_that_stands_twice_says_what_to_do(project):
    with pytest.raises(FeedsError, match=r"feeds\.toml:3:\d+: this is not TOML") as error:
        load_settings(project("[newsletter]\nperiod = 'weekly'\n[newsletter]\n"))
    assert error.value.help == "put its keys under the one that is there already"
