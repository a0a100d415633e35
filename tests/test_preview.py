"""`feeds preview`: a server of this machine that shows what a build would write, and writes nothing."""

import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from previews import Running, previewing
from projects import blog, build_project, files_below, post, run, write_files

SETTINGS = """[site]
title = "Blog"
url = "https://blog.example/"
[newsletter]
sender = "Ada <ada@blog.example>"
address = "1 Lane"
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
POSTS = {
    "apples.md": post(
        "# Apples\n\nRed.\n\n![A core](core.png)\n\n<!-- more -->\n\nMore.\n", categories="[Fruit]"
    ),
    "pears.md": post("# Pears\n\nGreen. [Gone](gone.md)\n\n<!-- more -->\n\nMore.\n", date="2026-10-02"),
    "draft.md": post("# Quinces\n\nYellow.\n", draft="true", date="2026-11-20"),
    "later.md": post("# Plums\n\nBlue.\n", date="2027-01-01"),
    "core.png": PIXEL,
    "secret.txt": "nothing that was built",
}


def project(root: Path) -> Path:
    return blog(root, POSTS, SETTINGS)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = project(tmp_path_factory.mktemp("blog"))
    with previewing(root) as running:
        running.settled()
        yield running


def shown(html: str) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"(?s)<(style|script).*?</\1>|<[^>]*>", " ", html)).split())


# --- what it shows ------------------------------------------------------------------------------------------


def test_the_page_shows_the_letter_the_feeds_and_every_post(running: Running) -> None:
    text = shown(running.get().text)
    assert "Ada Apples (November 2026)" in text
    assert "Wide Narrow Dark No styles No images Text" in text
    assert "Gmail cuts letters off at 100 KB" in text
    assert "From Ada <ada@blog.example>" in text
    assert "Everything 2 Fruit 1" in text
    assert "2 published" in text
    assert "1 draft" in text
    assert "2026-11-20 draft Quinces content/posts/draft.md" in text
    assert "content/posts/pears.md:7 the link to gone.md leads nowhere" in text


def test_the_pages_of_the_newsletter_are_a_click_away(running: Running) -> None:
    page = running.get().text
    for path in ("newsletter/2026-11/index.html", "newsletter/index.html"):
        assert f'href="/files/{path}"' in page
        assert "November 2026" in running.get(f"/files/{path}").text


def test_the_page_shows_the_feed_that_was_asked_for(running: Running) -> None:
    page = running.get("/?feed=category%2Ffruit").text
    assert "Apples" in page.partition('id="feeds"')[2].partition('id="posts"')[0]
    assert "Pears" not in page.partition('id="feeds"')[2].partition('id="posts"')[0]
    assert 'href="/files/category/fruit/atom.xml"' in page


def test_a_draft_is_shown_where_it_is_asked_for_and_marked(tmp_path: Path) -> None:
    with previewing(project(tmp_path), "--drafts", "--future") as running:
        page = running.settled()
    assert re.search(r"Quinces</a>\s*<span[^>]*>draft<", page)
    assert "Not published yet: Plums" in shown(page)


@pytest.mark.parametrize(
    ("view", "has", "lacks"),
    [
        ("wide", ['style="', "color-scheme: light", 'src="/pictures/0.png"'], ["prefers-color-scheme"]),
        ("narrow", ['style="', "color-scheme: light"], ["prefers-color-scheme"]),
        ("dark", ["color-scheme: dark", 'content="dark"', "(min-width: 0px)"], ["prefers-color-scheme"]),
        ("unstyled", ["Red.", "<!--[if mso]>"], ['style="', "<style data"]),
        ("imageless", ['alt="A core"', 'style="'], ["core.png", "/pictures/"]),
    ],
)
def test_the_letter_is_shown_as_mail_programs_show_it(
    view: str, has: list[str], lacks: list[str], running: Running
) -> None:
    assert f'src="/letter/{view}"' in running.get(f"/?view={view}").text
    letter = running.get(f"/letter/{view}").text
    assert [each for each in has if each not in letter] == []
    assert [each for each in lacks if each in letter] == []


def test_the_text_part_is_shown_as_it_is(running: Running) -> None:
    text = running.get("/letters/letter.txt").text
    page = running.get("/?view=text").text
    assert unescape(page.partition("<pre")[2].partition(">")[2].partition("</pre>")[0]) == text


def test_what_is_served_is_what_a_build_writes(tmp_path: Path) -> None:
    root = project(tmp_path)
    build_project(root)
    with previewing(root) as running:
        running.settled()
        for folder, prefix in ((root / "public", "/files/"), (root / ".feeds/letters/2026-11", "/letters/")):
            for path, data in files_below(folder).items():
                assert running.get(prefix + path).text.encode() == data


# --- as posts change ----------------------------------------------------------------------------------------


def test_the_page_follows_the_posts_and_shows_what_is_wrong_with_them(tmp_path: Path) -> None:
    root = project(tmp_path)
    good = (root / "content/posts/apples.md").read_text()
    with previewing(root) as running:
        running.settled()
        builds = running.builds()
        first = next(builds)

        write_files(root, {"content/posts/apples.md": good.replace("Red.", "Ripe.")})
        assert next(builds) != first
        assert "Ripe." in running.get("/letter/wide").text

        write_files(root, {"content/posts/apples.md": good.replace("2026-11-01", "2026-13-45")})
        next(builds)
        page = shown(running.get().text)
        assert "1 error to mend Below is the last good build." in page
        assert "content/posts/apples.md:2:7 '2026-13-45' is not a date" in page
        assert "write it as 2026-11-22" in page
        assert "Ripe." in running.get("/letter/wide").text

        write_files(root, {"content/posts/apples.md": good})
        next(builds)
        assert "to mend" not in shown(running.get().text)
        assert "Red." in running.get("/letter/wide").text

        write_files(root, {"feeds.toml": SETTINGS.replace('"Blog"', '"Orchard"')})
        next(builds)
        assert "<bdi>Orchard</bdi>" in running.get().text

        write_files(root, {"public/index.html": "", ".git/HEAD": "", "node_modules/a.js": "", ".cache/a": ""})
        write_files(root, {"content/posts/figs.md": post("# Figs\n\nSweet.\n", date="2026-11-21")})
        assert next(builds).endswith("-6")  # nothing was built for what is no source
        assert "Figs" in running.get().text


def test_a_project_that_cannot_be_built_at_all_says_so_until_it_can(tmp_path: Path) -> None:
    root = write_files(tmp_path, {"feeds.toml": "[site]\ntitel = 1\n", "content/posts/a.md": post()})
    with previewing(root) as running:
        page = shown(running.settled())
        assert "feeds.toml:2:1" in page
        assert running.get("/letter/wide").status == 404
        builds = running.builds()
        next(builds)
        write_files(root, {"feeds.toml": SETTINGS})
        next(builds)
        assert "Up to date" in shown(running.get().text)


def test_nothing_is_written_anywhere_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    root = project(tmp_path / "blog")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    before = files_below(root)
    with previewing(root, "--drafts", temporary=temporary) as running:
        running.settled()
        builds = running.builds()
        next(builds)  # a page that is open does not hold it up
        assert running.end() == 0
    assert files_below(root) == before
    assert list(temporary.iterdir()) == []


# --- for whom -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/letter/wide", "/files/feed.xml", "/events"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "",
                                  "127.0.0.1:{port}|evil.example"])  # fmt: skip
def test_only_this_machine_is_answered(host: str, path: str, running: Running) -> None:
    assert running.get(path, host=host.format(port=running.port)).status == 403


def test_this_machine_has_two_names(running: Running) -> None:
    assert running.get(host=f"localhost:{running.port}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/content/posts/secret.txt",
        "/files/../content/posts/secret.txt",
        "/files/..%2Fcontent%2Fposts%2Fsecret.txt",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/files//etc/passwd",
        "/letter/../../feeds.toml",
        "/letters/..%5C..%5Cfeeds.toml",
        "/pictures/../content/posts/secret.txt",
        "/pictures/secret.txt",
        "/pictures/1.png",
        "/files/feed.xml%00.html",
        "http://[bad/",
        "/%ff",
    ],
)
def test_nothing_is_served_but_what_was_built(path: str, running: Running) -> None:
    answer = running.get(path)
    assert answer.status in (400, 404)
    assert "nothing that was built" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_asked_but_to_be_shown(method: str, running: Running) -> None:
    answer = running.get(method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/letter/dark", "/files/feed.xml", "/pictures/0.png", "/missing"])
def test_the_head_is_that_of_the_whole_and_nothing_is_kept(path: str, running: Running) -> None:
    head = running.get(path, method="HEAD")
    assert head.text == ""
    assert head.headers["cache-control"] == "no-store"
    assert head.headers["x-content-type-options"] == "nosniff"
    assert int(head.headers["content-length"]) > 0


def test_no_script_of_a_post_or_letter_can_run(running: Running) -> None:
    page, letter = running.get(), running.get("/letter/wide")
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)';", policy)
    assert nonce
    assert "default-src 'none'" in policy
    assert f'<script nonce="{nonce[1]}">' in page.text
    assert page.text.count("<script") == 1
    assert nonce[1] not in running.get().text  # each page has its own
    for path in ("/letter/wide", "/files/subscribe/index.html", "/letters/letter.html"):
        policy = running.get(path).headers["content-security-policy"]
        assert policy.startswith("sandbox allow-popups")
        assert "script-src" not in policy
        assert "default-src 'none'" in policy
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "img-src 'none'" in running.get("/letter/imageless").headers["content-security-policy"]
    assert "img-src 'none'" not in letter.headers["content-security-policy"]


# --- before it starts ---------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_an_error(running: Running, tmp_path: Path) -> None:
    done = run(["preview", "--port", str(running.port)], project(tmp_path))
    assert done.returncode == 2
    assert f"port {running.port} cannot be had" in done.stderr
    assert "--port" in done.stderr


def test_without_watchfiles_it_says_what_to_install(tmp_path: Path) -> None:
    write_files(tmp_path, {"lib/watchfiles.py": "raise ImportError\n"})
    done = run(["preview"], tmp_path, {"PYTHONPATH": os.pathsep.join([str(tmp_path / "lib")])})
    assert done.returncode == 2
    assert "pip install 'feeds[preview]'" in done.stderr


def test_without_a_project_it_does_not_start(tmp_path: Path) -> None:
    done = run(["preview", "-C", "nowhere"], tmp_path)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "there is no folder 'nowhere'")
