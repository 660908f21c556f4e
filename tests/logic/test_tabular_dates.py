"""Dates in tables: the order is proven by values or left to a person, and no date is guessed."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.core.errors import Invalid
from logic.core.tabular import DateOrder, guess_date_order, parse_date

DAY, MONTH, YEAR = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST, DateOrder.ISO


@pytest.mark.parametrize(
    ('values', 'order'),
    [(['05.03.1971', '22.02.2005'], DAY), (['03/05/1971', '02/22/2005'], MONTH), (['1971-03-05'], YEAR),
     (['05/03/1971', '06/04/2005'], None), (['22.02.2005', '02/22/2005'], None), (['', 'n/a'], YEAR),
     (['04/04/2004'], YEAR), (['1971-03-05', '05/03/1971'], None), (['1971-03-05', '25/03/1971'], DAY)],
)  # fmt: skip
def test_the_order_of_a_column_is_what_its_values_prove(values: list[str], order: DateOrder | None) -> None:
    guess = guess_date_order(values)
    assert guess.order == order
    assert guess.why.endswith('.')


def test_a_column_that_mixes_orders_is_told_by_both_values() -> None:
    why = guess_date_order(['22.02.2005', '02/23/2005']).why
    assert '22.02.2005' in why
    assert '02/23/2005' in why


@pytest.mark.parametrize(
    ('text', 'order', 'expected'),
    [('1971-03-05', MONTH, date(1971, 3, 5)), ('19710305', DAY, date(1971, 3, 5)), ('1971/3/5', DAY, date(1971, 3, 5)),
     ('05.03.1971', DAY, date(1971, 3, 5)), ('5/3/1971', MONTH, date(1971, 5, 3)),
     ('5 Mar 1971', YEAR, date(1971, 3, 5)), ('March 5, 1971', DAY, date(1971, 3, 5)),
     ('5-Sept-1971', DAY, date(1971, 9, 5)),
     ('1971-03-05 00:00:00', DAY, date(1971, 3, 5)), ('1971-03-05T00:00:00.000Z', DAY, date(1971, 3, 5)),
     ('29.02.2024', DAY, date(2024, 2, 29))],
)  # fmt: skip
def test_a_date_is_read_in_the_order_that_was_chosen(text: str, order: DateOrder, expected: date) -> None:
    assert parse_date(text, order) == expected


@pytest.mark.parametrize(
    ('text', 'order', 'reason'),
    [('31.02.2020', DAY, 'not a day of the calendar'), ('29.02.2023', DAY, 'not a day'),
     ('22.02.2005', MONTH, 'not a day'), ('05.03.71', DAY, 'two digits'), ('05.03.1971', YEAR, 'choose the order'),
     ('yesterday', DAY, 'not a date'),
     ('1871-03-05', YEAR, 'between the years'), ('1971-03-05 14:30', YEAR, 'not a date'),
     ('05.03-1971', DAY, 'not a date'), ('', DAY, 'not a date'), ('25569', DAY, 'not a date'),
     ('5 Foo 1971', DAY, 'not a date'),
     ('0000-00-00', YEAR, 'between')],
)  # fmt: skip
def test_what_is_no_date_or_leaves_one_to_guess_is_refused_with_the_reason(
    text: str, order: DateOrder, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        parse_date(text, order)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_date_reads_back_from_each_order(day: date) -> None:
    assert parse_date(day.isoformat(), DAY) == day
    assert parse_date(day.strftime('%d.%m.%Y'), DAY) == day
    assert parse_date(day.strftime('%m/%d/%Y'), MONTH) == day


@given(st.text(max_size=30), st.sampled_from(list(DateOrder)))
def test_any_text_is_a_date_or_refused(text: str, order: DateOrder) -> None:
    with contextlib.suppress(Invalid):
        assert parse_date(text, order) >= date(1900, 1, 1)


@given(st.lists(st.text(alphabet='0123456789./- T:', max_size=12), max_size=6))
def test_any_column_gets_a_guess(values: list[str]) -> None:
    assert guess_date_order(values).why
