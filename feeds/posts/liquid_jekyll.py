"""Jekyll's own Liquid (https://jekyllrb.com/docs/liquid/): its tags, its filters, and what posts can name."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

from feeds.generators.jekyll.files import parse_name
from feeds.generators.jekyll.permalinks import slugify
from feeds.generators.jekyll.values import native
from feeds.model import Post
from feeds.posts.liquid import expand_liquid
from feeds.posts.liquid_dialect import Call, Dialect
from feeds.posts.liquid_filters import as_date, shown, strftime
from feeds.posts.liquid_markdown import MarkdownFilter
from feeds.posts.scope import Scope

_PARAMETER = re.compile(r"""([\w-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([\w.\[\]'"-]+))""")
_FILE_NAME = re.compile(r"[\w/.\-()+~#@ ]+")
_LANGUAGE = re.compile(r"[a-zA-Z0-9.+#_-]+")
_SAFE = "/:?#[]@!$&'()*+,;=~%"
_SILENT = ("seo", "feed_meta", "github_edit_link", "toc")
_LINKS = {
    "gist": "https://gist.github.com/{}",
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "twitter": "{}",
    "tweet": "{}",
}
"""Tags of well-known plugins, which name something that can be linked."""


def expand_jekyll(text: str, scope: Scope) -> str:
    """The text of a post without Liquid, unless its front matter says that there is none."""
    if native(scope.source.fields.values.get("render_with_liquid")) is False:
        return text
    return expand_liquid(text, dialect(scope), scope)


def dialect(scope: Scope) -> Dialect:
    """Jekyll's Liquid as it is in one post."""
    tags = _Tags(scope)
    return Dialect(
        variables=_variables(scope),
        tags={
            "post_url": tags.post_url,
            "link": tags.link,
            "include": tags.include,
            "include_cached": tags.include,
            "include_relative": tags.include_relative,
            **dict.fromkeys(_SILENT, lambda call: ""),
            **{name: partial(_link, address) for name, address in _LINKS.items()},
        },
        blocks={"highlight": _highlight},
        filters=_filters(scope),
    )


# --- what posts can name -----------------------------------------------------------------------------------


def _variables(scope: Scope) -> dict[str, object]:
    parts = urlsplit(scope.site.url)
    own = scope.site.variables.get("site")
    site = {
        **(own if isinstance(own, Mapping) else {}),
        "url": f"{parts.scheme}://{parts.netloc}",
        "baseurl": parts.path.rstrip("/"),
        "posts": _Posts(scope),
        "title": scope.site.title,
    }
    post = scope.posts.get(scope.source.path)
    values = {key: native(value) for key, value in scope.source.fields.values.items()}
    page = {**values, **(_post(post, parts.path) if post else {}), "url": _path(scope.page_url, parts.path)}
    return {"site": site, "page": page, "jekyll": {"environment": "production"}}


def _path(url: str, base: str) -> str:
    """An address as Jekyll counts it, from the site's own."""
    return f"/{urlsplit(url).path.removeprefix(base)}"


def _post(post: Post, base: str) -> dict[str, object]:
    """A post as templates see it."""
    values = {key: native(value) for key, value in post.source.fields.values.items()}
    url = _path(post.url, base)
    name = parse_name(post.source.path, draft=True)
    slug = values.get("slug") or (name.slug if name else "")
    return {
        **values,
        "title": post.title,
        "date": post.published,
        "url": url,
        "id": posixpath.join(posixpath.dirname(url), shown(slug)),
        "slug": slug,
        "path": post.source.path,
        "name": posixpath.basename(post.source.path),
        "categories": list(post.categories),
        "tags": list(post.tags),
        "collection": "posts",
    }


class _Posts(Sequence[object]):
    """The published posts, the newest first; made only where a template asks for them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._posts: list[object] | None = None

    def _all(self) -> list[object]:
        if self._posts is None:
            newest = sorted(self._scope.posts.values(), key=lambda post: post.published, reverse=True)
            base = urlsplit(self._scope.site.url).path
            self._posts = [_post(post, base) for post in newest]
        return self._posts

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._scope.posts)


# --- tags --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tags:
    """The tags that look into the site."""

    scope: Scope

    def post_url(self, call: Call) -> str:
        name = call.markup.strip().strip("\"'").removeprefix("/")
        folder, stem = posixpath.split(name)
        collections = self._collections()
        for ending in self.scope.site.endings:
            for path in (f"_posts/{folder}/{stem}", f"{folder}/_posts/{stem}"):
                if found := self.scope.posts.get(
                    posixpath.normpath(f"{collections}{path}").lstrip("/") + ending
                ):
                    return found.url
        for path, post in self.scope.posts.items():
            if posixpath.splitext(posixpath.basename(path))[0] == stem:
                return post.url
        call.warn(f"there is no post {name!r}; the link is left out")
        return ""

    def link(self, call: Call) -> str:
        path = call.render(call.markup, {}) if "{{" in call.markup else call.markup
        path = path.strip().strip("\"'").lstrip("/")
        for given in (path, f"{self._collections()}{path}"):
            if given in self.scope.posts:
                return self.scope.posts[given].url
            if address := self.scope.pages.get(given) or self.scope.site.page_url(given):
                return address
        call.warn(f"there is no file {path!r}; the link is left out")
        return ""

    def include(self, call: Call) -> str:
        folder = self.scope.site.variables.get("includes")
        return self._include(call, folder if isinstance(folder, Path) else self.scope.site.docs / "_includes")

    def include_relative(self, call: Call) -> str:
        return self._include(call, (self.scope.site.docs / self.scope.source.path).parent)

    def _include(self, call: Call, folder: Path) -> str:
        name, parameters = _included(call)
        if not _FILE_NAME.fullmatch(name) or ".." in name:
            call.warn(f"the file {name!r} is not included, which is no name of a file")
            return ""
        text = self.scope.load_text(folder / name)
        if text is None:
            call.warn(f"the file {name!r} is not among the includes; it is left out")
            return ""
        return call.render(text, {"include": parameters})

    def _collections(self) -> str:
        own = self.scope.site.variables.get("site")
        folder = own.get("collections_dir") if isinstance(own, Mapping) else ""
        return f"{folder.strip('/')}/" if isinstance(folder, str) and folder else ""


def _included(call: Call) -> tuple[str, dict[str, object]]:
    """The file that an include names, and what it is given."""
    markup = call.markup
    if markup.startswith(("{{", '"{{', "'{{")) or "{{" in markup.split(" ", 1)[0]:
        end = markup.find("}}") + 2
        while end < len(markup) and not markup[end].isspace():
            end += 1
        name, rest = call.render(markup[:end], {}), markup[end:]
    else:
        name, _, rest = markup.partition(" ")
    values: dict[str, object] = {}
    for key, double, single, variable in (found.groups() for found in _PARAMETER.finditer(rest)):
        quoted = double if double is not None else single
        values[key] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else call.value(variable)
    return name.strip().strip("\"'"), values


def _highlight(call: Call) -> str:
    """Code on one line, without a character that Markdown knows, to stand wherever the tag does."""
    found = _LANGUAGE.match(call.markup)
    language = found[0].lower().replace("+", "-") if found else ""
    code = "".join(
        character if character.isalnum() or character == " " else f"&#{ord(character)};"
        for character in call.body.strip("\n")
    )
    return f'<pre><code class="language-{language}">{code}</code></pre>'


def _link(address: str, call: Call) -> str:
    """A link to what a plugin would embed."""
    given = call.markup.split()
    if not given or not re.fullmatch(r"[\w./:?=&%#-]+", name := given[0].strip("\"'")):
        call.warn(f"the tag {{% {call.name} %}} is left out")
        return ""
    url = name if name.startswith(("http://", "https://")) else address.format(name)
    return f"[{url}]({url})" if url.startswith("http") else ""


# --- filters -----------------------------------------------------------------------------------------------


def _filters(scope: Scope) -> dict[str, Callable[..., object]]:
    base = urlsplit(scope.site.url).path.rstrip("/")
    root = scope.site.url.removesuffix("/").removesuffix(base)

    def relative(value: object) -> object:
        text = shown(value)
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text):
            return text
        return quote(f"{base}/{text.lstrip('/')}", safe=_SAFE) if text or base else text

    def absolute(value: object) -> object:
        text = shown(relative(value))
        return f"{root}{text}" if text.startswith("/") else text or scope.site.url

    return {
        "relative_url": relative,
        "absolute_url": absolute,
        "markdownify": MarkdownFilter(scope),
        **_FILTERS,
    }


def _items(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _property(item: object, name: object) -> object:
    for part in shown(name).split("."):
        item = item.get(part) if isinstance(item, Mapping) else None
    return item


def _where(value: object, name: object = "", target: object = None) -> object:
    """Jekyll's `where`: texts are compared, and a list has a value that it contains."""
    if isinstance(value, str) or not isinstance(value, (Sequence, Mapping)):
        return value

    def matches(item: object) -> bool:
        found = _property(item, name)
        if target is None or found is None:
            return found is target
        return shown(target) in map(shown, _items(found))

    return [item for item in _items(value) if matches(item)]


def _sorted(value: object, name: object = None, nils: object = "first") -> object:
    def rank(item: object) -> tuple[int, float, str]:
        found = item if name is None else _property(item, name)
        if found is None:
            return (-1 if nils == "first" else 2), 0.0, ""
        if isinstance(found, dt.datetime):
            return 0, found.timestamp(), ""
        if isinstance(found, (int, float)):
            return 0, float(found), ""
        return 1, 0.0, shown(found)

    return sorted(_items(value), key=rank)


def _groups(value: object, name: object = "") -> list[dict[str, object]]:
    groups: dict[str, list[object]] = {}
    for item in _items(value):
        groups.setdefault(shown(_property(item, name)), []).append(item)
    return [{"name": key, "items": items, "size": len(items)} for key, items in groups.items()]


def _sentence(value: object, connector: object = "and") -> str:
    *others, last = [shown(item) for item in _items(value)] or [""]
    if not others:
        return last
    return f"{', '.join(others)}{',' if len(others) > 1 else ''} {shown(connector)} {last}"


def _day(month: str, value: object, style: object = "", country: object = "") -> object:
    """`date_to_string` and its like: `27 Jan 2026`, `27th Jan 2026`, `Jan 27th, 2026`."""
    date = as_date(value)
    if not date:
        return value
    if style != "ordinal":
        return strftime(date, f"%d {month} %Y")
    ending = "th" if date.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(date.day % 10, "th")
    if country == "US":
        return strftime(date, f"{month} {date.day}{ending}, %Y")
    return strftime(date, f"{date.day}{ending} {month} %Y")


def _dated(pattern: str, value: object) -> object:
    date = as_date(value)
    return strftime(date, pattern) if date else value


def _json(value: object) -> str:
    import json

    return json.dumps(
        value,
        ensure_ascii=False,
        default=lambda item: list(item) if isinstance(item, Sequence) else shown(item),
    )


def _escaped(value: object) -> str:
    from html import escape

    return escape(shown(value), quote=True)


def _integer(value: object) -> int:
    found = re.match(r"\s*[-+]?\d{1,100}", shown(value))
    return int(value) if isinstance(value, (bool, float)) else int(found[0]) if found else 0


def _end(value: object, *, first: bool, number: object = 1) -> object:
    if not isinstance(value, list):
        return value
    items, count = _items(value), max(_integer(number), 0)
    return items[count:] if first else items[: len(items) - count]


_FILTERS: Mapping[str, Callable[..., object]] = {
    "array_to_sentence_string": _sentence,
    "cgi_escape": lambda value: quote_plus(shown(value)),
    "date_to_long_string": partial(_day, "%B"),
    "date_to_rfc822": partial(_dated, "%a, %d %b %Y %H:%M:%S %z"),
    "date_to_string": partial(_day, "%b"),
    "date_to_xmlschema": partial(_dated, "%Y-%m-%dT%H:%M:%S%:z"),
    "group_by": _groups,
    "inspect": _json,
    "jsonify": _json,
    "normalize_whitespace": lambda value: " ".join(shown(value).split()),
    "number_of_words": lambda value, mode="": len(shown(value).split()),
    "pop": lambda value, number=1: _end(value, first=False, number=number),
    "push": lambda value, item=None: [*value, item] if isinstance(value, list) else value,
    "sample": lambda value, number=1: _items(value)[0] if _items(value) else None,
    "shift": lambda value, number=1: _end(value, first=True, number=number),
    "slugify": lambda value, mode="": slugify(shown(value), pretty=mode == "pretty"),
    "smartify": shown,
    "sort": _sorted,
    "strip_index": lambda value: re.sub(r"/index\.html?$", "/", shown(value)),
    "to_integer": _integer,
    "unshift": lambda value, item=None: [item, *value] if isinstance(value, list) else value,
    "uri_escape": lambda value: quote(shown(value), safe=_SAFE),
    "where": _where,
    "xml_escape": _escaped,
}
