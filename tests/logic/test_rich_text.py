"""Rich text: whatever is typed is cleaned at once, since all others wait meanwhile."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.core.rich_text import MOST_TYPED, clean, first_line, plain

PIECES = ('<p>', '</p>', '<br>', '&nbsp;', ' ', '\n', '\u00a0', 'word', '<b>', '<ul><li>', '<blockquote>')


@pytest.mark.parametrize(
    'piece',
    [' ', '\n', '<br>', '<p></p>', '<p><br></p> ', '<p>&nbsp;', '<b>', '<ul><li>', '<blockquote>', '<!--', '<a '],
)
@pytest.mark.parametrize('end', ['', 'x', '</p>x'])
def test_no_text_holds_up_the_others(piece: str, end: str) -> None:
    begun = time.process_time()
    cleaned = clean((piece * MOST_TYPED)[: MOST_TYPED - 10] + end)
    plain(cleaned, 300)
    first_line(cleaned, 200)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ('typed', 'kept'),
    [('<p>A</p><p></p>', '<p>A</p>'), ('<p>A</p><p> &nbsp;<br> </p><br> ', '<p>A</p>'), ('A<br><br>', 'A'),
     ('<p>A<br></p>', '<p>A<br></p>'), ('<p></p><br>', ''), ('<p>A</p><p></p><p>B</p>', '<p>A</p><p></p><p>B</p>')],
)  # fmt: skip
def test_empty_paragraphs_at_the_end_are_left_out_and_no_others(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(''.join))
def test_what_is_clean_stays_as_it_is(typed: str) -> None:
    cleaned = clean(typed)
    assert clean(cleaned) == cleaned
    assert not cleaned.endswith(('<br>', '<p></p>', ' '))
