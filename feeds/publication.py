"""The newsletter of a build: its newest letter, begun beside everything else, and its issues on the web."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feeds.archive import (
    Archive,
    archive_url,
    compile_issues,
    feed_paths,
    index_output,
    issue_name,
    issues_feed,
    issues_feed_outputs,
    page_outputs,
)
from feeds.drawn import Drawer
from feeds.feedfiles import check_size, list_feeds
from feeds.formats import main_feed
from feeds.gathering import Gathered
from feeds.index import Index
from feeds.model import Entry, Excerpt, Feed, Letter, Output, Report
from feeds.newsletter import Plan, compile_issue, letter_outputs, load_look, newsletter_title
from feeds.pages import NewsletterLink
from feeds.planning import render_intro


@dataclass(frozen=True, slots=True)
class OnTheWeb:
    """What there is of a newsletter besides its letter: files on the site, a feed, and a link to it."""

    outputs: tuple[Output, ...] = ()
    feeds: tuple[Feed, ...] = ()
    link: NewsletterLink | None = None


class Publication:
    """Publishes a newsletter; as a context manager it ends what was begun and is not asked for.

    Args:
        gathered: the posts; problems are reported.
        plan: the issue that becomes a letter.
        archive: the issues that are shown on the web.
        index: what the last build made.
    """

    def __init__(self, gathered: Gathered, plan: Plan, archive: Archive, index: Index | None) -> None:
        settings, site = gathered.settings, gathered.site
        self._gathered, self._plan, self._archive, self._index = gathered, plan, archive, index
        self._intros: dict[str, Excerpt | None] = {}
        feed = main_feed(settings.feeds.formats)
        self._look = load_look(site, settings.newsletter, gathered.report, feed=feed, index=index)
        letters = settings.root / settings.newsletter.letters
        self._drawer = Drawer(self._look, index, site.output, letters)

    def __enter__(self) -> Publication:
        return self

    def __exit__(self, *_: object) -> None:
        self._drawer.stop()

    def begin(self, entries: Mapping[str, Entry]) -> None:
        """Begin the letter.

        Args:
            entries: those of its posts, by the id of the post.
        """
        site, settings = self._gathered.site, self._gathered.settings.newsletter
        self._issue = compile_issue(site, settings, self._plan, entries, self._intro(self._plan))
        self._letter = self._drawer.letter(self._issue)

    def on_the_web(
        self, entries: Mapping[str, Entry], now: dt.datetime, is_foreign: Callable[[str], bool]
    ) -> OnTheWeb:
        """The pages and the feed of its issues.

        Args:
            entries: those of the posts that are shown, by the id of the post.
            now: decides which issues are over.
            is_foreign: whether a file of the site's own stands where one of ours would.

        Raises:
            FeedsError: a template cannot be used.
        """
        site, settings, archive = self._gathered.site, self._gathered.settings, self._archive
        intros = {plan.id: self._intro(plan) for plan in archive.plans}
        issues = compile_issues(site, settings, archive, entries, intros)
        home = archive_url(site) if issues else ""
        feeds = (
            (issues_feed(site, settings, archive, issues, now),) if issues and settings.feeds.formats else ()
        )
        if any(is_foreign(path) for feed in feeds for path in feed_paths(settings, feed)):
            feeds = ()
        listed = next(iter(list_feeds(site, settings.feeds, feeds)), None)
        pages = [index_output(site, settings, archive, issues, listed, self._index)] if issues else []
        pages += page_outputs(self._look, issues, listed, self._drawer.page)
        if self._plan.has_page and all(self._plan.id != plan.id for plan in archive.plans):
            pages.append(self._drawer.page(self._issue, archive_url=home))
        files = [file for feed in feeds for file in issues_feed_outputs(site, settings, feed, self._index)]
        for file in files:
            check_size(file, settings.feeds.max_kilobytes * 1000, self._gathered.report)
        newest = issues[-1] if issues else self._issue
        title = newsletter_title(site, settings.newsletter)
        name = issue_name(title, newest)
        link = NewsletterLink(title, name, newest.url, settings.newsletter.signup, home, listed)
        return OnTheWeb((*files, *(page for page in pages if not is_foreign(page.path))), feeds, link)

    def letter(self, report: Report) -> tuple[Letter, tuple[Output, ...]]:
        """The letter that was begun, with its files.

        Args:
            report: told of what was found in it.
        """
        letter = self._letter(report)
        settings = self._gathered.settings.newsletter
        return letter, letter_outputs(self._gathered.site, settings, letter, self._index)

    def _intro(self, plan: Plan) -> Excerpt | None:
        """The editor's introduction, rendered once."""
        if plan.id not in self._intros:
            self._intros[plan.id] = render_intro(self._gathered, plan)
        return self._intros[plan.id]
