"""What the parts of a post were made of."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import NOW, SETTINGS, blog, material_blog, post, write_files

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.posts.listing import list_posts
from feeds.posts.origins import PARTS, STATUS, find_origins


def origins(root: Path) -> dict[str, list[str]]:
    """What each part of the only post was made of: keys with their lines."""
    settings = load_settings(root, environ={})
    listing = list_posts(settings, load_site(settings, lambda finding: None), NOW)
    (row,) = listing.rows
    assert row.post is not None
    return {
        part: [f"{each.what}:{each.at.line}" if each.at else each.what for each in found]
        for part, found in find_origins(row.post, row.blog, listing.reading).items()
    }


@pytest.mark.parametrize(
    ("text", "part", "made_of"),
    [
        (post("# A title\n"), "title", ["the first heading"]),
        (post("Text.\n"), "title", ["the file's name"]),
        (post("# A title\n", title="Other"), "title", ["title:3"]),
        (post("# A title\n"), "url", ["date:2", "the first heading"]),
        (post("Text.\n"), "url", ["date:2", "the file's name"]),
        (post("# A title\n", title="Other"), "url", ["date:2", "title:3"]),
        (post("# A title\n", title="Other", slug="other"), "url", ["date:2", "slug:4"]),
        (post("# A title\n"), "published", ["date:2"]),
        (post("# A title\n", date="2026-11-01", updated="2026-11-05"), "updated", ["updated:3"]),
        (post("# A title\n", categories="[News]", tags="[a]"), "categories", ["categories:3"]),
        (post("# A title\n", lang="fr"), "language", ["lang:3"]),
        (post("# A title\n", id="urn:one"), "id", ["id:3"]),
        (post("# A title\n", draft="true"), STATUS, ["draft:3"]),
    ],
)
def test_a_part_is_made_of_what_changes_it(tmp_path: Path, text: str, part: str, made_of: list[str]) -> None:
    assert origins(blog(tmp_path, {"a-post.md": text})).get(part) == made_of


def test_the_settings_may_say_what_an_address_is_made_of(tmp_path: Path) -> None:
    settings = SETTINGS + '[generator]\npermalink = "{file}"\n'
    assert origins(blog(tmp_path, {"a-post.md": post("# A title\n")}, settings))["url"] == ["the file's name"]


def test_keys_of_a_folder_count_too(tmp_path: Path) -> None:
    material_blog(tmp_path, {"a.md": post("# A\n")}, "plugins: [blog, meta]\n")
    write_files(tmp_path, {"docs/blog/posts/.meta.yml": "categories: [News]\n"})
    assert [each.partition(":")[0] for each in origins(tmp_path)["categories"]] == ["categories"]


@pytest.mark.parametrize("name", ["one.md", "2026-11-01-one.md", "index.md"])
@given(
    keys=st.dictionaries(
        st.sampled_from(
            ["title", "slug", "categories", "tags", "draft", "lang", "updated", "description", "x"]
        ),
        st.sampled_from(["Word", "[A, B]", "2026-11-03", "true", "{a: 1}", "''", "~"]),
    )
)
def test_whatever_a_post_holds_it_can_be_explained(tmp_path_factory, name: str, keys: dict[str, str]) -> None:
    root = blog(tmp_path_factory.mktemp("blog"), {name: post("# A\n", **keys)})
    settings = load_settings(root, environ={})
    listing = list_posts(settings, load_site(settings, lambda finding: None), NOW)
    for row in listing.rows:
        if row.post:
            found = find_origins(row.post, row.blog, listing.reading)
            assert set(found) <= {*PARTS, STATUS}
            assert all({each.what for each in made_of} - {"x"} for made_of in found.values())
