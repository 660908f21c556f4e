"""Forms and form dialogs: fields placed by hand, all about them read from the input model, one element in all."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from logic import drafts
from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.language import _, later
from ui import guard
from ui.components.base import Component, draft_place, plain
from ui.components.fields import AUTOCOMPLETE, Known, begins_empty, given, how_many, known, readable, shown, typed

ModelT = TypeVar('ModelT', bound=BaseModel)
Options = Sequence[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody, or something, that a picker offers."""

    id: UUID
    label: str
    detail: str = ''
    photo: str | None = None

    @property
    def data(self) -> dict[str, str | None]:
        return {'value': str(self.id), 'label': self.label, 'detail': self.detail, 'photo': self.photo}


Search = Callable[[Actor, str], Awaitable[Sequence[Found]]]


class Typed(BaseModel):
    """What a form sends; checked against its input model afterwards."""

    model_config = ConfigDict(extra='forbid')

    values: dict[str, str | bool | list[str] | None] = Field(max_length=300)


class Asked(BaseModel):
    """What a picker of a form asks for."""

    model_config = ConfigDict(extra='forbid')

    field: str = Field(max_length=100)
    text: str = Field(default='', max_length=100)


class Form(Component, Generic[ModelT], component='form.js', dependencies=['logbook.js', 'symbols.js', 'drafts.js']):
    """A form: `form = Form(MemberInput, save, value=member)`, then its fields in reading order.

    `submit(actor, data)` gets the validated input; `Invalid` from the service is shown beside the fields. `value` is an
    instance, a row or a mapping to begin with. `fixed` are fields of the model that no one fills in here. A dotted name
    ('custom.badge') goes into a dictionary of the model. `span` is 3, 4, 6, 8 or 12 of twelve columns.

    What is typed is kept as a draft where there is a text to write: until it is saved or thrown away, and put back when
    the form opens again. `about` tells forms apart that one page has of one model. `begun` is what was typed elsewhere.
    What is secret is in no draft, see `fields.Known`.
    """

    def __init__(
        self,
        model: type[ModelT],
        submit: Callable[..., Any],
        *,
        value: Any = None,
        label: str = later('Save'),
        cancel: str = '',
        fixed: Mapping[str, Any] | None = None,
        about_me: bool = False,
        draft: bool = True,
        danger: bool = False,
        about: Any = None,
        begun: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self._model = model
        self._submit = submit
        self._value, self._begun, self._fixed = value, begun or {}, dict(fixed or {})
        self._about_me = about_me
        self._kinds: dict[str, tuple[str, bool]] = {}
        self._required: set[str] = set()
        self._searches: dict[str, Search] = {}
        self._failures = 0
        self._sections: list[dict[str, Any]] = [{'title': '', 'help': '', 'fields': []}]
        self._place = draft_place(model.__name__, self._fixed, about) if draft else ''
        self._props.update({'draft': self._place, 'sections': self._sections, 'values': {}, 'errors': {}})
        self._props.update({'message': '', 'label': str(label), 'cancel': cancel, 'danger': danger, 'failures': 0})
        self._when('submit', guard.action(self._received, payload=Typed, form=self, again='drop'))

    # ------------------------------------------------------------------------------------------ placing fields

    @contextmanager
    def section(self, title: str, help: str = '') -> Iterator[None]:
        """Group the fields placed inside under a heading."""
        self._sections.append({'title': str(title), 'help': str(help), 'fields': []})
        yield
        self._sections.append({'title': '', 'help': '', 'fields': []})
        self._tidy()

    def text(self, name: str, **more: Any) -> None:
        """A line of text. `suggestions=[...]` offers known values."""
        self._add(name, 'text', type='text', **more)

    def email(self, name: str, **more: Any) -> None:
        """An e-mail address."""
        self._add(name, 'text', type='email', inputmode='email', **more)

    def phone(self, name: str, **more: Any) -> None:
        """A telephone number."""
        self._add(name, 'text', type='tel', **({'autocomplete': 'tel'} if self._about_me else {}) | more)

    def url(self, name: str, **more: Any) -> None:
        """A web address."""
        self._add(name, 'text', type='url', **more)

    def number(self, name: str, **more: Any) -> None:
        """A whole number within the limits of the model."""
        self._add(name, 'number', type='number', inputmode='numeric', step=1, **more)

    def money(self, name: str, currency: str = 'USD', **more: Any) -> None:
        """An amount; the model's field is in cents."""
        self._add(name, 'money', currency=currency, **more)

    def date(self, name: str, **more: Any) -> None:
        """A day, with the browser's own calendar."""
        self._add(name, 'date', type='date', **more)

    def time(self, name: str, **more: Any) -> None:
        """A time of day."""
        self._add(name, 'time', type='time', **more)

    def datetime(self, name: str, **more: Any) -> None:
        """A day and time as on the wall clock of the department."""
        self._add(name, 'datetime', type='datetime-local', **more)

    def textarea(self, name: str, rows: int = 4, **more: Any) -> None:
        """Several lines of text."""
        self._add(name, 'textarea', rows=rows, **more)

    def checkbox(self, name: str, **more: Any) -> None:
        """Yes or no."""
        self._add(name, 'checkbox', **more)

    def select(self, name: str, options: Options | None = None, none: str = '', **more: Any) -> None:
        """One of a few values: those of the model's enum, or `options` as (value, label). `none` names no choice."""
        self._add(name, 'select', options=_options(options), none=str(none), **more)

    def radios(self, name: str, options: Options | None = None, **more: Any) -> None:
        """One of very few values, all in sight."""
        self._add(name, 'radios', options=_options(options), **more)

    def checks(self, name: str, options: Options | None = None, **more: Any) -> None:
        """Any of a few values; the model's field is a list."""
        self._add(name, 'checks', options=_options(options), many=True, **more)

    def person(
        self,
        name: str,
        search: Search,
        chosen: Sequence[Found] = (),
        placeholder: str = later('Type a name'),
        **more: Any,
    ) -> None:
        """Somebody found by typing; the field is an id or a list of ids. `search(actor, text)` gives at most ten."""
        self._searches[name] = search
        if len(self._searches) == 1:
            self._when('search', guard.action(self._look_up, payload=Asked, again='latest'))
        self._add(name, 'person', placeholder=str(placeholder), chosen=[one.data for one in chosen], **more)

    def _add(
        self, name: str, kind: str, *, span: int = 12, label: str = '', help: str | None = None, **more: Any
    ) -> None:
        facts = self._facts(name, more)
        field: dict[str, Any] = {
            'name': name,
            'kind': kind,
            'label': str(label or facts.label),
            'span': span if span != 12 else 0,
            'help': facts.help if help is None else str(help),
        }
        if facts.secret:
            field['secret'] = True
        field['required'] = more.pop('required', facts.required)
        if field['required']:
            self._required.add(name)
        if facts.maxlength and not facts.many and kind in ('text', 'textarea'):
            field['maxlength'] = facts.maxlength
        if kind == 'select':
            field['blank'] = not field['required'] and (facts.nullable or begins_empty(self._model, name))
        if kind == 'number':
            field |= {'min': facts.lowest, 'max': facts.highest}
        if kind == 'person' and facts.many:
            field['many'] = True
        if kind in ('select', 'radios', 'checks') and not more.get('options'):
            more['options'] = facts.options
        if self._about_me and 'autocomplete' not in more and name in AUTOCOMPLETE:
            field['autocomplete'] = AUTOCOMPLETE[name]
        elif not self._about_me:
            field['autocomplete'] = 'off'
        if 'when' in more:
            other, values = more.pop('when')
            more['when'] = [
                other,
                [str(plain(v)) for v in (values if isinstance(values, list | tuple | set) else [values])],
            ]
        self._kinds[name] = (kind, facts.nullable)
        self._sections[-1]['fields'].append(field | more)
        value = given(self._model, self._value, name)
        if value is not None:
            self._props['values'][name] = shown(kind, value)
        if (begun := self._begun.get(name)) is not None:
            self._props.setdefault('begun', {})[name] = shown(kind, begun)
        self._tidy()

    def _facts(self, name: str, more: dict[str, Any]) -> Known:
        if '.' not in name:
            return known(self._model, name)
        limit, label = more.pop('maxlength', 500), name.rpartition('.')[2]
        return Known(label, '', more.get('required', False), True, str, limit, None, None, [], False, False)

    def _tidy(self) -> None:
        self._props['sections'] = [section for section in self._sections if section['fields']]
        self.update()

    # ------------------------------------------------------------------------------------------ sending

    async def _received(self, actor: Actor, sent: Typed) -> None:
        try:
            data = self._parse(sent.values)
            result = self._submit(actor, data)
            if isinstance(result, Awaitable):
                await result
        except BaseException:
            if not self.is_deleted:
                self.run_method('settled')
            raise
        if self._place:
            await drafts.keep_draft(actor.using(None), self._place, None)
        if not self.is_deleted:
            self._props.update({'errors': {}, 'message': ''})
            self._props['values'] = {
                **self._props['values'],
                **{k: v for k, v in sent.values.items() if k in self._kinds},
            }
            self.update()
            self.run_method('saved')
            self._done()

    def _done(self) -> None:
        """What follows when it is saved."""

    def _parse(self, values: Mapping[str, Any]) -> ModelT:
        data: dict[str, Any] = dict(self._fixed)
        missing = {
            name: _('Fill this in.') for name in self._required if name in values and values[name] in (None, '', [])
        }
        for name, (kind, nullable) in self._kinds.items():
            if name not in values:
                continue
            place, parts = data, name.split('.')
            for part in parts[:-1]:
                place = place.setdefault(part, {})
            value = typed(kind, name, values[name], nullable)
            if value is None and not nullable and '.' not in name and not self._model.model_fields[name].is_required():
                continue  # empty means the default
            place[parts[-1]] = value
        try:
            valid = self._model.model_validate(data)
        except ValidationError as error:
            raise readable(error, missing) from None
        if missing:
            raise Invalid(how_many(missing), missing)
        return valid

    def show_errors(self, fields: Mapping[str, str], message: str) -> None:
        """Show a sentence beside each named field, and the message in a summary that takes the focus."""
        if self.is_deleted:
            return
        self._failures += 1
        self._props.update({'errors': dict(fields), 'message': message, 'failures': self._failures})
        self.update()

    async def _look_up(self, actor: Actor, asked: Asked) -> None:
        search = self._searches.get(asked.field)
        if search is not None:
            found = await search(actor, asked.text)
            self.run_method('options', asked.field, asked.text, [one.data for one in found[:10]])


def _options(options: Options | None) -> list[dict[str, str]]:
    return [{'value': str(plain(value)), 'label': str(label)} for value, label in options or ()]
