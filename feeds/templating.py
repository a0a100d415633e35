"""The Jinja environment, and where templates are looked up: the user's folder first, then the bundled one."""

from __future__ import annotations

import hashlib
import inspect
import marshal
import sys
import traceback
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from feeds.errors import FeedsError, Location
from feeds.lazily import postponed
from feeds.model import Site
from feeds.watch import note_looked

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket

BUNDLED = "feeds"
"""The prefix under which a bundled template is always found: `feeds/digest.html`."""

_PLAIN_SUFFIXES = frozenset({".txt", ".css"})
_JINJA_SUFFIXES = frozenset({".j2", ".jinja", ".jinja2"})


_MOST_CODES = 256
"""How many compiled templates are kept; a preview of templates being edited makes ever new ones."""

_SEAL = 32

_SITE_VALUES = ("title", "url", "description", "author", "language", "copyright")


class Html(str):
    """Text that is HTML already: templates show it without escaping it."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


class Templates:
    """The templates of a user's folder and the bundled ones.

    Templates run in Jinja's sandbox; a name that is not defined is an error; the same values always give
    the same text, as nothing in reach tells the time or draws lots. Names ending in `.txt` or `.css`
    (before a `.j2`) are written as they are, all others escape what they show.

    Args:
        root: the folder in which the user's folder lies.
        folder: the user's folder relative to `root`; "" for none.
        filters: functions that templates call as `{{ value | name }}`, besides Jinja's own.
    """

    def __init__(self, root: Path, folder: str, filters: Mapping[str, Callable[..., object]]) -> None:
        if folder and not (root / folder).is_dir():
            raise FeedsError(
                f"there is no folder {folder!r}, which `templates` of the newsletter names",
                help="create it, or remove the key to use the bundled templates",
                rule="templates-folder",
            )
        self._user = root / folder if folder else None
        self._shown = f"{PurePath(folder).as_posix()}/" if folder else ""
        self._bundled = _bundled_folder()
        self._filters = filters

    @cached_property
    def _environment(self) -> Environment:
        return _environment(self._load, self._filters)

    def prepare(self) -> None:
        """Load Jinja now, so that copies of this process find it there."""
        _ = self._environment

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """The template's text for these values.

        Raises:
            FeedsError: the template is missing or malformed, or what it asks for cannot be done.
        """
        environment = self._environment
        import jinja2

        try:
            return environment.get_template(name).render(values)
        except jinja2.TemplateNotFound as error:
            wanted = error.name or name
            self._fail(
                error, f"there is no template {wanted!r}", "a bundled one is called `feeds/digest.html`"
            )
        except jinja2.UndefinedError as error:
            help = f"values at hand: {', '.join(sorted(values))}"
            self._fail(error, error.message or "a name is not defined", help)
        except jinja2.TemplateError as error:
            self._fail(error, error.message or type(error).__name__)
        except RecursionError as error:
            help = f'a template extends the bundled one of its name by {{% extends "{BUNDLED}/{name}" %}}'
            self._fail(error, "the template extends or includes itself without end", help)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            if not self._is_users(self._place(error)):
                raise
            self._fail(error, f"{type(error).__name__}: {error}")

    def texts(self, name: str) -> Iterator[tuple[str, str]]:
        """The path as shown, and the text, of every file of a name: the bundled one, then the user's."""
        for path, shown in reversed(list(self._candidates(name))):
            yield shown, _read(path, shown)

    def locator(self, name: str, values: Mapping[str, object]) -> Callable[[int, str], Location | None]:
        """A finder of where in which template something was written that stands in a rendered text.

        It is called with how many characters of the text come before, and with what stands there. The line
        is the nearest that holds that, else the line of the block or call.
        """

        @cache
        def pieces() -> tuple[list[int], list[tuple[str, tuple[str, str, int]]]]:
            template = self._environment.get_template(name)
            stream = template.root_render_func(template.new_context(dict(values)))
            found = [(piece, _place_in(stream)) for piece in stream]
            return list(accumulate(len(piece) for piece, _ in found)), found

        def locate(offset: int, text: str) -> Location | None:
            ends, found = pieces()
            number = bisect_right(ends, offset)
            if number == len(found):
                return None
            piece, place = found[number]
            below = piece.count("\n", 0, len(piece) - ends[number] + offset)
            return self._line_of(text, below, *place)

        return locate

    def _line_of(self, text: str, below: int, name: str, shown: str, line: int) -> Location:
        """The line, `below` others or so under the given one, that holds the text."""
        source = self._load(name)
        lines = source[0].split("\n") if source else []
        holding = [number for number, each in enumerate(lines, 1) if text and text in each]
        near = [number for number in holding if line <= number <= line + below + 1]
        if near:
            return Location(shown, min(near, key=lambda number: abs(line + below - number)))
        return Location(shown, holding[0] if len(holding) == 1 else line)

    def _load(self, name: str) -> tuple[str, str, None] | None:
        for path, shown in self._candidates(name):
            return _read(path, shown), shown, None
        return None

    def _candidates(self, name: str) -> Iterator[tuple[Path, str]]:
        """The files that a name may mean, the one that is meant first."""
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or "\\" in name or ":" in name:
            return
        if pure.parts[:1] == (BUNDLED,):
            places = [(self._bundled.joinpath(*pure.parts[1:]), name)]
        else:
            places = [(self._bundled / pure, f"{BUNDLED}/{name}")]
            if self._user:
                note_looked(str(self._user / pure))
                places.insert(0, (self._user / pure, self._shown + name))
        yield from ((path, shown) for path, shown in places if path.is_file())

    def _place(self, error: Exception) -> Location | None:
        """The line of the innermost template that an error came through."""
        places = [
            Location(frame.f_code.co_filename, line)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename.startswith((f"{BUNDLED}/", self._shown or f"{BUNDLED}/"))
        ]
        return places[-1] if places else None

    def _is_users(self, place: Location | None) -> bool:
        return place is not None and bool(self._shown) and place.path.startswith(self._shown)

    def _fail(self, error: Exception, message: str, help: str = "") -> NoReturn:
        line, path = getattr(error, "lineno", None), getattr(error, "filename", None)
        at = Location(path, line) if path and line else self._place(error)
        raise FeedsError(message, at, help, rule="template") from error


def _place_in(stream: Iterator[str]) -> tuple[str, str, int]:
    """Name, path and line of the innermost template that a running one is in."""
    running: Any = stream
    while inspect.isgenerator(running.gi_yieldfrom):
        running = running.gi_yieldfrom
    frame = running.gi_frame
    template = frame.f_globals["__jinja_template__"]
    return template.name, template.filename, template.get_corresponding_lineno(frame.f_lineno)


def _environment(
    load: Callable[[str], tuple[str, str, None] | None], filters: Mapping[str, Callable[..., object]]
) -> Environment:
    with postponed("tempfile"):  # for compiled templates in files, which are kept otherwise here
        from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.utils import missing

    class Scope(Context):
        """The values of a block: those around it and its own; all else is the very one of its template."""

        def derived(self, locals: dict[str, Any] | None = None) -> Context:
            inner = Scope.__new__(Scope)
            inner.__dict__.update(self.__dict__)
            inner.parent = {**self.parent, **self.vars}
            for name, value in (locals or {}).items():
                if value is not missing:
                    inner.parent[name] = value
            inner.vars, inner.exported_vars, inner.globals_keys = {}, set(), set()
            return inner

    class Sandbox(ImmutableSandboxedEnvironment):
        """Jinja's sandbox, without the way from a value of ours to the file system.

        What Jinja itself says of an attribute hangs on its name and the type that has it: it is asked once.
        """

        context_class = Scope
        known: ClassVar[dict[tuple[type, str], bool]] = {}

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            key = (type(obj), attr)
            if key not in self.known:
                safe = super().is_safe_attribute(obj, attr, value)
                self.known[key] = safe and not isinstance(obj, PurePath)
            return self.known[key] and not isinstance(value, PurePath)

    environment = Sandbox(
        loader=FunctionLoader(load),
        bytecode_cache=_compiled_once(),
        optimized=False,  # nothing of one environment, such as what its filters give, is in compiled code
        undefined=StrictUndefined,
        autoescape=escapes,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    del environment.globals["lipsum"], environment.filters["random"]
    environment.filters.update(filters)
    return environment


@cache
def _compiled_once() -> BytecodeCache:
    """Keeps what templates are compiled to, which is most of the work on them, while the process lives.

    Of the bundled ones it is kept longer: where Python keeps what it compiles of this package, if it does.
    """
    from jinja2 import BytecodeCache, compiler

    makers = [file.stat().st_mtime_ns for file in map(Path, (__file__, compiler.__file__)) if file.is_file()]

    class Compiled(BytecodeCache):
        def __init__(self) -> None:
            self._codes: dict[tuple[str, str], CodeType] = {}

        def get_cache_key(self, name: str, filename: str | None = None) -> str:
            return f"{filename}|{name}"

        def get_source_checksum(self, source: str) -> str:
            return hashlib.sha256(f"{makers} {source}".encode("utf-8", "surrogatepass")).hexdigest()

        def load_bytecode(self, bucket: Bucket) -> None:
            bucket.code = self._codes.get((bucket.key, bucket.checksum))
            if bucket.code is None and (code := _load_code(bucket.key, bucket.checksum)):
                self._keep(bucket, code)

        def dump_bytecode(self, bucket: Bucket) -> None:
            if bucket.code:
                self._keep(bucket, bucket.code)
                _write_code(bucket.key, bucket.checksum, bucket.code)

        def _keep(self, bucket: Bucket, code: CodeType) -> None:
            if len(self._codes) == _MOST_CODES:
                self._codes.clear()
            self._codes[bucket.key, bucket.checksum] = bucket.code = code

    return Compiled()


def _code_path(key: str) -> Path | None:
    """Where the code of a bundled template is kept; None for another's, or where Python keeps none."""
    if not (__spec__.cached and key.startswith(f"{BUNDLED}/")):
        return None
    name = key.replace("/", "-").replace("|", "-")
    return Path(__spec__.cached).parent / f"{name}.{sys.implementation.cache_tag}"


def _load_code(key: str, checksum: str) -> CodeType | None:
    """The code that was kept of a template; None if there is none, or not of that checksum, or damaged."""
    path = _code_path(key)
    try:
        data = path.read_bytes() if path else b""
    except OSError:
        return None
    seal, code = data[:_SEAL], data[_SEAL:]
    return marshal.loads(code) if seal == _sealed(checksum, code) else None


def _write_code(key: str, checksum: str, code: CodeType) -> None:
    """Keep the code of a template; what hinders that is no trouble."""
    path = _code_path(key)
    if path and not sys.dont_write_bytecode:
        data = marshal.dumps(code)
        with suppress(OSError):
            path.write_bytes(_sealed(checksum, data) + data)


def _sealed(checksum: str, code: bytes) -> bytes:
    """What stands before a template's code, so that nothing but that is run."""
    return hashlib.sha256(checksum.encode() + code).digest()


def site_values(site: Site) -> dict[str, str]:
    """What templates see of the site: nothing that would be another on another machine."""
    return {name: getattr(site, name) for name in _SITE_VALUES}


@cache
def escapes(name: str | None) -> bool:
    """Whether a template of this name escapes what it shows."""
    suffixes = [suffix for suffix in PurePosixPath(name or "").suffixes if suffix not in _JINJA_SUFFIXES]
    return not suffixes or suffixes[-1] not in _PLAIN_SUFFIXES


def _bundled_folder() -> Path:
    """`templates/` inside the installed package, else beside the package in a checkout."""
    packaged = Path(__file__).parent / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "templates"


def _read(path: Path, shown: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedsError(
            f"the file is not UTF-8: byte {error.object[error.start]:#04x} at {error.start}",
            Location(shown),
            "save it as UTF-8",
            rule="encoding",
        ) from None
