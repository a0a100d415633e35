"""Random sites, loaded by the real Docusaurus and read by us: the same posts, addresses, dates, titles, authors, tags."""

import datetime as dt
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feeds.config import load_settings
from feeds.errors import Finding, Severity
from feeds.generators import load_site
from feeds.generators.docusaurus.dates import parse_text_date
from feeds.posts.collect import Policy, load_posts

MODULES = os.environ.get("FEEDS_DOCUSAURUS", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (Path(MODULES) / "@docusaurus" / "core").is_dir(),
        reason="FEEDS_DOCUSAURUS names no folder of node_modules with @docusaurus/core in it",
    ),
]

WORKER = """
process.env.NODE_ENV = "production";
const readline = require("node:readline");
const modules = process.argv[2];
const { loadContext } = require(modules + "/@docusaurus/core/lib/server/site.js");
const { initPlugins } = require(modules + "/@docusaurus/core/lib/server/plugins/init.js");
const matter = require(modules + "/@11ty/gray-matter");
const { applyTrailingSlash } = require(modules + "/@docusaurus/utils-common");
for (const name of ["log", "warn", "error", "info"]) console[name] = () => {};
async function posts(siteDir, locale) {
  const context = await loadContext({ siteDir, locale });
  const { url, baseUrl, trailingSlash } = context.siteConfig;
  const found = [];
  for (const plugin of await initPlugins(context)) {
    if (plugin.name !== "docusaurus-plugin-content-blog") continue;
    const content = await plugin.loadContent();
    for (const { metadata: post } of content.blogPosts) {
      if (post.unlisted) continue;
      found.push({
        url: url + applyTrailingSlash(post.permalink, { trailingSlash, baseUrl }),
        title: post.title, date: post.date.toISOString(), source: post.source,
        authors: post.authors.map(author => [author.name ?? "", author.key ?? "", author.url ?? ""]),
        tags: post.tags.map(tag => tag.label),
      });
    }
  }
  return found;
}
async function answer(asked) {
  if (asked.dates) return asked.dates.map(text => new Date(text + "Z")).map(date => isNaN(date) ? null : date.toISOString());
  matter.clearCache(); // which holds what could not be read for empty the next time
  const { i18n } = await loadContext({ siteDir: asked.root });
  const told = {};
  for (const locale of i18n.locales) told[locale] = await posts(asked.root, locale);
  return told;
}
(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let told;
    try { told = await answer(JSON.parse(line)); } catch (error) {
      told = { error: [error, error.cause, error.cause?.cause].map(String).join(" | ") };
    }
    process.stdout.write(JSON.stringify(told) + "\\n");
  }
})();
"""


class Worker:
    """One process of node, which is asked about one site after the other."""

    def __init__(self, folder: Path) -> None:
        script = folder / "worker.cjs"
        script.write_text(WORKER, "utf-8")
        self.process = subprocess.Popen(
            ["node", str(script), MODULES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "TZ": "Asia/Tokyo"},
            cwd=folder,
        )

    def ask(self, question: object) -> object:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    found = Worker(tmp_path_factory.mktemp("docusaurus"))
    yield found
    found.process.kill()
    found.process.wait()


def some(*choices: object) -> st.SearchStrategy[object]:
    return st.sampled_from(choices)


WORDS = some(
    *"Hello|World|C++|C#|&|a/b|Été|日本語|🦄|v1.2|(2024)|don't|it’s|100%|`code`|x_y|**bold**|$5|#1".split("|")
)
TITLES = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: " ".join(map(str, words)))
DATES = some(
    "2021-05-06",
    "2017-02-29",
    "2021-13-45",
    "2021-5-6",
    "2021/05/06",
    "2021-05-06 07:08:09",
    "2021-05-06T07:08",
    "2021-05-06T07:08:09Z",
    "2021-05-06T23:30:00.250-08:00",
    "2021-05-06 23:30:00 +5",
    "2021-05-06 10:00:00 +0200",
    '"2021-05-06"',
    '" 2021-05-06 10:00:00"',
    '"2021-05-06T07:08:09"',
    "January 5, 2021",
    "5 Jan 2021",
    "2021-05-31 24:00:00",
)
WRONG_DATES = some('"2021-05-06T07:08:09Z"', "yesterday", "true", "[2021]")
SLUGS = some(
    "x",
    "/abs/y",
    "a/b/",
    "/",
    "my slug",
    "été",
    "2021",
    "1.50",
    "'007'",
    "/x//y/",
    "a.b",
    "c++",
    "z%20",
    "~q",
)
NAMES = st.one_of(
    st.text("abcXYZ019-_. é+", min_size=1, max_size=8).filter(
        lambda name: any(map(str.isalnum, name)) and name[0] not in "._ "
    ),
    some("index", "hello-world", "a.b", "2020", "_partial", ".hidden"),
)
FOLDERS = some("", "", "deep/", "2019/", "a/b c/", "_hidden/", "__tests__/", "x/index/")
STAMPS = some("2020-01-02", "2020/01/02", "2020-1-2", "2017-02-29", "2020/1-02", "1999-12-31")
BODIES = some(
    "Text\n",
    "# A heading `here` {#id}\n\nText\n",
    "#\tTabbed #\n\nText\n",
    "Under **lined**\n======\n\nText\n",
    "import A from 'a'\nimport B from 'b'\n\n\n# After imports\n",
    "\n\n  # Indented\n",
    "Text\n\n# Later\n",
    "## Second\n",
    "",
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bool]:
    """A file's path below its blog's folder, and whether it tells a date."""
    name, folder, stamp = draw(NAMES), draw(FOLDERS), draw(STAMPS)
    ending = draw(some(".md", ".md", ".mdx"))
    shape = draw(
        some(
            "{folder}{stamp}-{name}{ending}",
            "{folder}{stamp}-{name}{ending}",
            "{folder}{stamp}/{name}{ending}",
            "{folder}{stamp}-{name}/index{ending}",
            "{folder}{stamp}{ending}",
            "{folder}x-{stamp}-{name}{ending}",
            "{folder}{name}{ending}",
            "{folder}{name}/index{ending}",
        )
    )
    path = str(shape).format(folder=folder, stamp=stamp, name=name, ending=ending)
    return path, "{stamp}" in str(shape)


@st.composite
def front_matter(draw: st.DrawFn, dated: bool, wrong: bool) -> dict[str, object]:
    fields: dict[str, object] = {}

    def chance(among: int) -> bool:
        return draw(st.integers(1, among)) == 1

    if chance(5):
        fields[str(draw(some("draft", "unlisted")))] = draw(
            some("true", "false", "'true'", "'false'", "True")
        )
        if wrong and chance(4):
            fields["draft"] = draw(some("yes", "null", "1"))
        wrong = False  # of a post that is not published, we read no more
    if not dated or chance(2):
        fields["date"] = draw(WRONG_DATES) if wrong and chance(8) else draw(DATES)
    if not chance(4):
        fields["title"] = json.dumps(draw(TITLES), ensure_ascii=False)
        if chance(8):
            fields["title"] = draw(
                some(
                    "2021",
                    "1.10",
                    "007",
                    "0x1F",
                    "1e3",
                    "12:30",
                    "yes",
                    "1_000",
                    "-0",
                    "Plain: no" if wrong else "Plain",
                )
            )
        if wrong and chance(8):
            fields["title"] = draw(some("true", "null", "", "[a]"))
    if chance(3):
        fields["slug"] = draw(SLUGS)
        if wrong and chance(8):
            fields["slug"] = draw(some("true", "''", "[a]", ""))
    if chance(2):
        known = [
            "ann",
            "bob",
            "[ann, bob]",
            "[]",
            "{name: Eve, url: 'https://eve.example/'}",
            "[ann, {name: Eve}]",
        ]
        known += ["[{key: ann, name: Other}]", "[{name: Eve, image_url: /e.png}]", "pic"]
        fields["authors"] = draw(some(*known))
        if wrong and chance(6):
            fields["authors"] = draw(some("nobody", "[1]", "null", "[{title: x}]", "''"))
    elif chance(3):
        fields["author"] = draw(some("Jo Doe", "'A, B'"))
        if chance(2):
            fields[str(draw(some("author_url", "authorURL")))] = "https://jo.example/"
        if wrong and chance(6):
            fields["authors"] = "ann"
    if chance(2):
        fields["tags"] = draw(
            some(
                "[a, b]",
                "[]",
                "[news, 2021, 1.50]",
                "[{label: L, permalink: /l}, a]",
                "[news, news]",
                "[a b, C++]",
            )
        )
        if wrong and chance(6):
            fields["tags"] = draw(some("a", "[true]", "null", "[{label: L}]", "[null]"))
    if chance(8):
        fields["description"] = "Said"
    if chance(8):
        fields["last_update"] = "{date: 2022-01-01, author: Z}"
    return fields


def post_of(fields: dict[str, object], body: str) -> str:
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"---\n{head}---\n{body}" if fields else body


CONFIGS = (
    "export default {0};\n",
    "module.exports = {0};\n",
    "const config = {0};\nexport default config;\n",
    "// a comment with {{ and ' in it\nmodule.exports = function create() {{\n  const site = {0};\n  return site;\n}};\n",
    "export default async () => ({0});\n",
    'import type {{Config}} from "@docusaurus/types";\nconst config: Config = {0} satisfies Config;\nexport default config;\n',
)
AUTHORS = """
ann: {name: Ann, url: "https://ann.example/", email: ann@example.org}
bob: {name: "Bob B.", page: true}
pic: {image_url: https://example.org/p.png}
"""


@st.composite
def sites(draw: st.DrawFn) -> dict[str, str]:
    """Every file of a site by its path."""
    wrong = draw(st.integers(1, 5)) == 1
    blog: dict[str, object] = {"routeBasePath": draw(some("blog", "/", "", "news/all", "/x/"))}
    path = str(draw(some("blog", "content/posts")))
    if path != "blog" or draw(st.booleans()):
        blog["path"] = path
    if draw(st.integers(1, 5)) == 1:
        blog["include"] = draw(some(["**/*.mdx"], ["*.md", "deep/**/*.{md,mdx}"], ["**/*.md"]))
    if draw(st.integers(1, 5)) == 1:
        blog["exclude"] = draw(some([], ["deep/**"], ["**/_*.md"]))
    locales = list(draw(some(["en"], ["en"], ["en", "fr"], ["fr", "en", "pt-BR"])))  # type: ignore[call-overload]
    config: dict[str, object] = {
        "title": "Random",
        "url": "https://example.org",
        "baseUrl": draw(some("/", "/base/", "/a b/")),
        "onBrokenLinks": "ignore",
        "i18n": {"defaultLocale": locales[0], "locales": locales},
        "presets": [["classic", {"docs": False, "pages": False, "blog": blog}]],
    }
    if (slash := draw(some(None, True, False))) is not None:
        config["trailingSlash"] = slash
    folders = [path]
    localized = {path: "docusaurus-plugin-content-blog"}
    if draw(st.integers(1, 4)) == 1:
        second = {"id": "second", "path": "./notes", "routeBasePath": "notes"}
        config["plugins"] = [["@docusaurus/plugin-content-blog", second]]
        folders.append("notes")
        localized["notes"] = "docusaurus-plugin-content-blog-second"
    found: dict[str, str] = {}
    for folder in folders:
        found[f"{folder}/authors.yml"] = AUTHORS
        if draw(st.booleans()):
            found[f"{folder}/tags.yml"] = (
                "news: {label: Latest News, permalink: /n}\na:\n  description: x\nb:\n"
            )
        taken: set[str] = set()
        for name, dated in draw(st.lists(files(), min_size=1, max_size=10)):
            if name.casefold() in taken or any(other.startswith(f"{name.casefold()}/") for other in taken):
                continue
            taken.add(name.casefold())
            where = [f"{folder}/{name}"]
            for locale in locales:
                if draw(st.integers(1, 4)) == 1:
                    where.append(f"i18n/{locale}/{localized[folder]}/{name}")
            for place in where:
                found[place] = post_of(draw(front_matter(dated, wrong)), str(draw(BODIES)))
    ending = (
        "ts"
        if "{0}" in (form := draw(some(*CONFIGS))) and "satisfies" in str(form)
        else draw(some("js", "mjs"))
    )
    form = str(form) if ending != "mjs" or "module" not in str(form) else CONFIGS[0]
    found[f"docusaurus.config.{ending}"] = form.format(json.dumps(config, indent=1))
    if ending == "js" and "export default" in form:
        found["package.json"] = '{"type": "module"}'
    return found


def real_posts(worker: Worker, root: Path) -> dict[str, list[tuple[object, ...]]] | str:
    told = worker.ask({"root": str(root)})
    assert isinstance(told, dict)
    if "error" in told:
        return str(told["error"])
    return {
        locale: sorted(
            (
                unquote(post["url"]),
                " ".join(post["title"].split()),
                post["date"],
                tuple(dict.fromkeys((name, key) for name, key, _ in post["authors"] if name)),
                tuple(dict.fromkeys(post["tags"])),
            )
            for post in posts
        )
        for locale, posts in told.items()
    }


def our_posts(root: Path) -> tuple[dict[str, list[tuple[object, ...]]], list[Finding]]:
    findings: list[Finding] = []
    site = load_site(load_settings(root, environ={}), findings.append)
    found = load_posts(site, Policy(dt.datetime.now(dt.UTC)), lambda source: None, findings.append)
    posts: dict[str, list[tuple[object, ...]]] = {blog.language: [] for blog in site.blogs}
    for post in (*found.published, *found.held):
        blog = found.blogs[post.source.path]
        posts[blog.language].append(
            (
                unquote(post.url),
                post.title,
                f"{post.published:%Y-%m-%dT%H:%M:%S}.{post.published.microsecond // 1000:03}Z",
                tuple((author.name, author.id) for author in post.authors),
                post.tags,
            )
        )
    refused = [f for f in findings if f.severity is Severity.ERROR and not f.rule.startswith("same-")]
    return {language: sorted(listed) for language, listed in posts.items()}, refused


def untitled(ours: list[tuple[object, ...]], real: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Our posts, without the file's name where Docusaurus shows an empty title."""
    empty = {(post[0], *post[2:]) for post in real if post[1] == ""}
    return sorted((post[0], "" if (post[0], *post[2:]) in empty else post[1], *post[2:]) for post in ours)


CHECKED = {"sites": 0, "posts": 0, "refused": 0}


def check(worker: Worker, files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "node_modules").symlink_to(MODULES)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        real = real_posts(worker, root)
        ours, refused = our_posts(root)
        if isinstance(real, str):
            assert refused, real
            CHECKED["refused"] += 1
            return
        assert not refused, refused
        assert {language: untitled(posts, real[language]) for language, posts in ours.items()} == real
        CHECKED["sites"] += 1
        CHECKED["posts"] += sum(map(len, real.values()))


COUNT = int(os.environ.get("FEEDS_DOCUSAURUS_SITES", "200"))


@given(sites())
@settings(
    max_examples=COUNT,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
def test_every_post_of_a_random_site_is_as_docusaurus_has_it(worker: Worker, files: dict[str, str]) -> None:
    check(worker, files)


NUMBERS = some("2021", "5", "05", "31", "0", "12", "13", "00", "7", "1999")
DATE_TEXTS = st.one_of(
    st.tuples(
        NUMBERS,
        some("-", "/", "."),
        NUMBERS,
        some("-", "/", "."),
        NUMBERS,
        some("", " 10:00", "T10:00", " 1:02:03.5", "T10:00:00", " 24:00:00"),
    ).map(lambda parts: "".join(map(str, parts))),
    DATES.map(str),
)


@given(st.lists(DATE_TEXTS, min_size=50, max_size=200))
@settings(max_examples=30, deadline=None)
def test_texts_that_are_dates_are_those_of_javascript(worker: Worker, texts: list[str]) -> None:
    told = worker.ask({"dates": texts})
    assert isinstance(told, list)
    for text, real in zip(texts, told, strict=True):
        date = parse_text_date(text)
        if date is not None:  # fewer forms are known than JavaScript takes
            assert (text, f"{date:%Y-%m-%dT%H:%M:%S}.{date.microsecond // 1000:03}Z") == (text, real)
