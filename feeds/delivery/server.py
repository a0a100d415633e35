"""The mail server: who it is, and a connection to it that is encrypted and logged in."""

from __future__ import annotations

import base64
import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from feeds.delivery.transport import Fault, Lost
from feeds.errors import FeedsError, printable
from feeds.headers import ascii_domain
from feeds.texts import load_text

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
_MAX_TEXT = 300


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that each answer may take (RFC 5321, 4.5.3.2); `block` is for sending, `connect` our own."""

    connect: float = 60
    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    end: float = 600
    quit: float = 5


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server: `security` is the scheme of its URL, `tls` how its certificate is verified."""

    host: str
    port: int
    security: str = "smtp"
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    timeouts: Timeouts = Timeouts()

    @property
    def name(self) -> str:
        """The URL, without user or password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.security}://{host}:{self.port}"


def parse_server(url: str, environ: Mapping[str, str], root: Path) -> Server:
    """The server that a URL names, with what the environment says about it.

    FEEDS_SMTP_USER and FEEDS_SMTP_PASSWORD (or the file FEEDS_SMTP_PASSWORD_FILE) log in,
    FEEDS_SMTP_CA_FILE holds the certificates to trust instead of the system's; paths start at `root`.

    Raises:
        Fault: the URL is none, half of the credentials is missing, or they would travel in clear.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise fault(f"{url!r} is no transport: {error}") from None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise fault(f"{url!r} is no transport", "write it like smtp+starttls://mail.example.org:587")
    if port == PORTS["smtps"] and parts.scheme != "smtps":  # both sides would wait for the other (RFC 8314)
        raise fault(f"{url!r}: on port {port} all is encrypted from the first byte", "write smtps:// for it")
    user, password = environ.get("FEEDS_SMTP_USER", ""), _password(environ, root)
    if bool(user) != bool(password):
        missing = "FEEDS_SMTP_PASSWORD" if user else "FEEDS_SMTP_USER"
        raise fault("the mail server would get half of a login", f"set {missing} too, or neither")
    if user and parts.scheme == "smtp" and not _is_loopback(host):
        raise fault(
            f"the password would go to {host} in clear", "use smtp+starttls:// or smtps:// for this server"
        )
    return Server(
        host=host if ":" in host else ascii_domain(host) or host,
        port=port or PORTS[parts.scheme],
        security=parts.scheme,
        user=user,
        password=password,
        tls=None if parts.scheme == "smtp" else _tls(environ.get("FEEDS_SMTP_CA_FILE", ""), root),
    )


def dial(server: Server) -> smtplib.SMTP:
    """Connect, be greeted, encrypt and log in.

    Raises:
        Fault: there is no such server, it cannot be trusted, or it refuses us.
        Lost: it is busy, or out of reach for now.
    """
    client = smtplib.SMTP(local_hostname="")
    with _translated(server):
        try:
            _greet(client, server)
        except BaseException:
            client.close()
            raise
    return client


def socket_of(client: smtplib.SMTP) -> socket.socket:
    """The socket of an open connection; smtplib takes it away from one that broke."""
    if client.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    return client.sock


def one_line(text: bytes) -> str:
    """What a server said, fit to be shown and stored: one line, not long, without anybody's address."""
    line = " ".join(text.decode("utf-8", "replace").split())
    return printable(_ADDRESS.sub("<…>", line))[:_MAX_TEXT]


def shown(error: OSError) -> str:
    """What broke a connection, in the same form."""
    return one_line(str(error.strerror or error).encode())


def fault(message: str, help: str = "") -> Fault:
    """A fault of the transport."""
    return Fault(message, help=help, rule="transport")


def _greet(client: smtplib.SMTP, server: Server) -> None:
    """All steps of a connection; what their exceptions mean, `_translated` says."""
    timeouts = server.timeouts
    client.sock = socket.create_connection((server.host, server.port), timeouts.connect)
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.local_hostname = _own_name(client.sock)
    client.sock.settimeout(timeouts.greeting)
    if server.security == "smtps":
        _encrypt(client, server)
    _expect(2, *client.getreply(), "does not let us in")
    socket_of(client).settimeout(timeouts.command)
    _hello(client)
    if server.security == "smtp+starttls":
        if not client.has_extn("starttls"):
            raise fault(f"{server.name} does not offer STARTTLS", "try smtps:// and port 465")
        _expect(2, *client.docmd("STARTTLS"), "cannot encrypt")
        _encrypt(client, server)
        _hello(client)
    if server.user:
        _log_in(client, server)


def _hello(client: smtplib.SMTP) -> None:
    code, text = client.ehlo()
    if code // 100 == 5:
        code, text = client.helo()
    _expect(2, code, text, "does not let us in")


def _encrypt(client: smtplib.SMTP, server: Server) -> None:
    """From here on all is encrypted; what was read ahead of it in clear is forgotten (RFC 3207, 4.2)."""
    if server.tls is None:
        raise fault(f"{server.name} is to be encrypted, and nothing says whom to trust")
    client.sock = server.tls.wrap_socket(socket_of(client), server_hostname=server.host)
    client.file = None


def _log_in(client: smtplib.SMTP, server: Server) -> None:
    """By PLAIN, else LOGIN, as all servers understand one of them (RFC 4616, 4954); in UTF-8."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        code, text = client.docmd("AUTH", f"PLAIN {_base64('', server.user, server.password)}")
    elif "LOGIN" in offered:
        _expect(3, *client.docmd("AUTH", "LOGIN"), "refuses the login")
        _expect(3, *client.docmd(_base64(server.user)), "refuses the login")
        code, text = client.docmd(_base64(server.password))
    else:
        raise fault(
            f"{server.name} offers no login that we know (PLAIN or LOGIN)", "is it the port for submission?"
        )
    _expect(2, code, text, "refuses the login")


def _base64(*parts: str) -> str:
    return base64.b64encode("\0".join(parts).encode()).decode()


def _expect(kind: int, code: int, text: bytes, refusal: str) -> None:
    """Go on after a reply of that kind (its first digit); a refusal for good is a fault, others pass."""
    if code // 100 == kind:
        return
    if code // 100 == 5:
        raise fault(f"the mail server {refusal}: {code} {one_line(text)}")
    raise Lost(f"{code} {one_line(text)}" if code > 0 else f"no mail server answers so: {one_line(text)!r}")


@contextmanager
def _translated(server: Server) -> Iterator[None]:
    """What goes wrong while a connection is made: a fault, or something that may pass."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise fault(
            f"the certificate of {server.name} cannot be trusted: {error.verify_message}",
            "use the name it is made out to; for a private authority set FEEDS_SMTP_CA_FILE",
        ) from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        raise Lost(shown(error)) from error
    except ssl.SSLError as error:
        raise fault(
            f"no encrypted connection to {server.name}: {shown(error)}",
            "smtps:// is for port 465, smtp+starttls:// for 587",
        ) from error
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise Lost(shown(error)) from error
        raise fault(f"there is no mail server {server.host}: {shown(error)}") from error
    except UnicodeError as error:
        raise fault(f"{server.host!r} is no name of a server") from error
    except OSError as error:
        raise Lost(shown(error)) from error


def _own_name(sock: socket.socket) -> str:
    """What we call ourselves: our name where it has a domain, else our address (RFC 5321, 4.1.4)."""
    name = socket.gethostname()
    if "." in name and ascii_domain(name):
        return ascii_domain(name)
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _tls(authorities: str, root: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=root / authorities if authorities else None)
    except OSError as error:  # also what holds no certificate
        raise fault(f"FEEDS_SMTP_CA_FILE: {authorities} cannot be used: {shown(error)}") from None


def _password(environ: Mapping[str, str], root: Path) -> str:
    password, file = environ.get("FEEDS_SMTP_PASSWORD", ""), environ.get("FEEDS_SMTP_PASSWORD_FILE", "")
    if password and file:
        raise fault("there are two passwords", "set FEEDS_SMTP_PASSWORD or FEEDS_SMTP_PASSWORD_FILE")
    if not file:
        return password
    try:
        return load_text(root / file, file).rstrip("\n")
    except FeedsError as error:
        raise fault(f"FEEDS_SMTP_PASSWORD_FILE: {file}: {error.message}", error.help) from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
