"""Random blogs with Material's conventions: the plugin's options, and posts."""

import datetime as dt
import json

from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        "Hello",
        "C++",
        "C#",
        "&",
        "a/b",
        "--",
        "_x_y_",
        "Été",
        "Straße",
        "日本語",
        "Привет",
        "İstanbul",
        "🏔️",
        "👩\u200d💻",
        "é",
        "ﬁ",
        "v1.2",
        "(2024)",
        "don't",
        "“quoted”",
        "100%",
        "...",
        "a  b",
        "ŒUVRE",
        "\xa0",
        "+1",
        "ẞ",
        "!",
    ]
)
TITLES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), min_size=1, max_size=25),
).filter(lambda text: any(map(str.isalnum, text)))
PLAIN_HEADINGS = (
    st.lists(
        st.sampled_from("Hello|World|Été|日本語|🏔️|v1.2|a, b|don't|(2024)|C++|A & B|x: y".split("|")),
        min_size=1,
        max_size=5,
    )
    .map(" ".join)
    .filter(lambda text: any(map(str.isalnum, text)))
)
DAYS = st.dates(dt.date(1999, 1, 1), dt.date(2030, 12, 31))
STEMS = st.text("abcXYZ019-_ éñ日", min_size=1, max_size=12).filter(lambda name: any(map(str.isalnum, name)))


@st.composite
def dates(draw: st.DrawFn) -> str:
    day = draw(DAYS)
    shape = draw(st.sampled_from(["day", "naive", "zoned", "dict"]))
    clock = draw(st.times()).strftime("%H:%M:%S")
    zone = draw(st.sampled_from(["Z", "+05:30", "-08:00", "+14:00"]))
    return {
        "day": f"date: {day}",
        "naive": f"date: {day} {clock}",
        "zoned": f"date: {day}T{clock}{zone}",
        "dict": f"date:\n  created: {day}\n  updated: {day + dt.timedelta(days=3)}",
    }[shape]


@st.composite
def posts(draw: st.DrawFn) -> str:
    """A post with its title in the front matter, in its first heading, or only in its file's name."""
    lines = [draw(dates())]
    body = "Some text.\n"
    where = draw(st.sampled_from(["field", "heading", "name", "both"]))
    if where in ("field", "both"):
        lines.append(f"title: {json.dumps(draw(TITLES), ensure_ascii=False)}")
    if where in ("heading", "both"):
        body = f"# {draw(PLAIN_HEADINGS)}\n\n{body}"
    if draw(st.booleans()):
        lines.append(
            f"slug: {json.dumps(draw(st.sampled_from(['x', 'My Slug', 'a/b', 'été', 'C++', '100%'])))}"
        )
    names = draw(
        st.lists(st.sampled_from(["News", "C++", "C#", "Été", "a b", "日本"]), unique=True, max_size=3)
    )
    if names:
        lines.append(f"categories: {json.dumps(names, ensure_ascii=False)}")
    if (draft := draw(st.sampled_from([None, None, None, True, False]))) is not None:
        lines.append(f"draft: {str(draft).lower()}")
    return "---\n" + "\n".join(lines) + f"\n---\n{body}"


@st.composite
def blogs(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, str]]:
    """The options of the blog plugin, and the posts by path below the posts' folder."""
    options: dict[str, object] = {
        "blog_dir": draw(st.sampled_from(["blog", ".", "news/all"])),
        "post_url_format": draw(
            st.sampled_from(["{date}/{slug}", "{slug}", "/{slug}", "{categories}/{slug}", "{date}/{file}"])
        ),
        "post_url_date_format": draw(st.sampled_from(["yyyy/MM/dd", "yyyy", "yyyy/MMM", "d-M-yy"])),
        "post_url_max_categories": draw(st.integers(1, 3)),
        "draft_if_future_date": draw(st.booleans()),
    }
    files = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(["", "2024/", "deep/er/"]), STEMS).map("".join),
            posts(),
            min_size=3,
            max_size=12,
        )
    )
    folded = {name.casefold(): name for name in files}
    return options, {name: files[name] for name in folded.values()}
