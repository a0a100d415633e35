"""Random sites, collected by the real Eleventy and read by us: the same posts, addresses, dates, titles and tags."""

import contextlib
import datetime as dt
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.generators.astro.slugs import github_slug
from feeds.generators.eleventy.slugs import slug, slugify
from feeds.posts.collect import Policy, load_posts

MODULES = os.environ.get("FEEDS_ELEVENTY", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (Path(MODULES) / "@11ty" / "eleventy").is_dir(),
        reason="FEEDS_ELEVENTY names no folder of node_modules with @11ty/eleventy in it",
    ),
]

COLLECTIONS = ("posts", "post", "blog", "articles")

WORKER = """
import readline from "node:readline";
import { pathToFileURL } from "node:url";
const at = name => import(pathToFileURL(process.argv[2] + name).href);
const { default: Eleventy } = await at("/@11ty/eleventy/src/Eleventy.js");
const slugify = (await at("/@11ty/eleventy/src/Filters/Slugify.js")).default;
const slug = (await at("/@11ty/eleventy/src/Filters/Slug.js")).default;
const layouts = (await at("/@11ty/eleventy/src/LayoutCache.js")).default;
const github = await at("/github-slugger/index.js").catch(() => ({}));
for (const name of ["log", "warn", "error", "info"]) console[name] = () => {};
for await (const line of readline.createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let told;
  try {
    if (asked.words) {
      told = asked.words.map(word => [slugify(word), slug(word), github.slug ? github.slug(word) : null]);
    } else {
      process.chdir(asked.root);
      layouts.clear();
      const pages = [];
      const eleventy = new Eleventy(undefined, undefined, { quietMode: true, config(config) {
        config.addCollection("everything", api => { pages.push(...api.getAll()); return []; });
      } });
      eleventy.disableLogger();
      await eleventy.init();
      await eleventy.toJSON();
      told = pages.map(page => ({ path: page.inputPath, url: page.url, date: page.date.toISOString(),
        title: String(page.data.title ?? ""), tags: page.data.tags ?? [],
        kept: page.data.eleventyExcludeFromCollections ?? [] }));
    }
  } catch (error) {
    told = { error: [error, error.originalError, error.cause].map(String).join(" ") };
  }
  process.stdout.write(JSON.stringify(told) + "\\n");
}
"""


class Worker:
    """One process of node, which is asked about one site after the other."""

    def __init__(self, folder: Path) -> None:
        script = folder / "worker.mjs"
        script.write_text(WORKER, "utf-8")
        self.process = subprocess.Popen(
            ["node", str(script), MODULES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "TZ": "UTC", "ELEVENTY_RUN_MODE": "build"},
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
    found = Worker(tmp_path_factory.mktemp("eleventy"))
    yield found
    found.process.kill()
    found.process.wait()


WORDS = st.sampled_from(
    "Hello|World|C++|C#|&|a/b|--|Été|Straße|日本語|Привет|İstanbul|🦄|v1.2|(2024)|don't|it’s|100%|...|ŒUVRE|$5|x_y|ый|Ü".split(
        "|"
    )
)
TITLES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
SLUGS = st.sampled_from(["x", "my-slug", "été", "a b", "C++"])
NAMES = st.one_of(
    st.text("abcxyz019-_. é", min_size=1, max_size=8).filter(
        lambda name: name.strip(" .") == name and any(map(str.isalnum, name))
    ),
    st.sampled_from(
        ["index", "2020-02-03-hello", "x-2021-03-04-y", "2019-12-31-index", "posts", "deep", "a.b"]
    ),
)
FOLDERS = st.sampled_from(
    ["", "posts/", "posts/", "posts/deep/", "blog/", "2018-04-05-dated/", "other/", "blog/deep/er/"]
)
DATES = st.sampled_from(
    [
        "2021-05-06",
        "2017-02-29",
        "2021-05-06 07:08:09",
        "2021-05-06T07:08:09Z",
        "2021-05-06T23:30:00.250-08:00",
        "2021-5-6 7:08:09 +2",
        "2021-05-06 07:08:09 -8",
        '"2021-05-06"',
        '"2021-05-06T07:08"',
        '"2021-W10-3"',
        '"20210506"',
        '"2021-05"',
        '"2021-05-06T07:08:09.5+0530"',
    ]
)
LIQUID = [
    "/{{ title | slugify }}/",
    "/{{ title | slug }}/x.html",
    "/{{ page.date | date: '%Y/%m/%-d' }}/{{ page.fileSlug }}/",
    "{{ page.filePathStem }}.html",
    "/a/{{ page.fileSlug | upcase | append: '-x' }}/index.html",
    "/{{ slug | default: page.fileSlug }}/",
    "/{{ missing }}/{{ page.fileSlug }}",
    "/{{ site.part }}/{{ page.fileSlug }}/",
]
NUNJUCKS = [
    "/{{ title | slugify }}/",
    "/{{ title }}/",
    "/{{ page.date.getFullYear() }}/{{ page.date.getMonth() + 1 }}/{{ page.fileSlug }}/",
    "{{ page.filePathStem }}/index.html",
    "/b/{{ slug or page.fileSlug | slugify }}/",
    "/{{ 'x' ~ page.fileSlug | upper }}/",
    "/{{ site.part }}/{{ page.fileSlug }}/",
]
PLAIN = ["/plain/{}/", "rel/{}", "/x//{}/../{}/", "/{}.html", "/{}/index.html", "/{}/index", "/été {}/"]


@st.composite
def front_matter(draw: st.DrawFn, engine: str, stem: str) -> dict[str, object]:
    """Keys as YAML texts, JSON being YAML."""
    fields: dict[str, object] = {}
    if draw(st.booleans()) or "20" not in stem:
        fields["date"] = draw(DATES)
    if draw(st.integers(0, 9)):
        fields["title"] = json.dumps(draw(TITLES), ensure_ascii=False)
    if draw(st.booleans()):
        fields["slug"] = json.dumps(draw(SLUGS), ensure_ascii=False)
    tags = draw(
        st.sampled_from(
            [
                None,
                None,
                "[]",
                "news",
                "posts",
                "[posts, a b]",
                "post,news",
                "[blog, 2024, yes]",
                "[all, c++]",
                "articles",
            ]
        )
    )
    if tags:
        fields["tags"] = tags
    kind = draw(st.integers(0, 9))
    if kind < 3:
        fields["permalink"] = json.dumps(
            draw(st.sampled_from({"njk": NUNJUCKS, "liquid": LIQUID}.get(engine, PLAIN)))
        )
    elif kind == 3:
        fields["permalink"] = json.dumps(draw(st.sampled_from(PLAIN)).replace("{}", stem), ensure_ascii=False)
    elif kind == 4:
        fields["permalink"] = draw(
            st.sampled_from(
                ["false", '""', "null", "{build: /built/" + str(draw(st.integers(0, 999))) + "/}"]
            )
        )
    if draw(st.integers(0, 9)) == 0:
        fields["eleventyExcludeFromCollections"] = draw(
            st.sampled_from(["true", "false", "[posts]", "posts"])
        )
    if draw(st.integers(0, 9)) == 0:
        fields["draft"] = draw(st.sampled_from(["true", "false", '"false"', "no", "null", "1", "0"]))
    if draw(st.integers(0, 9)) == 0:
        fields["layout"] = draw(st.sampled_from(["tagged", "bare.njk"]))
    return fields


def as_yaml(fields: dict[str, object]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in fields.items())


DATA = st.dictionaries(
    st.sampled_from(["tags", "permalink", "title", "draft", "layout", "eleventyComputed", "override:tags"]),
    st.just(None),
    max_size=3,
)


@st.composite
def data_file(draw: st.DrawFn, engine: str) -> dict[str, object]:
    values: dict[str, object] = {}
    for key in draw(DATA):
        if key in ("tags", "override:tags"):
            values[key] = draw(
                st.sampled_from(
                    ["posts", ["posts"], ["post", "extra"], ["x"], "blog,y"]
                    if key == "tags"
                    else [["posts"], []]
                )
            )
        elif key == "permalink":
            values[key] = draw(st.sampled_from({"njk": NUNJUCKS, "liquid": LIQUID}.get(engine, ["/same/"])))
        elif key == "title":
            values[key] = draw(TITLES)
        elif key == "draft":
            values[key] = draw(st.booleans())
        elif key == "layout":
            values[key] = draw(st.sampled_from(["tagged", "bare"]))
        else:
            values[key] = {"permalink": "/computed/{{ page.fileSlug }}/"}
    return values


def written(ending: str, values: dict[str, object]) -> str:
    text = json.dumps(values, ensure_ascii=False, indent=1)
    if ending == "mjs":
        return f"export default {text};\n"
    return f"// data\nmodule.exports = {text};\n" if ending in ("js", "cjs") else text


@st.composite
def sites(draw: st.DrawFn) -> dict[str, str]:
    """Every file of a site by its path."""
    engine = draw(st.sampled_from(["liquid", "njk", "liquid", "false"]))
    folder = draw(st.sampled_from(["", "src/", "content/"]))
    options: dict[str, object] = {"markdownTemplateEngine": engine if engine != "false" else False}
    if folder:
        options["dir"] = {"input": folder.rstrip("/"), "includes": "_inc", "data": "../_data"}
    calls = ""
    if draw(st.booleans()):
        calls += 'c.addPreprocessor("drafts", "*", (data, text) => { if (data.draft) return false; });\n'
    if draw(st.integers(0, 5)) == 0:
        calls += 'c.addGlobalData("permalink", "/g/{{ page.fileSlug }}/");\n'
    if draw(st.integers(0, 5)) == 0:
        calls += "c.setDataDeepMerge(false);\n"
    if draw(st.integers(0, 5)) == 0:
        calls += 'c.setDataFileBaseName("index");\n'
    if draw(st.booleans()):
        config = (
            f"export default async function (c) {{\n{calls}}}\nexport const config = {json.dumps(options)};\n"
        )
        files = {"eleventy.config.mjs": config}
    else:
        files = {
            ".eleventy.js": f"module.exports = function (c) {{\n{calls}  return {json.dumps(options)};\n}};\n"
        }
    files["_data/site.json"] = '{"url": "https://example.org/", "part": "Part One"}'
    includes = f"{folder}{'_inc' if folder else '_includes'}"
    files[f"{includes}/tagged.njk"] = "---\ntags: [posts, laid]\nlayout: bare\n---\n{{ content }}"
    files[f"{includes}/bare.njk"] = "---\ntags: bare\n---\n{{ content }}"
    names = st.tuples(FOLDERS, NAMES)
    for place, stem in draw(
        st.lists(names, min_size=1, max_size=10, unique_by=lambda name: "".join(name).casefold())
    ):
        fields = draw(front_matter(engine, place + stem))
        form = draw(st.sampled_from(["yaml", "yaml", "yaml", "json", "js"]))
        text = f"---\n{as_yaml(fields)}---\nText\n"
        if form != "yaml" and all(_is_json(value) for value in fields.values()):
            inner = "{" + ", ".join(f'"{key}": {value}' for key, value in fields.items()) + "}"
            text = f"---{form}\n{inner}\n---\nText\n"
        files[f"{folder}{place}{stem}.md"] = text
        if draw(st.integers(0, 5)) == 0:
            ending = draw(st.sampled_from(["11tydata.json", "json", "11tydata.js"]))
            files[f"{folder}{place}{stem}.{ending}"] = written(
                ending.rpartition(".")[2], draw(data_file(engine))
            )
    for place in ("posts", "posts/deep", "blog", "."):
        if draw(st.integers(0, 2)) == 0:
            ending = draw(
                st.sampled_from(["json", "11tydata.json", "11tydata.js", "11tydata.mjs", "11tydata.cjs"])
            )
            name = (folder.rstrip("/") or "x") if place == "." else place.rpartition("/")[2]
            name = "index" if draw(st.integers(0, 6)) == 0 else name
            inner = "" if place == "." else f"{place}/"
            files.setdefault(
                f"{folder}{inner}{name}.{ending}", written(ending.rpartition(".")[2], draw(data_file(engine)))
            )
    return files


def _is_json(value: object) -> bool:
    with contextlib.suppress(ValueError):
        return json.loads(str(value)) is not None
    return False


def wanted(pages: list[dict[str, object]], folder: str) -> dict[str, object]:
    """What Eleventy itself says of the pages that belong to a collection of posts."""
    found = {}
    for page in pages:
        tags = [str(tag) for tag in page["tags"]]  # type: ignore[attr-defined]
        collection = next((name for name in COLLECTIONS if name in tags), None)
        kept_from = page["kept"] if isinstance(page["kept"], list) else str(page["kept"]).split(",")
        if collection and collection not in kept_from and page["url"] is not False:
            path = str(page["path"]).removeprefix("./").removeprefix(folder)
            kept = dict.fromkeys(" ".join(tag.split()) for tag in tags if tag not in (collection, "all"))
            found[path] = (page["url"], page["date"], " ".join(str(page["title"]).split()), tuple(kept))
    return found


def ours(root: Path) -> tuple[dict[str, object], list[object]]:
    from urllib.parse import unquote

    findings: list[object] = []
    site = load_site(load_settings(root, environ={}), findings.append)
    found = load_posts(site, Policy(dt.datetime.now(dt.UTC)), lambda source: None, findings.append)
    return {
        post.source.path: (
            "/" + unquote(post.url.removeprefix(site.url)),
            post.published.strftime("%Y-%m-%dT%H:%M:%S.") + f"{post.published.microsecond // 1000:03}Z",
            post.title if "title" in post.source.fields else "",
            post.tags,
        )
        for post in (*found.published, *found.held)
    }, findings


CHECKED = {"sites": 0, "posts": 0, "refused": 0}


def check(worker: Worker, files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        pages = worker.ask({"root": name})
        if isinstance(pages, dict):
            CHECKED["refused"] += 1
            assume(False)
        assert isinstance(pages, list)
        folder = next(
            (top for top in ("src/", "content/") if any(path.startswith(top) for path in files)), ""
        )
        real = wanted(pages, folder)
        got, findings = ours(root)
        # A draft is left out whether or not the site's own code does so.
        for finding in findings:
            if getattr(finding, "rule", "") == "draft":
                real.pop(finding.at.path.removeprefix(folder), None)  # type: ignore[attr-defined]
        dated = {path: post for path, post in got.items() if path in real or not _by_folder(path)}
        assert not differing(dated, real), (differing(dated, real), findings)
        CHECKED["sites"] += 1
        CHECKED["posts"] += len(real)


def differing(got: dict[str, object], real: dict[str, object]) -> dict[str, tuple[object, object]]:
    """What we have and what Eleventy has, where they differ."""
    return {
        path: (got.get(path), real.get(path)) for path in {*got, *real} if got.get(path) != real.get(path)
    }


def _by_folder(path: str) -> bool:
    """Whether a page may be a post by its folder and date alone, which no collection of Eleventy tells."""
    return bool({"posts", "blog"} & set(path.split("/")[:-1]))


COUNT = int(os.environ.get("FEEDS_ELEVENTY_SITES", "300"))


@given(sites())
@settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_post_of_a_random_site_is_as_eleventy_has_it(worker: Worker, files: dict[str, str]) -> None:
    check(worker, files)


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cn"], max_codepoint=0x07FF), max_size=30),
    st.text("aAzZ09 -_'’`^&\"“.:éÖßñжъыеЙцΩάა\u0301\xa0\tﷺ♥🦄ⒶĲ日ｱ𝐀ẞ₹…—", max_size=20),
    TITLES,
)


@given(st.lists(TEXTS, min_size=50, max_size=200))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_slugs_of_random_texts_are_those_of_the_packages(worker: Worker, words: list[str]) -> None:
    told = worker.ask({"words": words})
    assert isinstance(told, list)
    for word, (first, second, third) in zip(words, told, strict=True):
        assert (word, slugify(word), slug(word)) == (word, first, second)
        assert third is None or (word, github_slug(word)) == (word, third)
