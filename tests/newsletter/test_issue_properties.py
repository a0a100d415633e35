"""What holds for issues whatever becomes of the posts: each is sent once, and none is forgotten."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from letter_samples import make_entry, make_post, make_site

from feeds.config import NewsletterSettings
from feeds.lockfile import Lock, apply_lock, former_paths, parse_lock, path_finder, render_lock, updated_lock
from feeds.model import Fields, Post, Source
from feeds.newsletter import Shelf, check_plans, compile_issue, list_issues, unclaimed
from feeds.newsletter.issuefiles import load_issue_files, named_paths, render_issue_file

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
PERIODS = ("weekly", "monthly", "quarterly", "post")
CATEGORIES = ((), ("Python",), ("Releases", "Python"), ("Other",))


def on_disk(key: int, name: str, day: dt.date, title: str, categories: tuple[str, ...] = ()) -> Post:
    """A post whose address its file gives: `key` tells it from all others for good."""
    path = f"posts/{name}.md"
    return make_post(
        name,
        f"{day}T09:00:00+00:00",
        id=f"https://notes.example/{key}-{name}/",
        url=f"https://notes.example/{key}-{name}/",
        title=title,
        categories=categories,
        pinned=key % 7 == 0,
        source=Source(path, Fields(f"docs/{path}", {}), f"Text {key}.", 1),
    )


def key_of(post: Post) -> int:
    return int(post.source.body.removeprefix("Text ").rstrip("."))


@dataclass
class Project:
    """A project of posts and files of issues, whose author keeps the lock up to date."""

    root: Path
    period: str
    posts: dict[int, Post] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    sent: dict[int, str] = field(default_factory=dict)
    count: int = 0
    used: set[str] = field(default_factory=set)

    @property
    def settings(self) -> NewsletterSettings:
        return NewsletterSettings(period=self.period, categories=("Releases",))

    @property
    def site(self):
        return make_site(self.root, issues=self.root / "newsletter")

    def update_lock(self) -> None:
        named = named_paths(load_issue_files(self.site))
        self.lock = parse_lock(
            render_lock(updated_lock(tuple(self.posts.values()), {}, self.lock, NOW, named))
        )

    def plans(self, order=lambda items: items):
        posts = apply_lock(order(list(self.posts.values())), self.lock, lambda finding: None)
        files = order(list(load_issue_files(self.site)))
        former = former_paths(posts, self.lock, named_paths(files))
        shelf = Shelf({post.source.fields.path: post for post in posts}, {}, path_finder(posts, former))
        return list_issues(self.site, self.settings, posts, files, shelf), posts

    def free_name(self, number: int) -> str:
        """A name that no post has; one that an earlier post had and gave up, if there is one."""
        taken = {post.source.path for post in self.posts.values()} | {
            p.removeprefix("docs/") for p in self.lock.posts
        }
        free = [name for name in sorted(self.used) if f"posts/{name}.md" not in taken]
        if free and number % 2:
            return free[number % len(free)]
        self.used.add(new := f"n{len(self.used) + 1}")
        return new

    def act(self, action: str, number: int, day: dt.date) -> None:
        keys = sorted(self.posts)
        key = keys[number % len(keys)] if keys else -1
        match action if keys else "add":
            case "add":
                self.count += 1
                name, categories = self.free_name(number), CATEGORIES[number % len(CATEGORIES)]
                self.posts[self.count] = on_disk(self.count, name, day, f"Title {self.count}", categories)
            case "edit":
                self.count += 1
                self.posts[key] = replace(self.posts[key], title=f"New title {self.count}")
            case "re-date":
                moment = dt.datetime.combine(day, dt.time(9), dt.UTC)
                self.posts[key] = replace(self.posts[key], published=moment, updated=moment)
            case "rename":
                old = self.posts[key]
                new = on_disk(key, self.free_name(number), old.published.date(), old.title, old.categories)
                self.posts[key] = replace(new, published=old.published)
            case "delete":
                del self.posts[key]
            case "issue":
                self.make_issue(number)

    def make_issue(self, number: int) -> None:
        """Send an issue that has no file, and commit its file."""
        waiting = [plan for plan in self.plans()[0] if not plan.at]
        if not waiting:
            return
        plan = waiting[-1 - number % min(2, len(waiting))]
        sections = [(group.title, [post.source.fields.path for post in group.posts]) for group in plan.groups]
        folder = self.root / "newsletter"
        folder.mkdir(exist_ok=True)
        (folder / f"{plan.id}.md").write_text(render_issue_file("Subject", "", sections), "utf-8")
        for post in plan.posts:
            assert key_of(post) not in self.sent, "the post was sent before"
            self.sent[key_of(post)] = plan.id


actions = st.sampled_from(["add", "add", "add", "edit", "re-date", "rename", "rename", "delete", "issue"])
days = st.dates(dt.date(2026, 8, 1), dt.date(2026, 11, 27))
steps = st.lists(st.tuples(actions, st.integers(0, 40), days), min_size=1, max_size=25)


@settings(deadline=None, max_examples=40)
@given(steps, st.sampled_from(PERIODS), st.booleans(), st.randoms())
@example(
    [
        ("add", 0, dt.date(2026, 8, 1)),
        ("edit", 0, dt.date(2026, 8, 1)),
        ("delete", 0, dt.date(2026, 8, 1)),
        ("add", 0, dt.date(2026, 8, 19)),
        ("rename", 0, dt.date(2026, 8, 1)),
        ("issue", 0, dt.date(2026, 8, 1)),
        ("add", 1, dt.date(2026, 8, 1)),
        ("issue", 0, dt.date(2026, 8, 1)),
        ("delete", 1, dt.date(2026, 8, 1)),
    ],
    "weekly",
    True,
    Random(0),
)
def test_with_files_every_post_is_sent_once_and_none_is_forgotten(history, period, locks_late, random):
    with TemporaryDirectory() as folder:
        project = Project(Path(folder), period)
        for action, number, day in history:
            project.act(action, number, day)
            if not (locks_late and action == "issue" and project.lock.posts):
                project.update_lock()
            plans, posts = project.plans()
            places = Counter(key_of(post) for plan in plans for post in plan.posts)
            none = Counter(key_of(post) for post in unclaimed(plans, posts))
            assert places + none == Counter(list(project.posts))
            for plan in plans:
                for post in plan.posts:
                    where = project.sent.get(key_of(post), plan.id)
                    assert plan.id == where, "a post that was sent is in another issue"
                    assert plan.at or key_of(post) not in project.sent
                assert len({id(post) for group in plan.groups for post in group.posts}) == len(plan.posts)
            assert not set(none) & set(project.sent)

            def shuffled(items):
                return random.sample(items, len(items))

            assert project.plans(shuffled)[0] == plans


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(days, st.sampled_from(CATEGORIES)), max_size=15),
    st.sampled_from(PERIODS),
    st.randoms(),
)
def test_without_files_every_post_is_in_exactly_one_issue(made, period, random):
    site, configured = make_site(), NewsletterSettings(period=period)
    posts = [on_disk(n, f"p{n}", day, f"Title {n}", names) for n, (day, names) in enumerate(made)]
    plans = list_issues(site, configured, posts)
    assert Counter(post.id for plan in plans for post in plan.posts) == Counter(post.id for post in posts)
    assert all(plan.first <= post.published.date() <= plan.last for plan in plans for post in plan.posts)
    assert [plan.last for plan in plans] == sorted(plan.last for plan in plans)
    assert unclaimed(plans, posts) == ()
    assert list_issues(site, configured, random.sample(posts, len(posts))) == plans
    entries = {post.id: make_entry(post) for post in posts}
    for plan in plans:
        issue = compile_issue(site, configured, plan, entries)
        assert sorted(post.id for post in issue.posts) == sorted(post.id for post in plan.posts)


# --- the same, told ---------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path) -> Project:
    """Two posts: one of October, which an issue has, and one of November."""
    made = Project(tmp_path, "monthly")
    made.act("add", 0, dt.date(2026, 10, 5))
    made.update_lock()
    made.make_issue(0)
    made.act("add", 0, dt.date(2026, 11, 5))
    made.update_lock()
    return made


def issues(project) -> dict[str, list[str]]:
    return {plan.id: [post.title for post in plan.posts] for plan in project.plans()[0]}


OLD, NEW = "Title 1", "Title 2"


def test_a_post_that_was_sent_and_gets_a_new_date_is_not_sent_again(project):
    assert issues(project) == {"2026-10": [OLD], "2026-11": [NEW]}
    project.act("re-date", 0, dt.date(2026, 11, 20))
    assert issues(project) == {"2026-10": [OLD], "2026-11": [NEW]}


def test_a_post_that_was_sent_and_gets_a_new_name_is_found_by_the_file(project):
    project.act("rename", 0, NOW.date())
    assert issues(project) == {"2026-10": [OLD], "2026-11": [NEW]}  # the lock was not brought up to date yet
    project.update_lock()
    assert "~docs/posts/n1.md\tdocs/posts/n3.md\t2026-10\n" in render_lock(project.lock)
    project.act("rename", 0, NOW.date())
    project.update_lock()
    assert issues(project) == {"2026-10": [OLD], "2026-11": [NEW]}


def test_a_new_post_of_an_old_name_is_another_post(project):
    project.act("rename", 0, NOW.date())
    project.update_lock()
    project.posts[9] = on_disk(9, "n1", dt.date(2026, 11, 7), "Another")
    assert issues(project) == {"2026-10": [OLD], "2026-11": ["Another", NEW]}
    project.update_lock()
    project.make_issue(0)
    assert "docs/posts/n1.md" in (project.root / "newsletter/2026-11.md").read_text()
    assert issues(project) == {"2026-10": [OLD], "2026-11": ["Another", NEW]}


def test_a_deleted_post_leaves_its_place_to_no_post_that_had_its_name_before(project):
    """An issue names the new post of an old name; without it the path must not mean the old post again."""
    project.act("rename", 0, NOW.date())
    project.update_lock()
    project.posts[9] = on_disk(9, "n1", dt.date(2026, 11, 7), "Another")
    project.update_lock()
    project.make_issue(0)
    project.update_lock()
    del project.posts[9]
    assert issues(project) == {"2026-10": [OLD], "2026-11": [NEW]}
    project.update_lock()
    assert issues(project) == {"2026-10": [OLD], "2026-11": [NEW]}


def test_a_post_of_a_month_that_was_sent_is_in_no_issue_until_one_asks_for_it(project):
    project.posts[9] = on_disk(9, "late", dt.date(2026, 10, 30), "Late")
    plans, posts = project.plans()
    assert [post.title for post in unclaimed(plans, posts)] == ["Late"]
    text = render_issue_file("S", "", [("", ["docs/posts/late.md"])])
    (project.root / "newsletter/2026-11.md").write_text(text)
    assert issues(project) == {"2026-10": [OLD], "2026-11": ["Late"]}


def test_a_post_that_is_deleted_does_not_break_the_issue_that_had_it(project):
    project.posts[9] = on_disk(9, "more", dt.date(2026, 10, 7), "More")
    listed = [("", ["docs/posts/n1.md", "docs/posts/more.md"])]
    (project.root / "newsletter/2026-10.md").write_text(render_issue_file("S", "", listed))
    project.act("delete", 0, NOW.date())
    plans, _ = project.plans()
    found = []
    check_plans(plans, plans[-1], found.append)
    assert issues(project) == {"2026-10": ["More"], "2026-11": [NEW]}
    assert [str(finding).split(": ")[0] for finding in found] == ["newsletter/2026-10.md:5:5"]


def test_of_two_branches_that_renamed_a_post_both_are_right():
    ours = "~docs/a.md\tdocs/b.md\t2026-09 2026-10\n"
    theirs = "~docs/a.md\tdocs/b.md\t2026-11\n~docs/c.md\tdocs/d.md\t\n"
    lock = parse_lock(f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n")
    assert lock.in_conflict
    assert lock.former == {
        ("docs/a.md", "docs/b.md"): ("2026-09", "2026-10", "2026-11"),
        ("docs/c.md", "docs/d.md"): (),
    }
    assert parse_lock(render_lock(lock)).former == lock.former


def test_a_file_from_another_branch_may_use_the_former_name_of_a_post():
    """Where the lock was updated before the file arrived: no other post has that name."""
    posts = [on_disk(1, "new", NOW.date(), "A"), on_disk(2, "other", NOW.date(), "B")]
    lock = Lock(former={("docs/posts/old.md", "docs/posts/new.md"): ("2026-10",)})
    find = path_finder(posts, former_paths(posts, lock, {"docs/posts/old.md": ["2026-11"]}))
    assert find("2026-11", "docs/posts/old.md") == "docs/posts/new.md"
    assert find("2026-11", "docs/posts/other.md") == "docs/posts/other.md"
    assert find("2026-11", "docs/posts/none.md") == "docs/posts/none.md"
