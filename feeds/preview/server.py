"""Answers a browser on this machine, and no one else, with what was built and nothing else."""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from feeds.errors import UsageError
from feeds.preview.page import PICTURES, Wish, media_type, picture_paths, render_page
from feeds.preview.rewriting import rewrite
from feeds.preview.state import Board, View
from feeds.preview.views import LOOKS, look_of

HOST = "127.0.0.1"

_PULSE = 10.0
"""Seconds after which a page that waits is told that all is well, and one that has gone is noticed."""

_BASE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
_PAGE_POLICY = (
    _BASE_POLICY + "script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
    "img-src 'self' http: https: data:; media-src http: https:; connect-src 'self'; frame-src 'self'"
)
_FILE_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {self}; style-src 'unsafe-inline'; "
    "font-src http: https:; img-src {images}"
)
"""What may be done by the page and by what was built: no script of a post or letter runs (W3C CSP 3).

A sandboxed document has no origin, so that 'self' would be nothing: the address stands for it.
"""


@contextmanager
def serving(board: Board, port: int) -> Iterator[str]:
    """Answer at an address of this machine, which is given, until the end.

    Raises:
        UsageError: the port cannot be had.
    """
    try:
        server = _Server((HOST, port), _Handler)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        help = "name another with --port, or none for a free one"
        raise UsageError(f"port {port} cannot be had: {reason}", help=help, rule="port") from None
    server.board = board
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        board.close()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    board: Board
    daemon_threads = True
    block_on_close = False

    @property
    def hosts(self) -> frozenset[str]:
        """What a browser of this machine calls us; any other name was made to point here by a stranger."""
        return frozenset(f"{name}:{self.server_port}" for name in (HOST, "localhost"))

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):  # a page that was closed
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "feeds"
    sys_version = ""
    timeout = 30
    _COMMON: ClassVar[Mapping[str, str]] = {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _refuse_method(self) -> None:
        self._send(HTTPStatus.METHOD_NOT_ALLOWED, b"only GET and HEAD\n", {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method  # noqa: N815

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: the terminal is for what is wrong in the project."""

    def _answer(self) -> None:
        if self.headers.get_all("Host", []) not in [[host] for host in self.server.hosts]:
            self._send(HTTPStatus.FORBIDDEN, b"this preview answers to 127.0.0.1 and localhost only\n")
            return
        try:
            address = urlsplit(self.path)
            path = unquote(address.path, errors="strict")
        except ValueError:
            self._send(HTTPStatus.BAD_REQUEST, b"this is no address\n")
            return
        view = self.server.board.state.view
        if path == "/":
            self._send_page(address.query)
        elif path == "/events":
            self._send_events()
        elif view and path.startswith("/letter/") and (look := look_of(path.removeprefix("/letter/"))):
            self._send_letter(view, look)
        elif view and path.startswith(PICTURES):
            self._send_picture(view, path)
        elif view and (data := _files(view).get(path)) is not None:
            self._send_file(path, data)
        else:
            self._send(HTTPStatus.NOT_FOUND, b"there is nothing here\n")

    def _send_page(self, query: str) -> None:
        nonce = secrets.token_urlsafe(16)
        asked = parse_qs(query)
        wish = Wish(asked.get("view", [""])[-1], asked.get("feed", [""])[-1])
        board = self.server.board
        text = render_page(board.state, wish, board.name, nonce)
        self._send(
            HTTPStatus.OK,
            text.encode(),
            {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": _PAGE_POLICY.format(nonce=nonce),
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
            },
        )

    def _send_letter(self, view: View, name: str) -> None:
        html = view.compiled.letter_files.get("letter.html")
        if html is None:
            self._send(HTTPStatus.NOT_FOUND, b"there is no letter\n")
            return
        look = LOOKS[name].look(picture_paths(view))
        self._send_html(rewrite(html.decode(), look).encode(), images=look.images)

    def _send_html(self, data: bytes, *, images: bool = True) -> None:
        own = f"http://{self.headers['Host']}"
        policy = _FILE_POLICY.format(self=own, images=f"{own} http: https: data:" if images else "'none'")
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        self._send(HTTPStatus.OK, data, headers)

    def _send_picture(self, view: View, path: str) -> None:
        files = {name: view.compiled.pictures[url] for url, name in picture_paths(view).items()}
        try:
            data = files[path].read_bytes()
        except (KeyError, OSError):
            self._send(HTTPStatus.NOT_FOUND, b"there is no such picture\n")
            return
        policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
        headers = {"Content-Type": media_type(path), "Content-Security-Policy": policy}
        self._send(HTTPStatus.OK, data, headers)

    def _send_file(self, path: str, data: bytes) -> None:
        if path.endswith(".html"):
            self._send_html(data)
            return
        headers = {"Content-Type": media_type(path), "Content-Security-Policy": "sandbox; default-src 'none'"}
        if path.endswith(".eml"):
            headers["Content-Disposition"] = f'attachment; filename="{PurePosixPath(path).name}"'
        self._send(HTTPStatus.OK, data, headers)

    def _send_events(self) -> None:
        """Tell of each build as it comes (HTML Standard, 9.2: server-sent events)."""
        board = self.server.board
        self._send_head(HTTPStatus.OK, {"Content-Type": "text/event-stream; charset=utf-8"})
        if self.command == "HEAD":
            return
        number = -1
        self.wfile.write(b"retry: 500\n\n")
        while not board.closed:
            state = board.wait(number, _PULSE)
            text = f"data: {board.name}-{state.number}" if state.number != number else ": all is well"
            self.wfile.write(f"{text}\n\n".encode())
            number = state.number

    def _send(self, status: HTTPStatus, data: bytes, headers: Mapping[str, str] | None = None) -> None:
        kind = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(data))}
        self._send_head(status, {**kind, **(headers or {})})
        if self.command != "HEAD":
            self.wfile.write(data)

    def _send_head(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**self._COMMON, **headers}.items():
            self.send_header(name, value)
        self.end_headers()


def _files(view: View) -> dict[str, bytes]:
    """What was built, by the path that it has here."""
    files = {f"/files/{output.path}": output.data for output in view.compiled.outputs}
    return files | {f"/letters/{name}": data for name, data in view.compiled.letter_files.items()}
