"""The source of an excerpt as Jekyll takes it."""

import time

import pytest

from feeds.model import Excerpting
from feeds.posts.summaries import jekyll_head


def head(text: str, separator: str = "\n\n") -> str | None:
    return jekyll_head(text, Excerpting(automatic="jekyll", separator=separator))


@pytest.mark.parametrize(
    ("text", "separator", "found"),
    [
        ("One.\n\nTwo.", "\n\n", "One."),
        ("One.\nStill one.\n", "\n\n", None),
        ("One.\n\n", "\n\n", None),
        ("One.\n\nTwo.<!--more-->Three.", "<!--more-->", "One.\n\nTwo."),
        ("One.\n\n<!-- more -->\n\nTwo.", "<!--more-->", None),
        ("One.\n\nTwo.", "", None),
    ],
)
def test_it_ends_before_the_separator(text: str, separator: str, found: str | None) -> None:
    assert head(text, separator) == found


def test_definitions_that_it_needs_come_with_it() -> None:
    text = "See [one] and [two][2].\n\nRest.\n\n[one]: /1\n   [2]: /2\n[three]: /3\n"
    assert head(text) == "See [one] and [two][2].\n\n[one]: /1\n[2]: /2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% highlight c %}\na\n\nb\n{% endhighlight %}", "{% highlight c %}\na\n{% endhighlight %}"),
        ("{% if a %}{%- for b in c -%}d\n\ne", "{% if a %}{%- for b in c -%}d\n{% endfor %}\n{% endif %}"),
        ("{% include a.html %}\n\nb", "{% include a.html %}"),
        ("{% raw %}a{% endraw %}\n\nb", "{% raw %}a{% endraw %}"),
    ],
)
def test_blocks_of_liquid_are_closed(text: str, found: str) -> None:
    assert head(text) == found


@pytest.mark.parametrize(
    "text", ["{% if x %}" * 50_000, "[a]: b\n" * 50_000, "[" * 200_000, "\n[a" * 100_000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    head(f"{text}\n\n{text}")
    assert time.process_time() - start < 5
