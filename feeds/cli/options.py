"""What several commands are asked: types of values, the flags they share, and the project these name."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.errors import UsageError

if TYPE_CHECKING:
    from feeds.config import Override, Settings


class Instant(click.ParamType[dt.datetime]):
    """An instant in ISO 8601; without an offset it is in UTC."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """The instant that a text names."""
        if isinstance(value, dt.datetime):
            return value
        try:
            instant = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-22 or 2026-11-22T09:30+01:00", param, ctx)
        if not dt.MINYEAR < instant.year < dt.MAXYEAR:  # in another time zone it might be in no year at all
            self.fail(f"{value!r} lies in a year that cannot be reckoned with", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


class Day(click.ParamType[dt.date]):
    """A calendar day in ISO 8601."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day that a text names."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-22", param, ctx)


class Place(click.ParamType[Path]):
    """A path; an empty one, which an unset variable leaves, is not the current folder."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path that a text names."""
        if not str(value):
            self.fail("the path is empty", param, ctx)
        return Path(value)


PATH = Place()

ROOT = click.option(
    "-C", "root", type=PATH, default=Path(), metavar="ROOT", help="The project's folder (default: here)."
)
CONFIG = click.option(
    "--config", type=PATH, metavar="FILE", help="Read these settings instead of feeds.toml."
)
GENERATOR = click.option(
    "--generator", metavar="NAME", help="The site's generator, such as material or hugo (default: found)."
)
BASE_URL = click.option("--base-url", metavar="URL", help="Where the site is published.")
NOW = click.option(
    "--now", type=Instant(), metavar="INSTANT", help="Which posts are due is decided as of then."
)
LEDGER = click.option(
    "--ledger", type=PATH, metavar="FILE", help="The file that holds subscribers and what was sent to whom."
)
CACHE_DIR = click.option(
    "--cache-dir", type=PATH, metavar="DIR", help="Remember here what was built (default: .cache/feeds)."
)
NO_CACHE = click.option("--no-cache", is_flag=True, help="Build as if for the first time.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def project_settings(
    root: Path,
    config: Path | None,
    overrides: Mapping[str, Override],
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of the project that a command was pointed at.

    Raises:
        UsageError: there is no such folder, or no such configuration file.
        FeedsError: the settings are wrong.
    """
    from feeds.config import load_settings

    if not root.is_dir():
        raise UsageError(f"there is no folder {str(root)!r}", help="name the project's folder with -C")
    return load_settings(root.absolute(), config=config, overrides=overrides, environ=environ)


def ledger_text(ledger: Path | None) -> str | None:
    """The value of the key `send.ledger` that `--ledger` gives: a path counts from the current folder."""
    return str(ledger.absolute()) if ledger else None


def clock() -> dt.datetime:
    """The instant at which something is done to the list of subscribers, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def current_instant() -> dt.datetime:
    """The instant that decides which posts are due: `SOURCE_DATE_EPOCH`, else the clock.

    See https://reproducible-builds.org/specs/source-date-epoch/.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, which is no number of seconds") from None
