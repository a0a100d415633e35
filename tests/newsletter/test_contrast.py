"""How well colours can be read on each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.newsletter.contrast import BLACK, READABLE, WHITE, contrast, least_contrast, readable_shade

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (BLACK, WHITE, 21.0),
        (WHITE, WHITE, 1.0),
        ("#767676", WHITE, 4.54),  # the palest grey that can be read on white
        ("#777777", WHITE, 4.48),
        ("#ff0000", WHITE, 4.0),
        ("#0000ff", WHITE, 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


@given(COLOURS, COLOURS)
def test_contrast_lies_between_1_and_21(one, other):
    assert 1 <= contrast(one, other) <= 21


@given(COLOURS)
def test_a_shade_can_be_read_on_all_its_grounds(colour):
    for towards, grounds in ((BLACK, (WHITE, "#f4f3ef")), (WHITE, (BLACK, "#272b2f"))):
        shade = readable_shade(colour, towards, grounds)
        assert least_contrast(shade, grounds) >= READABLE
        if least_contrast(colour, grounds) >= READABLE:
            assert shade == colour
        assert readable_shade(shade, towards, grounds) == shade


def test_a_shade_is_the_nearest_that_can_be_read():
    assert readable_shade("#808080", BLACK, [WHITE]) == "#767676"


def test_what_no_shade_can_do_is_left_at_its_best():
    assert readable_shade("#808080", WHITE, [WHITE]) == WHITE
