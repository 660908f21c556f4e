"""What forms read from their models, and what components hand to the browser."""

import asyncio
from datetime import UTC, date, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, Field, StringConstraints

from data.tasks import Task
from logic.core.errors import Conflict, Invalid
from logic.core.live import Change, hub
from ui.components import Chip
from ui.components.answers import Answers
from ui.components.base import plain
from ui.components.editable import unless_changed
from ui.components.fields import cents, humane, known, shown, typed
from ui.components.live import Listener
from ui.guard.pages import read_since


class Size(StrEnum):
    """A choice with words of its own."""

    SMALL = 's'
    LARGE = 'l'

    @property
    def label(self) -> str:
        return {'s': 'Small', 'l': 'Large'}[self.value]


Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Input(BaseModel):
    """One field of each kind."""

    name: Name
    nickname: Name | None = None
    size: Size
    shift: Literal['day', 'night'] = 'day'
    hours: int = Field(ge=1, le=24)
    leader_id: UUID | None = Field(default=None, title='Reports to', description='Who signs.')
    tags: list[Literal['emt', 'driver']] = Field(default_factory=list)
    dues_cents: int | None = None
    is_driver: bool = False


def test_label_help_limits_and_options_come_from_the_model() -> None:
    name, size, hours, leader = (known(Input, field) for field in ('name', 'size', 'hours', 'leader_id'))
    assert (name.label, name.required, name.maxlength) == ('Name', True, 40)
    assert size.options == [{'value': 's', 'label': 'Small'}, {'value': 'l', 'label': 'Large'}]
    assert (hours.lowest, hours.highest) == (1, 24)
    assert (leader.label, leader.help, leader.required, leader.kind) == ('Reports to', 'Who signs.', False, UUID)
    assert known(Input, 'nickname').maxlength == 40
    assert known(Input, 'shift').options[0] == {'value': 'day', 'label': 'Day'}
    assert (known(Input, 'tags').many, known(Input, 'dues_cents').label) == (True, 'Dues')


def test_a_field_that_the_model_has_not_is_a_slip_of_the_author() -> None:
    with pytest.raises(RuntimeError, match='has no field "nmae"'):
        known(Input, 'nmae')


@pytest.mark.parametrize(('text', 'amount'), [('12', 1200), ('12.5', 1250), ('1,234.50', 123450), ('-0.01', -1)])
def test_money_becomes_cents(text: str, amount: int) -> None:
    assert cents('dues', text) == amount


@pytest.mark.parametrize('text', ['', 'a lot', '1.005', 'NaN', 'Infinity', '1e99', '12 EUR'])
def test_what_is_no_amount_is_said_beside_the_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        cents('dues', text)
    assert list(refused.value.fields) == ['dues']


def test_an_empty_control_means_none_only_where_the_model_allows_it() -> None:
    assert typed('text', 'name', '  Ann ', nullable=False) == 'Ann'
    assert typed('text', 'name', '  ', nullable=False) == ''
    assert typed('text', 'nickname', '', nullable=True) is None
    assert typed('date', 'born_on', '', nullable=False) is None


def test_a_value_is_shown_as_its_control_holds_it() -> None:
    assert shown('money', 101250) == '1012.50'
    assert shown('date', date(2026, 1, 9)) == '2026-01-09'
    assert shown('select', Size.LARGE) == 'l'
    assert shown('checks', ['emt']) == ['emt']
    assert shown('checkbox', None) is None


def test_names_of_fields_read_as_people_write() -> None:
    assert [humane(name) for name in ('joined_on', 'leader_id', 'email', 'emt_number', 'id')] == [
        'Joined', 'Leader', 'E-mail', 'EMT number', 'ID',
    ]  # fmt: skip


def test_values_reach_the_browser_as_plain_data() -> None:
    number = UUID(int=7)
    assert plain({'a': [number, Size.SMALL, None, True], 'b': Chip('Active', 'green')}) == {
        'a': [str(number), 's', None, True],
        'b': {'label': 'Active', 'tone': 'green'},
    }
    assert plain(datetime(2026, 11, 20, 16, tzinfo=UTC)) == '2026-11-20T16:00:00+00:00'


async def test_what_many_screens_ask_after_a_change_is_answered_once() -> None:
    here, asked = uuid4(), []

    async def question() -> int:
        asked.append(1)
        await asyncio.sleep(0)
        return len(asked)

    answers = Answers()
    assert await asyncio.gather(*(answers.ask(here, ['Item'], 'list', question) for _ in range(5))) == [1] * 5
    hub.publish([Change(uuid4(), 'Item'), Change(here, 'Order')])
    assert await answers.ask(here, ['Item'], 'list', question) == 1
    assert await answers.ask(here, ['Item'], 'another list', question) == 2
    hub.publish([Change(here, 'Item')])
    assert await answers.ask(here, ['Item'], 'list', question) == 3
    hub.publish([Change(None, 'Item')])
    assert await answers.ask(here, ['Item'], 'list', question) == 4


async def test_a_failure_is_not_kept_as_an_answer() -> None:
    here, outcomes = uuid4(), iter([Invalid('No.'), 7])

    async def question() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    answers = Answers()
    with pytest.raises(Invalid):
        await answers.ask(here, ['Item'], 'list', question)
    assert await answers.ask(here, ['Item'], 'list', question) == 7


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Something on a page of the organization that `place.here` names."""
    here = uuid4()

    async def actor_of(_client: object) -> object:
        return SimpleNamespace(organization_id=here)

    monkeypatch.setattr('ui.guard.actor_of', actor_of)
    monkeypatch.setattr('nicegui.background_tasks.create', lambda work, **_: asyncio.create_task(work))
    return SimpleNamespace(here=here, is_deleted=False, client=SimpleNamespace(is_deleted=False))


async def settle() -> None:
    """Let what is ready to run have its turns."""
    for _ in range(20):
        await asyncio.sleep(0)


class Calls:
    """Counts how often it was called."""

    count = 0

    async def __call__(self) -> None:
        self.count += 1


@pytest.mark.parametrize(('changed', 'calls'), [('Task', 1), ('Member', 0)])
async def test_what_changed_after_it_was_read_and_before_anybody_listened_is_read_again(
    place: Any, changed: str, calls: int
) -> None:
    hub.publish([Change(place.here, 'Task')])
    read_since.set(hub.mark())  # as before a page and before a handler; now it reads
    hub.publish([Change(place.here, changed)])
    call = Calls()
    listener = Listener(place, [Task], call)
    await settle()
    listener.end()
    assert call.count == calls


async def test_of_many_changes_the_first_is_seen_at_once_and_the_others_together_when_their_time_comes(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, loop, hours = Calls(), asyncio.get_running_loop(), 0
    clock = loop.time
    monkeypatch.setattr(loop, 'time', lambda: clock() + hours * 3600)
    listener = Listener(place, [Task], call, every=1800)
    await settle()
    for _ in range(5):
        hub.publish([Change(place.here, 'Task')])
        await settle()
    assert call.count == 1
    hours = 1
    await settle()
    listener.end()
    assert call.count == 2


class Paper:
    """A text with a version; what others write comes just before the next save."""

    def __init__(self, *others: str) -> None:
        self.text, self.version, self.others = 'begun', 1, list(others)

    async def held(self) -> tuple[str, int]:
        return self.text, self.version

    async def save(self, text: str, version: int) -> None:
        if self.others:
            self.text, self.version = self.others.pop(0), self.version + 1
        if version != self.version:
            raise Conflict('It is newer.')
        self.text, self.version = text, version + 1

    async def write(self, text: str) -> Any:
        return await unless_changed('begun', text, self.held, lambda version: self.save(text, version))


async def test_what_another_one_writes_at_the_same_moment_is_told_and_not_written_over() -> None:
    paper = Paper('theirs')
    assert await paper.write('mine') == 'theirs'
    assert paper.text == 'theirs'


async def test_what_another_one_changes_beside_a_text_does_not_stand_in_its_way() -> None:
    paper = Paper('begun', 'begun')
    assert await paper.write('mine') is None
    assert paper.text == 'mine'


async def test_a_refusal_for_another_reason_than_a_newer_version_is_passed_on() -> None:
    async def full(version: int) -> None:
        raise Conflict(f'{version} is the last one.')

    with pytest.raises(Conflict, match='1 is the last one'):
        await unless_changed('begun', 'mine', Paper().held, full)
