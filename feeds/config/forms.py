"""What the text of a key must look like: each form takes what was written and gives what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from feeds.config.keys import FORMAT_NAMES, one_of
from feeds.errors import FeedsError

_ADDRESS_HELP = "write it like https://example.org/blog/"
PLACEHOLDERS = ("date", "year", "month", "day", "slug", "file", "path", "categories")


def near(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant; empty if none is like it."""
    import difflib

    return next(iter(difflib.get_close_matches(word, list(words), 1)), "")


def _parse_line(text: str) -> str:
    """One line: names and titles end up in the headers of letters."""
    if found := re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", text):
        what = "a line break" if found[0] in "\r\n" else f"the control character U+{ord(found[0]):04X}"
        raise _wrong(f"{text!r} holds {what}", "leave it out")
    return text


def _parse_lines(text: str) -> str:
    return "\n".join(_parse_line(line.strip()) for line in text.split("\n"))


def _parse_folder(text: str) -> str:
    if not text:
        raise _wrong("this names no folder", "write its path, or leave the key out")
    return _parse_line(text)


def _parse_web_address(text: str) -> str:
    """An absolute http(s) address, which ends with `/` from here on."""
    address = _parse_address(text)
    if "?" in text or "#" in text:
        raise _wrong(f"{text!r} has a query or a fragment, after which no path can follow", _ADDRESS_HELP)
    return address.rstrip("/") + "/"


def _parse_address(text: str) -> str:
    """An absolute http(s) address, as it is written; a host alone gets its `/`."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _wrong(f"{text!r} is no web address: {error}", _ADDRESS_HELP) from None
    if parts.scheme not in ("http", "https") or not host:
        raise _wrong(f"{text!r} does not begin with https:// and a host", _ADDRESS_HELP)
    if re.search(r'[\s\x00-\x1f\x7f-\x9f\\<>"{}|^`]', text):
        raise _wrong(f"{text!r} holds a character that web addresses must not", _ADDRESS_HELP)
    if "@" in parts.netloc:
        raise _wrong(f"{text!r} holds a user's name, which every reader would see", _ADDRESS_HELP)
    return text if parts.path or parts.query or parts.fragment else f"{text}/"


def _parse_language(text: str) -> str:
    """A language tag of the shape of BCP 47; whether it is registered is not looked up."""
    shape = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"
    if re.fullmatch(shape, text):
        return text
    mended = text.partition(".")[0].replace("_", "-")
    help = f"write {mended}" if re.fullmatch(shape, mended) else "write a tag such as en or pt-BR"
    raise _wrong(f"{text!r} is not a language tag", help)


def _parse_timezone(text: str) -> str:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # OSError: a folder of zones, such as `Europe`
        meant = near(text, sorted(zoneinfo.available_timezones()))
        help = f"did you mean {meant}?" if meant else "write a name such as Europe/Berlin or UTC"
        raise _wrong(f"{text!r} is not a time zone", help) from None
    return text


def _parse_time(text: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", text):
        raise _wrong(f"{text!r} is not a time of day", "write it like 09:00")
    return text


def _parse_mail_address(text: str) -> str:
    """A mail address, alone or in angle brackets behind a name; whether it exists is not looked up."""
    address = r"[^\s<>@,;]+@[^\s<>@,;]+"
    if not re.fullmatch(rf"{address}|[^<>@]*<{address}>", text):
        raise _wrong(f"{text!r} is not a mail address", "write it like Ada Lovelace <ada@example.org>")
    return _parse_line(text)


def _parse_colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise _wrong(f"{text!r} is not a colour that every mail program knows", "write it like #0f5c8c")
    return text.lower()


def _parse_fonts(text: str) -> str:
    """A list of font families, which ends up in a stylesheet: letters, digits, spaces, commas and hyphens."""
    if not re.fullmatch(r"[\w-]+( [\w-]+)*(, ?[\w-]+( [\w-]+)*)*", text):
        raise _wrong(f"{text!r} is no list of fonts", "write it like Georgia, Times New Roman, serif")
    return text


def _parse_transport(text: str) -> str:
    """`smtp://host`, `smtps://host:465`, `smtp+starttls://host:587`, `folder:path`; never a password."""
    help = "write it like smtp+starttls://mail.example.org:587, or folder:outbox"
    if text.startswith("folder:") and len(text) > len("folder:"):
        return _parse_line(text)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _wrong(f"{text!r} is no transport: {error}", help) from None
    if "@" in parts.netloc:
        help = "give them by FEEDS_SMTP_USER and FEEDS_SMTP_PASSWORD in the environment"
        raise _wrong("a transport must not hold a user or a password", help)
    if (
        parts.scheme not in ("smtp", "smtps", "smtp+starttls")
        or not host
        or parts.path.strip("/")
        or parts.query
    ):
        raise _wrong(f"{text!r} is no transport", help)
    return _parse_line(text)


def _parse_token_address(text: str) -> str:
    """An https address with one `{token}` in its path or query."""
    address = _parse_address(text.replace("{token}", "TOKEN"))
    is_secure = address.startswith("https://") or urlsplit(address).hostname in ("localhost", "127.0.0.1")
    if text.count("{token}") != 1 or "{token}" in urlsplit(text).netloc or not is_secure:
        help = "write it like https://example.org/unsubscribe?t={token}"
        raise _wrong(f"{text!r} is no https address with one {{token}} in it", help)
    return text


def _parse_token_mailbox(text: str) -> str:
    """A mail address, with or without one `{token}` before its `@`."""
    _parse_mail_address(text.replace("{token}", "token"))
    if "<" in text or text.count("{token}") > 1 or "{token}" in text.partition("@")[2]:
        raise _wrong(f"{text!r} is no envelope sender", "write it like bounces+{token}@example.org")
    return text


def _parse_pattern(text: str) -> str:
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in PLACEHOLDERS:
            meant = near(name, PLACEHOLDERS)
            help = f"did you mean {{{meant}}}?" if meant else f"write {one_of(PLACEHOLDERS)}"
            raise _wrong(f"there is no placeholder {{{name}}}", help)
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
        raise _wrong(f"{text!r} has a brace without its twin", "write both, or neither")
    return _parse_line(text)


def _parse_feed_path(text: str) -> str:
    """A folder of the output: relative, in web addresses' own characters, and never the output itself."""
    parts = text.strip("/").split("/")
    wrong = re.compile(r"[\x00-\x20\x7f\\:*?\"<>|#%]")
    if any(part in ("", ".", "..") or wrong.search(part) for part in parts):
        raise _wrong(f"{text!r} is no path below the output", "write it like essays or blog/essays")
    return "/".join(parts)


def _parse_alias(text: str) -> str:
    """A file of the output with its format, which its name tells if nothing else does: `format:path`."""
    form, colon, path = text.rpartition(":")
    path = _parse_feed_path(path)
    if not colon:
        name = path.rpartition("/")[2].lower()
        form = "json" if name.endswith(".json") else "atom" if "atom" in name else "rss"
    if form not in FORMAT_NAMES:
        raise _wrong(f"there is no format {form!r}", f"write {one_of(FORMAT_NAMES)} before the colon")
    return f"{form}:{path}"


def _wrong(message: str, help: str) -> FeedsError:
    return FeedsError(message, help=help, rule="config-value")


FORMS: Mapping[str, Callable[[str], str]] = {
    "": _parse_line,
    "alias": _parse_alias,
    "feed path": _parse_feed_path,
    "address": _parse_address,
    "colour": _parse_colour,
    "fonts": _parse_fonts,
    "token address": _parse_token_address,
    "token mailbox": _parse_token_mailbox,
    "transport": _parse_transport,
    "folder": _parse_folder,
    "language": _parse_language,
    "lines of text": _parse_lines,
    "mail address": _parse_mail_address,
    "pattern": _parse_pattern,
    "time": _parse_time,
    "time zone": _parse_timezone,
    "web address": _parse_web_address,
}
