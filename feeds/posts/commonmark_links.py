"""Bare addresses in text that become links (GitHub: "Autolinks"), as rules that the parser runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from feeds.posts.commonmark_blocks import new_token

_SCHEME = re.compile(r"(?<![^\W_])(?:https?|ftp)$", re.IGNORECASE)
_REST = re.compile(r"[^\s<\x00-\x20]+")
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,20}")
_BARE_HOST = re.compile(r"(?<![\w/.@-])www\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,20}[^\s<]*")
_MAIL_NAME = re.compile(r"(?<![\w.+/-])[A-Za-z0-9][\w.+-]{0,63}$", re.ASCII)
_MAIL_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){1,9}(?![\w-])")
_ENTITY = re.compile(r"&[A-Za-z0-9]+;$")


def web_address(state: Any, silent: bool) -> bool:
    """`https://…`, noticed at its colon."""
    src, colon = state.src, state.pos
    if not src.startswith("://", colon) or state.linkLevel:
        return False
    scheme = _SCHEME.search(src[max(0, colon - 6) : colon])
    if not scheme or not state.pending.endswith(scheme[0]):
        return False
    if not _HOST.match(src, colon + 3, state.posMax):
        return False
    rest = _REST.match(src, colon, state.posMax)
    text = scheme[0] + _trimmed(rest[0] if rest else "")
    return _push_link(state, silent, text, text, len(scheme[0]))


def mail_address(state: Any, silent: bool) -> bool:
    """`ada@example.org`, noticed at its `@`."""
    if state.src[state.pos] != "@" or state.linkLevel:
        return False
    name = _MAIL_NAME.search(state.src[max(0, state.pos - 65) : state.pos])
    host = _MAIL_HOST.match(state.src, state.pos + 1, state.posMax)
    if not name or not host or not state.pending.endswith(name[0]):
        return False
    text = f"{name[0]}@{host[0]}"
    return _push_link(state, silent, f"mailto:{text}", text, len(name[0]))


def _push_link(state: Any, silent: bool, url: str, text: str, pending: int) -> bool:
    """A link whose first characters wait as text already."""
    if not silent:
        if pending:
            state.pending = state.pending[:-pending]
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": url}
        token.info = "auto"
        state.push("text", "", 0).content = text
        state.push("link_close", "a", -1)
    state.pos += len(text) - pending
    return True


def link_hosts(state: Any) -> None:
    """`www.…` in the text of all paragraphs."""
    for block in state.tokens:
        if "www." in block.content and block.children:
            depth = 0
            children: list[Any] = []
            for token in block.children:
                depth += token.nesting if token.type in ("link_open", "link_close") else 0
                children += _hosts(token) if token.type == "text" and not depth else (token,)
            block.children = children


def _hosts(token: Any) -> Iterator[Any]:
    place = 0
    for found in _BARE_HOST.finditer(token.content):
        text = _trimmed(found[0])
        yield new_token(token, "text", content=token.content[place : found.start()])
        opening = new_token(token, "link_open", "a", 1)
        opening.attrs, opening.info = {"href": f"http://{text}"}, "auto"
        yield opening
        yield new_token(token, "text", content=text)
        yield new_token(token, "link_close", "a", -1)
        place = found.start() + len(text)
    yield new_token(token, "text", content=token.content[place:])


def _trimmed(text: str) -> str:
    """An address without the punctuation that ends the sentence around it."""
    spare = text.count(")") - text.count("(")
    end = len(text)
    while end:
        last = text[end - 1]
        if last in "?!.,:*_~'\"]":
            end -= 1
        elif last == ")" and spare > 0:
            end, spare = end - 1, spare - 1
        elif last == ";" and (found := _ENTITY.search(text[max(0, end - 32) : end])):
            end -= len(found[0])
        else:
            break
    return text[:end]
