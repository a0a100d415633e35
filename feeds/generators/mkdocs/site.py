"""What MkDocs, Material and Zensical make of a project alike: its folders, its pages, what they leave out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.generators.addresses import media_rule, page_rule
from feeds.generators.base import output_folder, shown, site_url
from feeds.generators.defaults import merge_defaults
from feeds.generators.globs import compile_globs
from feeds.generators.meta import META_FILE, load_defaults
from feeds.generators.mkdocs.config import MkDocsConfig
from feeds.generators.mkdocs.values import MARKDOWN_ENDINGS, flag_of, text_of
from feeds.generators.slugs import Slugify
from feeds.model import Blog, Fields, Site, Source

_INDEXES = ("index", "README")
_ALWAYS_EXCLUDED = (".*", "/templates/")


@dataclass(frozen=True, slots=True)
class Project:
    """A project's configuration and where its files lie.

    `docs_name` is how messages name the docs folder, "" or ending with `/`; `theme_language` is the theme's
    language, `date_language` that of months in addresses; `defaults` are the meta plugin's;
    `keeps` tells what slugs hold besides letters and digits.
    """

    settings: Settings
    config: MkDocsConfig
    docs: Path
    docs_name: str
    output: Path
    url: str
    theme_language: str
    date_language: str
    directory_urls: bool
    defaults: tuple[tuple[str, Fields], ...]
    keeps: Callable[[str], bool] = lambda character: False

    @property
    def language(self) -> str:
        """The tag of the site's language."""
        return self.settings.site.language or self.theme_language.replace("_", "-")

    def complete(self, source: Source) -> Source:
        """A page with the defaults of its folders."""
        return merge_defaults(source, self.defaults)

    def site(
        self,
        generator: str,
        blogs: tuple[Blog, ...],
        *,
        category_slug: Slugify,
        category_page: Callable[[str], str] = lambda name: "",
        page_url: Callable[[str], str | None] | None = None,
        moves: bool = True,
    ) -> Site:
        """The site of these blogs, whose media are published in their blog's folder if `moves`."""
        settings, config = self.settings, self.config
        moved = tuple((folder, blog.home) for blog in blogs for folder in blog.folders) if moves else ()
        return Site(
            root=settings.root,
            docs=self.docs,
            docs_name=self.docs_name,
            output=self.output,
            generator=generator,
            title=settings.site.title or config.text("site_name", "Blog"),
            url=self.url,
            description=settings.site.description or config.text("site_description"),
            language=self.language,
            timezone=settings.site.timezone or "UTC",
            author=settings.site.author or config.text("site_author"),
            copyright=_plain(config.text("copyright")),
            blogs=blogs,
            markdown=config.markdown,
            category_slug=category_slug,
            category_page=category_page,
            excluded=_excluded(config, self.docs),
            page_url=page_url or page_rule(self.url, self.directory_urls),
            media_url=media_rule(self.url, moved),
            endings=MARKDOWN_ENDINGS,
        )


def open_project(settings: Settings, file: Path, config: MkDocsConfig, *, narrows: bool = False) -> Project:
    """The project that a configuration file describes.

    Args:
        settings: the settings.
        file: the configuration file, whose folder other paths count from.
        config: what it says.
        narrows: whether `[posts] folder` is a part of the docs folder rather than another one.

    Raises:
        FeedsError: the docs folder is not there, or the site's URL is not known.
    """
    own = config.text("docs_dir", "docs")
    docs = file.parent / (own if narrows else settings.posts.folder or own)
    if not docs.is_dir():
        at = config.fields.at("docs_dir") if "docs_dir" in config.fields else None
        raise FeedsError(f"the folder {shown(docs, settings.root)!r} does not exist", at, rule="docs-folder")
    theme = config.fields.values.get("theme")
    language = text_of(theme, "language", "en") if isinstance(theme, dict) else "en"
    name = shown(docs, settings.root)
    meta = config.plugin("meta", "material/meta")
    meta_file = text_of(meta.options, "meta_file", META_FILE) if meta else META_FILE
    return Project(
        settings=settings,
        config=config,
        docs=docs,
        docs_name=f"{name}/" if name != "." else "",
        output=output_folder(settings, file.parent / config.text("site_dir", "site")),
        url=site_url(settings, config.text("site_url"), f"set site_url in {config.fields.path}, or "),
        theme_language=language,
        date_language=language,
        directory_urls=flag_of(config.fields.values, "use_directory_urls", True),
        defaults=tuple(load_defaults(docs, name, meta_file)) if meta else (),
    )


def _excluded(config: MkDocsConfig, docs: Path) -> Callable[[str], bool]:
    """MkDocs leaves out dot files, `templates/`, and what `exclude_docs` and `draft_docs` name."""
    lines = [*_ALWAYS_EXCLUDED, *config.text("exclude_docs").split("\n")]
    draft_lines = config.text("draft_docs").split("\n")
    try:
        files, drafts = compile_globs(lines), compile_globs(draft_lines)
    except ValueError as error:
        at = config.fields.at("exclude_docs" if "exclude_docs" in config.fields else "draft_docs")
        raise FeedsError(f"this is no pattern of files: {error}", at, rule="exclude-docs") from None
    # A pattern with ! can bring single files of a folder back.
    whole_folders = not any(line.startswith("!") for line in (*lines, *draft_lines))

    def left_out(path: str) -> bool:
        return files(path) or drafts(path)

    def excluded(path: str) -> bool:
        if path.endswith("/"):
            return whole_folders and left_out(path)
        return left_out(path) or _gives_way(path, docs, left_out)

    return excluded


def _gives_way(path: str, docs: Path, left_out: Callable[[str], bool]) -> bool:
    """Whether a page is the first of those in its folder with one address, so that MkDocs takes a later one.

    So does `README.md` where there is an `index.md` (`mkdocs.structure.files.get_files`).
    """
    folder, name = posixpath.split(path)
    stem, ending = posixpath.splitext(name)
    if ending not in MARKDOWN_ENDINGS:
        return False
    stems = _INDEXES if stem in _INDEXES else (stem,)
    twins = sorted(f"{other}{end}" for other in stems for end in MARKDOWN_ENDINGS)
    twins = [twin for twin in twins if twin == name or (docs / folder / twin).is_file()]
    later = [posixpath.join(folder, twin) for twin in twins[1:]]
    return twins[0] == name and not all(map(left_out, later))


def _plain(markup: str) -> str:
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())
