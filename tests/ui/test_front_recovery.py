"""The recovery sheet at the front door: shown after a fresh sign-in, printed, and two of its words asked back."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine

from data.core import now
from logic import backup
from logic.core import config
from tests.conftest import PASSWORD
from tests.ui.visitor import Visitor, door


@pytest.fixture
async def visitor(house: object, secrets) -> AsyncIterator[Visitor]:
    application = door(data_dir=secrets)
    config.configure(application.state.settings)
    made = Visitor(application)
    await made.open('/sign-in')
    await made.send('/sign-in', email='elena@example.org', password=PASSWORD)
    yield made
    await made.client.aclose()
    config.configure(None)


async def test_the_sheet_is_shown_and_counts_after_two_of_its_words(visitor: Visitor, secrets):
    key = secrets / 'secrets' / 'backup.key'
    page = await visitor.open('/recovery-sheet')
    assert not key.exists() or key.read_text().strip() not in page.text
    page = await visitor.send('/recovery-sheet')
    assert key.read_text().strip() in page.text
    assert backup.recovery_keys().master[0] in page.text
    assert page.headers['cache-control'] == 'no-store'
    words = re.findall(r'<li data-text>(\w+)</li>', page.text)
    assert len(words) == 8
    page = await visitor.open('/recovery-sheet/words')
    assert key.read_text().strip() not in page.text
    assert backup.recovery_keys().master[0] not in page.text
    asked = [int(number) for number in re.findall(r'>Word (\d)<', page.text)]
    assert len(asked) == 2
    page = await visitor.send('/recovery-sheet/words', first=words[asked[0] - 1], second='nothing')
    assert page.status_code == 422
    assert 'id="second-wrong"' in page.text
    page = await visitor.send(
        '/recovery-sheet/words', **dict(zip(('first', 'second'), (words[n - 1] for n in asked), strict=True))
    )
    assert visitor.path == '/recovery-sheet'
    assert 'is kept' in page.text


async def test_a_sign_in_of_long_ago_is_confirmed_first(visitor: Visitor):
    await visitor.open('/recovery-sheet')
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        page = await visitor.send('/recovery-sheet')
    assert visitor.path == '/security/confirm'
    assert 'AGE-SECRET-KEY' not in page.text


async def test_a_stranger_is_asked_to_sign_in():
    visitor = Visitor(door())
    await visitor.open('/recovery-sheet')
    assert visitor.path == '/sign-in'
    await visitor.client.aclose()
