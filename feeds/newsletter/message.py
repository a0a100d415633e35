"""The letter as a message that any mail program opens (RFC 5322, MIME)."""

from __future__ import annotations

import datetime as dt
import hashlib
from urllib.parse import urlsplit

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError
from feeds.headers import LINE, ascii_domain, mailbox_field, parse_mailbox, text_field
from feeds.model import Letter, Site
from feeds.newsletter.planners import newsletter_title


def render_eml(site: Site, settings: NewsletterSettings, letter: Letter) -> bytes:
    """The letter as a message to no one in particular, text before HTML; the same bytes for the same letter.

    What only a delivery has is left to it: the recipient, `List-Unsubscribe` and `List-Unsubscribe-Post`
    (RFC 8058), and signatures.

    Raises:
        FeedsError: the sender or the site's address cannot stand in a header.
    """
    from email.utils import format_datetime

    host = host_of(site)
    newest = max(post.published for post in letter.issue.posts)
    identity = hashlib.sha256(f"{letter.issue.id}@{host}".encode()).hexdigest()[:32]
    headers = [
        mailbox_field("From", *sender_of(site, settings)),
        "To: undisclosed-recipients:;",
        text_field("Subject", letter.issue.subject),
        f"Date: {format_datetime(newest.astimezone(dt.UTC))}",
        f"Message-ID: <{identity}@{host}>",
        mailbox_field("List-Id", newsletter_title(site, settings), f"newsletter.{host}"),
        "Auto-Submitted: auto-generated",
    ]
    return "".join(f"{header}\r\n" for header in headers).encode("ascii") + _body(letter, identity)


def sender_of(site: Site, settings: NewsletterSettings) -> tuple[str, str]:
    """Name and mail address the letter is from: as configured, else the newsletter at the site's host.

    Raises:
        FeedsError: the configured sender is no mail address.
    """
    if not settings.sender:
        return newsletter_title(site, settings), f"newsletter@{host_of(site)}"
    mailbox = parse_mailbox(settings.sender)
    if mailbox is None:
        raise FeedsError(
            f"the newsletter's sender {settings.sender!r} is no mail address",
            help="write it as `Ada <ada@example.org>`",
            rule="sender",
        )
    name, address = mailbox
    return name or newsletter_title(site, settings), address


def host_of(site: Site) -> str:
    """The host of the site's address as headers can hold it (IDNA).

    Raises:
        FeedsError: the address names none.
    """
    host = ascii_domain(urlsplit(site.url).hostname or "")
    if not host:
        raise FeedsError(f"the site's address {site.url!r} names no host", rule="site-url")
    return host


def _body(letter: Letter, identity: str) -> bytes:
    """The MIME headers and both parts; its boundary derives from the issue and cannot stand in the parts."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP.clone(max_line_length=LINE))
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # Quoted-printable writes every "=" as "=3D", so that no line of a part begins with "=_".
    message.set_boundary(f"=_{identity}")
    del message["MIME-Version"]
    return b"MIME-Version: 1.0\r\n" + message.as_bytes()
