"""The smallest site of each generator, and how each writes a post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from projects import write_files

from feeds.config import GENERATOR_NAMES

_MKDOCS = "site_name: Tides\nsite_url: https://tides.example/\n"
_ASTRO_ROUTE = """---
export async function getStaticPaths() {
  const posts = await getCollection('blog');
  return posts.map((post) => ({ params: { slug: post.id }, props: post }));
}
---
<h1>A post</h1>
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A site without posts: its files, its configuration's name, and where and how its posts are written.

    `folder` is where posts lie, `name` what the file of a post about "High tide" is called, `keys` what its
    front matter says; `url` is where that post lies.
    """

    config: str
    files: Mapping[str, str]
    folder: str
    url: str
    name: str = "high-tide.md"
    keys: Mapping[str, str] = field(default_factory=lambda: {"title": "High tide", "date": "2026-11-01"})
    flags: tuple[str, ...] = ()

    def post(self, text: str = "The text.\n", **keys: str) -> str:
        """A post as this generator's users write it; a key that is `""` is left out."""
        lines = [f"{key}: {value}" for key, value in {**self.keys, **keys}.items() if value]
        return "---\n" + "\n".join(lines) + f"\n---\n\n{text}"

    def write(self, root: Path, posts: Mapping[str, str | bytes] | None = None, settings: str = "") -> Path:
        """The site in a folder, with posts by file name; without any, with the one about high tide."""
        given = {self.name: self.post()} if posts is None else posts
        below = {f"{self.folder}/{name}": text for name, text in given.items()}
        own = {"feeds.toml": settings} if settings else {}
        return write_files(root, {**self.files, **own, **below})


SITES: Mapping[str, Sample] = {
    "zensical": Sample(
        "zensical.toml",
        {
            "zensical.toml": '[project]\nsite_name = "Tides"\nsite_url = "https://tides.example/"\n'
            "[project.plugins.blog]\n"
        },
        "docs/blog/posts",
        "blog/2026/11/01/high-tide/",
    ),
    "material": Sample(
        "mkdocs.yml",
        {"mkdocs.yml": f"{_MKDOCS}plugins: [blog]\n"},
        "docs/blog/posts",
        "blog/2026/11/01/high-tide/",
    ),
    "mkdocs": Sample(
        "mkdocs.yml", {"mkdocs.yml": _MKDOCS}, "docs/news", "news/high-tide/", flags=("--generator", "mkdocs")
    ),
    "hugo": Sample(
        "hugo.toml",
        {"hugo.toml": 'baseURL = "https://tides.example/"\ntitle = "Tides"\n'},
        "content/posts",
        "posts/high-tide/",
    ),
    "jekyll": Sample(
        "_config.yml",
        {"_config.yml": "title: Tides\nurl: https://tides.example\n"},
        "_posts",
        "2026/11/01/high-tide.html",
        name="2026-11-01-high-tide.md",
    ),
    "zola": Sample(
        "zola.toml",
        {
            "zola.toml": 'base_url = "https://tides.example"\ntitle = "Tides"\n',
            "content/blog/_index.md": "+++\n+++\n",
        },
        "content/blog",
        "blog/high-tide/",
    ),
    "pelican": Sample(
        "pelicanconf.py",
        {"pelicanconf.py": "SITENAME = 'Tides'\nSITEURL = 'https://tides.example'\nPATH = 'content'\n"},
        "content",
        "high-tide.html",
    ),
    "docusaurus": Sample(
        "docusaurus.config.js",
        {
            "docusaurus.config.js": "module.exports = { title: 'Tides', url: 'https://tides.example', "
            "baseUrl: '/', presets: [['classic', {}]] };\n"
        },
        "blog",
        "blog/2026/11/01/high-tide",
        name="2026-11-01-high-tide.md",
    ),
    "astro": Sample(
        "astro.config.mjs",
        {
            "astro.config.mjs": "export default { site: 'https://tides.example' };\n",
            "src/content.config.ts": "const blog = defineCollection({ loader: "
            "glob({ base: './src/content/blog', pattern: '**/*.{md,mdx}' }) });\n"
            "export const collections = { blog };\n",
            "src/pages/blog/[...slug].astro": _ASTRO_ROUTE,
        },
        "src/content/blog",
        "blog/high-tide/",
        keys={"title": "High tide", "pubDate": "2026-11-01"},
    ),
    "eleventy": Sample(
        ".eleventy.js",
        {
            ".eleventy.js": "module.exports = function (config) { return {}; };\n",
            "_data/metadata.json": '{"title": "Tides", "url": "https://tides.example/"}',
            "posts/posts.json": '{"tags": "posts"}',
        },
        "posts",
        "posts/high-tide/",
    ),
    "plain": Sample(
        "feeds.toml",
        {"feeds.toml": '[site]\ntitle = "Tides"\nurl = "https://tides.example/"\n'},
        "content/posts",
        "2026/11/01/high-tide/",
    ),
}
assert set(SITES) == set(GENERATOR_NAMES)
