"""The facts of a record that can be edited where they stand: one element fed with data, for any kind of record."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from logic import drafts
from logic.core.actor import Actor
from logic.core.errors import AppError, Conflict, Invalid, Unauthenticated
from logic.core.language import _
from logic.identity.sessions import SignInAgain
from ui import guard
from ui.components.base import Component, draft_place, plain
from ui.components.fields import known, readable, shown, typed
from ui.components.form import ModelT, Options
from ui.components.records import Fact
from ui.memory import written

CONTROLS = {
    'text': 'text', 'email': 'email', 'phone': 'tel', 'date': 'date', 'number': 'number', 'select': 'select',
    'textarea': 'textarea',
}  # fmt: skip
"""What edits a fact, and the type of its control in the browser."""


@dataclass(frozen=True, slots=True)
class Editable:
    """A fact that is edited in place.

    `name` is the field of the input model, `value` what is shown, `typed` what the field holds (the same, when left
    out). `control` is one of `CONTROLS`; when left out, the kind of the value decides.
    """

    name: str
    label: str
    value: Any
    kind: str = 'text'
    href: str | None = None
    typed: Any = ...
    control: str = ''
    none: str = ''
    """What a select calls no choice."""

    @property
    def edits(self) -> str:
        """What edits it: as it is said, else by the kind of the value."""
        return self.control or (self.kind if self.kind in CONTROLS else 'text')

    @property
    def held(self) -> Any:
        """What its control begins with."""
        value = shown(self.edits, self.value if self.typed is ... else self.typed)
        return '' if value is None else value


@dataclass(frozen=True, slots=True)
class Opening:
    """A fact that is changed in a form of its own: `do(actor)` opens it."""

    name: str
    label: str
    value: Any
    do: Callable[[Actor], Awaitable[Any]]
    kind: str = 'text'
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a record says now, and its version: asked for before each save."""

    facts: Sequence[Fact | Editable | Opening]
    version: int


async def unless_changed(
    was: Any, value: Any, held: Callable[[], Awaitable[tuple[Any, int]]], save: Callable[[int], Awaitable[Any]]
) -> Any:
    """Save over what was there, unless another one wrote since; returns then what is there now, else None.

    `held()` gives what is there now with the version of its record, `save(version)` refuses a stale one.
    """
    while True:
        now, version = await held()
        if now == value:
            return None
        if now != was:
            return now
        try:
            await save(version)
        except Conflict:
            if (await held())[1] == version:
                raise  # it says itself why it cannot be
        else:
            return None


class Edited(BaseModel):
    """What the browser sends of one fact: what it is to be, and what it was when the editing began."""

    model_config = ConfigDict(extra='forbid')

    field: str = Field(max_length=100)
    value: str = Field(max_length=20_000)
    was: str = Field(max_length=20_000)


class EditableFacts(
    Component, Generic[ModelT], component='editable_facts.js', dependencies=['logbook.js', 'symbols.js', 'drafts.js']
):
    """Facts that a click or Enter makes their control; Esc leaves it, a choice or leaving saves; a draft till then.

    `save(actor, data, version)` gets the input model with that one field set. `newest(actor)` gives the `Sheet` as it
    is now: what somebody else wrote into the same field meanwhile is shown with his name, which
    `changed_by(actor, field)` gives, and the person chooses; changes of other fields do not stand in the way.
    `choices` are the options of selects, asked for when one opens: `{'rank_id': ranks}` with `ranks(actor)` giving
    (value, label). On a phone so many as `first` stand there, and the others once they are asked for.
    """

    def __init__(
        self,
        sheet: Sheet,
        model: type[ModelT],
        *,
        save: Callable[[Actor, ModelT, int], Awaitable[Any]],
        newest: Callable[[Actor], Awaitable[Sheet]],
        changed_by: Callable[[Actor, str], Awaitable[str]],
        choices: Mapping[str, Callable[[Actor], Awaitable[Options]]] | None = None,
        first: int = 0,
    ) -> None:
        super().__init__()
        self._props['first'] = first
        self._model, self._save, self._newest, self._choices = model, save, newest, dict(choices or {})
        self._changed_by = changed_by
        self._place = self._props['place'] = draft_place('Fact', model.__name__)
        self._when('save', guard.action(self._received, payload=Edited, again='parallel'))
        self._when('choices', guard.action(self._offer, payload=str, again='parallel'))
        self._when('open', self._open, str)
        self.change(sheet)

    def change(self, sheet: Sheet) -> None:
        """Show other facts; what is being edited stays as it is typed."""
        self._kinds = {fact.name: fact.edits for fact in sheet.facts if isinstance(fact, Editable)}
        self._forms = {fact.name: fact.do for fact in sheet.facts if isinstance(fact, Opening)}
        self._props['facts'] = written([self._drawn(fact) for fact in sheet.facts])
        self.update()

    def _drawn(self, fact: Fact | Editable | Opening) -> dict[str, Any]:
        drawn = {'label': str(fact.label), 'value': plain(fact.value), 'kind': fact.kind, 'href': fact.href}
        if isinstance(fact, Fact):
            return drawn
        if isinstance(fact, Opening):
            return drawn | {'name': fact.name, 'opens': True}
        facts = known(self._model, fact.name)
        edits = fact.edits
        drawn |= {'name': fact.name, 'control': CONTROLS[edits], 'held': fact.held, 'none': str(fact.none)}
        if edits == 'select' and fact.name not in self._choices:
            drawn['options'] = facts.options
        limits = {'maxlength': facts.maxlength, 'min': facts.lowest, 'max': facts.highest}
        return drawn | {name: value for name, value in limits.items() if isinstance(value, int)}

    async def _open(self, actor: Actor, name: str) -> None:
        if name not in self._forms:
            raise Invalid('This cannot be edited here.')
        await self._forms[name](actor)

    async def _offer(self, actor: Actor, field: str) -> None:
        ask = self._choices.get(field)
        if ask is not None:
            options = [{'value': str(plain(value)), 'label': str(label)} for value, label in await ask(actor)]
            self.run_method('offer', field, options)

    async def _received(self, actor: Actor, sent: Edited) -> None:
        """Save one field, and say in the browser what came of it."""
        try:
            clash = await self._store(actor, sent)
            if clash is None:
                await drafts.keep_draft(actor.using(None), f'{self._place}-{sent.field}', None)
            sheet = await self._newest(actor)
            by = await self._changed_by(actor, sent.field) if clash is not None else ''
        except AppError as refusal:
            fields = refusal.fields if isinstance(refusal, Invalid) else {}
            self._answer('refused', sent.field, fields.get(sent.field) or refusal.message)
            if isinstance(refusal, Unauthenticated | SignInAgain):
                raise
        except BaseException:
            self._answer('refused', sent.field, _('Something went wrong. Nothing was changed.'))
            raise
        else:
            if self.is_deleted:
                return
            self.change(sheet)
            if clash is None:
                self._answer('saved', sent.field)
            else:
                self._answer('clashed', sent.field, by or _('Somebody else'), clash)

    def _answer(self, name: str, *more: Any) -> None:
        if not self.is_deleted:
            self.run_method(name, *more)

    async def _store(self, actor: Actor, sent: Edited) -> str | None:
        """Write a field unless another one wrote it since; returns then what it holds now."""
        data = self._read(sent)

        async def held() -> tuple[Any, int]:
            sheet = await self._newest(actor)
            now = next((f.held for f in sheet.facts if isinstance(f, Editable) and f.name == sent.field), None)
            if now is None:
                raise Conflict('This can no longer be edited here. Load the page again.')
            return now, sheet.version

        now = await unless_changed(sent.was, sent.value, held, lambda version: self._save(actor, data, version))
        return None if now is None else str(now)

    def _read(self, sent: Edited) -> ModelT:
        if sent.field not in self._model.model_fields:
            raise Invalid('There is no such field.')
        facts = known(self._model, sent.field)
        if sent.field not in self._kinds:
            raise Invalid('This cannot be edited here.')
        kind = self._kinds[sent.field]
        value = typed(kind, sent.field, sent.value, facts.nullable)
        try:
            return self._model.model_validate({sent.field: value})
        except ValidationError as error:
            raise readable(error, {}) from None
