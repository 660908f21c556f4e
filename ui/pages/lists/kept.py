"""One of the department's lists, however it is called: a table with adding, editing and taking out of use."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import ListQuery, Page, paged
from ui.components import Button, Chip, Column, DataTable, FormDialog, RowAction, confirm_by_name, toast
from ui.components.placing import place_fields
from ui.components.rows import chosen

Options = Callable[[Actor], Awaitable[dict[str, Any]]]


async def _no_options(_: Actor) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Kept:
    """One list: how its rows are fetched, made, changed and taken out of use."""

    name: str
    title: str
    nouns: tuple[str, str]
    adding: str
    searching: str
    model: type
    input: type[BaseModel]
    fetch: Callable[[Actor], Awaitable[Sequence[Any]]]
    add: Callable[..., Awaitable[Any]]
    update: Callable[..., Awaitable[Any]]
    archive: Callable[..., Awaitable[Any]] | None
    columns: Sequence[Column[Any]]
    options: Options = _no_options
    remove: Callable[..., Awaitable[Any]] | None = None
    skip: tuple[str, ...] = ()
    """Fields that are not asked for, unless there are options for them."""
    when: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    """Fields that are asked for only while another one has one of some values."""
    new: type[BaseModel] | None = None
    """What adding asks for, where that is more than what changing does."""
    hides: Callable[[Any], tuple[str, ...]] = lambda _row: ()
    """Fields that are not asked for when this row is changed."""
    more: Sequence[RowAction[Any]] = ()
    """What else can be done with a row."""
    also: tuple[type, ...] = ()
    """Models beside its own from which a row says something."""


def archived(row: Any) -> Chip:
    """Whether a row is in use."""
    return Chip(_('Archived')) if _is_archived(row) else Chip(_('In use'), 'green')


def _is_archived(row: Any) -> bool:
    return bool(getattr(row, 'is_archived', None)) or getattr(row, 'archived_at', None) is not None


def drawn(kept: Kept) -> Callable[[], Awaitable[None]]:
    """Return what draws a list in its tab."""

    async def fetch(actor: Actor, asked: ListQuery) -> Page[Any]:
        rows = [row for row in await kept.fetch(actor) if asked.q.lower() in row.name.lower()]
        return paged(rows, asked)

    async def add(actor: Actor) -> None:
        await _dialog(actor, kept, kept.adding, kept.add, None)

    async def draw() -> None:
        add_button = Button(kept.adding, do=add, icon='sym_o_add', primary=True, create=True)
        await DataTable(
            kept.columns, fetch, label=kept.title, noun=kept.nouns, live=[kept.model, *kept.also],
            search=kept.searching, buttons=[add_button], row_actions=_actions(kept),
        ).load()  # fmt: skip

    return draw


def _actions(kept: Kept) -> list[RowAction[Any]]:
    async def edit(actor: Actor, row_id: UUID) -> None:
        row = await _row(actor, kept, row_id)

        async def save(actor: Actor, data: Any) -> None:
            await kept.update(actor, row_id, data, row.version)

        await _dialog(actor, kept, _('Edit {name}', name=row.name), save, row)

    async def archive(actor: Actor, row_id: UUID) -> None:
        async def back(actor: Actor) -> None:
            assert kept.archive is not None
            await kept.archive(actor, row_id, archived=False)

        assert kept.archive is not None
        await kept.archive(actor, row_id)
        toast(_('Archived. It is no longer offered; what names it stays.'), undo=back)

    async def restore(actor: Actor, row_id: UUID) -> None:
        assert kept.archive is not None
        await kept.archive(actor, row_id, archived=False)
        toast(_('It is offered again.'))

    async def remove(actor: Actor, row_id: UUID) -> None:
        row = await _row(actor, kept, row_id)

        async def do(actor: Actor) -> None:
            assert kept.remove is not None
            await kept.remove(actor, row_id)
            toast(_('Removed.'))

        title, text = _('Remove {name}', name=row.name), _('It goes from everybody who carries it.')
        confirm_by_name(title, text, row.name, do, label=_('Remove'))

    actions: list[RowAction[Any]] = [RowAction(_('Edit'), edit, 'sym_o_edit'), *kept.more]
    if kept.archive is not None:
        actions.append(RowAction(_('Archive'), archive, 'sym_o_archive', when=lambda row: not _is_archived(row)))
        actions.append(RowAction(_('Restore'), restore, 'sym_o_unarchive', when=_is_archived))
    if kept.remove is not None:
        actions.append(RowAction(_('Remove'), remove, 'sym_o_delete', danger=True))
    return actions


async def _row(actor: Actor, kept: Kept, row_id: UUID) -> Any:
    return chosen(await kept.fetch(actor), row_id)


async def _dialog(actor: Actor, kept: Kept, title: str, run: Callable[..., Awaitable[Any]], value: Any) -> None:
    async def save(actor: Actor, data: Any) -> None:
        await run(actor, data)
        toast(_('Saved.'))

    options = await kept.options(actor)
    skip = tuple(name for name in kept.skip if name not in options)
    if value is not None:
        skip += kept.hides(value)
    fixed = {name: getattr(value, name) for name in skip if value is not None}
    model = kept.input if value is not None or kept.new is None else kept.new
    dialog: FormDialog[Any] = FormDialog(title, model, save, value=value, fixed=fixed)
    place_fields(dialog, model, skip=skip, options=options, when=kept.when)
