"""Keys that put cards in order: rules 10 to 12, by properties."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from logic.tasks import order

KEYS = st.text(order.DIGITS, min_size=1, max_size=12).filter(lambda key: not key.endswith('0'))
PLACES = st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=120)


@given(KEYS, KEYS)
def test_rule_10_there_is_always_a_key_between_two_others(one, two):
    low, high = sorted((one, two))
    if low != high:
        made = order.between(low, high)
        assert low < made < high
        assert not made.endswith('0')
    assert order.between(None, low) < low
    assert order.between(high, None) > high


@given(PLACES)
@settings(max_examples=50)
def test_rule_10_keys_stand_in_the_order_of_any_inserts(places):
    keys: list[str] = []
    for share in places:
        at = int(share * (len(keys) + 1))
        made = order.between(keys[at - 1] if at else None, keys[at] if at < len(keys) else None)
        keys.insert(at, made)
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_rule_11_a_thousand_inserts_in_one_place_and_keys_at_the_ends_stay_short():
    low, high = order.first(), order.between(order.first(), None)
    low, high = min(low, high), max(low, high)
    longest = 0
    for turn in range(1000):
        made = order.between(low, high)
        low, high = (made, high) if turn % 2 else (low, made)
        longest = max(longest, len(made))
    assert 100 < longest <= 260
    for step in (lambda key: (key, None), lambda key: (None, key)):
        key = order.first()
        for _ in range(5000):
            key = order.between(*step(key))
        assert len(key) == order.WIDTH


@given(st.integers(0, 3000))
@settings(max_examples=30)
def test_rule_11_rebalanced_keys_are_short_in_order_and_leave_room(count):
    keys = list(order.spread(count))
    assert keys == sorted(set(keys))
    assert len(keys) == count
    assert all(len(key) <= 7 for key in keys)
    for low, high in pairwise(keys):
        assert len(order.between(low, high)) <= 7


def test_rule_12_two_movers_seldom_choose_one_key():
    low, high = sorted((order.first(), order.between(order.first(), None)))
    chosen = [order.between(low, high) for _ in range(100)]
    assert len(set(chosen)) > 60
    assert len({order.between(high, None) for _ in range(100)}) > 90
