"""Arguments for every service, made from its signature; by hand where a signature does not say enough."""

import inspect
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Union
from uuid import UUID
from zipfile import ZipFile

from annotated_types import MinLen
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from data.attachments import Attachment, AttachmentVersion
from data.core import new_id, now
from data.custom_fields import CustomField
from data.departments import Department
from data.files import StoredFile
from data.identity import ApiKey, ServiceAccount
from data.links import RecordLink
from data.members import (
    ChecklistItem,
    ChecklistTemplate,
    Licence,
    Member,
    MemberBatch,
    MemberStatus,
    ProfileChange,
    ProtectedNumber,
    Tag,
)
from data.notifications import Mail
from data.tasks import (
    BoardColumn,
    ListVisibility,
    Task,
    TaskBatch,
    TaskChecklistItem,
    TaskList,
    TaskListShare,
    TaskReminder,
)
from data.views import SavedView
from logic.audit import Damage
from logic.core.files import Staged
from logic.core.service import Service
from logic.mail.bounces import Report
from logic.members.imports import ImportOptions, read_roster
from logic.tasks import (
    ChecklistInput,
    ColumnInput,
    GivenList,
    RemovedColumn,
    RemovedLabel,
    RemovedStep,
    RemovedTime,
    ShareInput,
)
from logic.tasks.imports.reading import read_file
from tests.contracts.rows import ZONE, tables

NAMED: dict[str, type] = {
    'batch_id': MemberBatch,
    'change_id': ProfileChange,
    'dropped_id': Member,
    'head_id': Member,
    'first_id': Member,
    'second_id': Member,
    'heir_id': Member,
    'item_id': ChecklistItem,
    'kept_id': Member,
    'key_id': ApiKey,
    'manager_id': Member,
    'parent_id': Department,
    'record_id': Licence,
    'reports_to_id': Member,
    'service_id': ServiceAccount,
    'stand_in_id': Member,
    'subject_id': Member,
    'members.change_many(target_id)': Department,
    'after_id': BoardColumn,
    'assignee_id': Member,
    'label_id': Tag,
    'leaver_id': Member,
    'members.hand_over(thing_ids)': Task,
    'owner_id': Member,
    'step_id': TaskChecklistItem,
    'tasks.add_list(parent_id)': TaskList,
    'tasks.add_list_from_template(parent_id)': TaskList,
    'tasks.add_task(parent_id)': Task,
    'tasks.quick_add(parent_id)': Task,
    'reminder_id': TaskReminder,
    'task_batch_id': TaskBatch,
    'tasks.move_step(after_id)': TaskChecklistItem,
    'tasks.move_task(after)': Task,
    'tasks.move_task(before)': Task,
    'tasks.move_task(column)': BoardColumn,
    'tasks.move_task(from_column)': BoardColumn,
    'tasks.unshare_list(share_id)': TaskListShare,
    'tasks.update_list(parent_id)': TaskList,
    'template_id': ChecklistTemplate,
    'to_id': BoardColumn,
    'links.remove_link(link_id)': RecordLink,
    'logo_id': StoredFile,
    'version_id': AttachmentVersion,
    'attachments.attach(version_of)': Attachment,
    'attachments.check_attachable(version_of)': Attachment,
    'view_id': SavedView,
    'members.reveal_number(record_id)': ProtectedNumber,
    'members.set_custom_values(values)': CustomField,
    'custom': CustomField,
    'members.name_members(ids)': Member,
    'tasks.merge_labels(into_id)': Tag,
    'tasks.add_task_from_comment(record_id)': Member,
}
"""Parameters that are not called after the table whose row they name."""
ON_RECORDS = frozenset({'activity', 'attachments', 'comments', 'furniture', 'links', 'presence', 'watchers'})
"""Domains whose rules take a record of any kind; here it is a member."""
NOT_A_ROW: dict[str, str] = {
    'audit.activity_of(object_id)': 'a record of any kind, also one that is gone, in the own log',
    'audit.changed_by(object_id)': 'a record of any kind in the own log, which its caller has shown',
    'audit.begin_epoch(log_id)': 'the name of a log',
    'notifications.tell(object_id)': 'a record of any kind that its caller has loaded',
    'notifications.tell(by)': 'the account that acts, known to its caller',
    'notifications.mark_record_read(object_id)': "what the reader's own notices are about, of any kind",
    'search.index_batch(after)': 'where the work on the index goes on',
}
"""Parameters whose id names no row, or a row of any table."""

VALUES: dict[str, Any] = {
    'colour': '#336699', 'country': 'AT', 'email': 'somebody@example.org', 'first_name': 'Ada', 'kind': 'licences',
    'networks': '', 'permissions': frozenset({'members.view'}), 'phone': '+436641234567',
    'other': 'Member', 'record': 'Member', 'scopes': frozenset({'members.view'}),
    'staged': Staged('0' * 32, 'image/png', 1, '0' * 64),
    'to': 'somebody@example.org', 'zone': 'Europe/Vienna', 'folder': Path('nowhere'), 'path': Path('nowhere'),
    'archive': ZipFile(BytesIO(), 'w'), 'damage': Damage(is_instance=False, entry=3, kind='entry'),
    'progress': lambda _: None,
}  # fmt: skip
"""What parameters and fields of these names are filled with; the others by their type."""
FILLED = frozenset({'first_name'})
"""Fields that are filled although they need not be: their input asks for one of several."""

Rows = Mapping[type, UUID]


def _removed_column(rows: Rows) -> RemovedColumn:
    looks = ColumnInput(title='Review')
    return RemovedColumn(new_id(), rows[TaskList], looks, 'V', rows[BoardColumn], ((rows[Task], 'V'),))


def _given_list(rows: Rows) -> GivenList:
    return GivenList(rows[TaskList], rows[Member], rows[Member], None, False, ListVisibility.PRIVATE)


BY_HAND: dict[str, Callable[[Rows], dict[str, Any]]] = {
    **{
        f'comments.{name}': lambda rows: {'record_id': rows[Member]}
        for name in ('delete_comment', 'edit_comment', 'get_comment', 'list_earlier', 'restore_comment')
    },
    'audit.close_part': lambda _: {'closing': None},  # made by what verified a log; no request brings one
    'attachments.get_attachment': lambda rows: {'record_id': rows[Member]},
    'links.add_link': lambda rows: {'record_id': rows[Member], 'other_id': rows[Member]},
    'links.remove_link': lambda rows: {'record_id': rows[Member], 'link_id': rows[RecordLink]},
    'identity.make_invitation': lambda _: {'email': 'somebody@example.org'},
    'mail.note_bounce': lambda rows: {'report': Report(rows[Mail], 'No such user.', is_address=True)},
    'members.change_status': lambda _: {'to': MemberStatus.LEFT},
    'members.reveal_number': lambda rows: {'record_id': rows[ProtectedNumber]},
    'tasks.add_task_from_comment': lambda rows: {'record_id': rows[Member]},
    'tasks.restore_label': lambda rows: {'removed': RemovedLabel(new_id(), 'hose', '', (rows[Task],))},
    'tasks.restore_column': lambda rows: {'removed': _removed_column(rows)},
    'tasks.restore_step': lambda rows: {
        'removed': RemovedStep(new_id(), rows[Task], ChecklistInput(title='Dry'), False, 'V')
    },
    'tasks.restore_time': lambda rows: {
        'removed': RemovedTime(new_id(), rows[Task], rows[Member], now().date(), 5, '')
    },
    'tasks.give_list_back': lambda rows: {'given': _given_list(rows)},
    **{
        f'members.{name}': lambda _: {'reading': read_roster(b'Surname\nSomething\n', ImportOptions())}
        for name in ('apply_import', 'plan_import')
    },
    'tasks.import_tasks': lambda _: {'read': read_file(b'Title\nSomething\n')},
    'tasks.plan_task_import': lambda _: {'read': read_file(b'Title\nSomething\n')},
    'tasks.share_list': lambda rows: {'data': ShareInput(member_id=rows[Member])},
    'members.set_custom_values': lambda rows: {'values': {rows[CustomField]: 'x'}},
}
"""Arguments that a signature does not tell, or that lead past what needs none."""


COLLECTIONS: dict[Any, type] = {
    set: set, frozenset: frozenset, list: list, tuple: tuple, Sequence: list, Collection: list, Iterable: list,
    dict: dict, Mapping: dict,
}  # fmt: skip


class Unknown(Exception):
    """Nothing is known that a parameter could be filled with."""


@dataclass(frozen=True)
class Slot:
    """A place in the arguments of a service that takes the id of a row."""

    service: str
    path: tuple[str, ...]
    kind: type
    holder: type | None = None
    """The kind of collection that the ids are in."""

    def held(self, row_id: UUID | None) -> Any:
        """Return the id as it stands in this place."""
        if self.holder is dict:
            return {row_id: 'x'}
        return row_id if self.holder is None else self.holder([row_id])

    def __str__(self) -> str:
        return f'{self.service}({".".join(self.path)})'


def arguments(service: Service[..., Any], rows: Rows, *, at: Slot | None = None, row_id: UUID | None = None) -> Any:
    """Return arguments with which a service can be called; `row_id` stands in the slot `at`. Raises Unknown."""
    given = BY_HAND.get(service.name, lambda _: {})(rows)
    hints = typing.get_type_hints(service.function, include_extras=True)
    for name, parameter in _parameters(service):
        is_slot = at is not None and at.path[0] == name
        if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
            continue
        if (parameter.default is not parameter.empty or name in given) and not is_slot:
            continue
        if is_slot and at is not None and len(at.path) == 1:
            given[name] = at.held(row_id)
            continue
        inner = (at.path[1], at.held(row_id)) if is_slot and at is not None else None
        given[name] = value_of(name, hints[name], rows, inner)
    return given


def slots(service: Service[..., Any]) -> Iterator[Slot]:
    """Return every place of a service that takes the id of a row, also inside its inputs."""
    yield from (Slot(service.name, path, kind, holder) for path, kind, holder in _ids(service) if kind is not None)


def unnamed(service: Service[..., Any]) -> list[str]:
    """Return the parameters of a service that take the id of nobody knows what."""
    found = [f'{service.name}({".".join(path)})' for path, kind, _ in _ids(service) if kind is None]
    return [name for name in found if name not in NOT_A_ROW]


def _ids(service: Service[..., Any]) -> Iterator[tuple[tuple[str, ...], type | None, type | None]]:
    hints = typing.get_type_hints(service.function, include_extras=True)
    for name, _ in _parameters(service):
        kind = _plain(hints.get(name))
        inner = kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else None
        places = (
            [((name,), hints.get(name))] if inner is None else [((name, n), f.annotation) for n, f in inner.items()]
        )
        for path, hint in places:
            holder = _id_holder(hint)
            if holder is not False:
                row = None if f'{service.name}({name})' in NOT_A_ROW else row_named(path[-1], service.name)
                yield path, row, holder


def _parameters(service: Service[..., Any]) -> list[tuple[str, inspect.Parameter]]:
    return list(inspect.signature(service.function).parameters.items())[1:]


def _plain(hint: Any) -> Any:
    """Take `Annotated` and `| None` from a type."""
    if typing.get_origin(hint) is Annotated:
        return _plain(typing.get_args(hint)[0])
    if typing.get_origin(hint) in {Union, types.UnionType}:
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        return _plain(kinds[0])
    return hint


def _id_holder(hint: Any) -> Any:
    """Return None for an id, the kind of collection for ids, False for anything else."""
    plain = _plain(hint)
    if plain is UUID:
        return None
    origin, inner = typing.get_origin(plain), typing.get_args(plain)
    if origin in COLLECTIONS and inner and _plain(inner[0]) is UUID:
        return COLLECTIONS[origin]
    return False


def row_named(name: str, service: str = '') -> type | None:
    """Return the table that a parameter is called after, in full or by its last words; None for another id."""
    single = f'{name.removesuffix("_ids")}_id' if name.endswith('_ids') else name
    if name in ('record_id', 'other_id') and service.partition('.')[0] in ON_RECORDS:
        return Member
    if (named := NAMED.get(f'{service}({name})') or NAMED.get(single)) is not None:
        return named
    known = {kind.__tablename__.replace('_', ''): kind for kind in tables()}  # type: ignore[attr-defined]
    words = single.removesuffix('_id').split('_')
    for first in range(len(words)):
        wanted = ''.join(words[first:])
        ending = [kind for table, kind in known.items() if table.endswith(wanted)]
        if wanted in known or len(ending) == 1:
            return known.get(wanted) or ending[0]
    return None


def value_of(name: str, hint: Any, rows: Rows, inner: tuple[str, Any] | None = None) -> Any:
    """Return a value of a type. Raises Unknown."""
    plain = _plain(hint)
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        return _input(plain, rows, inner)
    holder = _id_holder(hint)
    if holder is not False:
        kind = row_named(name)
        row_id = rows[kind] if kind is not None else next(iter(rows.values()))
        return Slot('', (), object, holder).held(row_id)
    if typing.get_origin(plain) is typing.Literal:
        return typing.get_args(plain)[0]
    made = _simple(name, plain)
    if made is None:
        raise Unknown(f'{name}: {hint}')
    return made


def _simple(name: str, plain: Any) -> Any:
    origin = typing.get_origin(plain) or plain
    if name in VALUES and isinstance(VALUES[name], origin):
        return VALUES[name]
    if isinstance(origin, type) and issubclass(origin, Enum):
        return next(iter(origin))
    if origin in COLLECTIONS:
        return COLLECTIONS[origin]()
    known: dict[Any, Any] = {
        str: 'Something', SecretStr: 'correct horse battery staple', int: 1, bool: True, bytes: b'Something',
        date: now().astimezone(ZONE).date(), datetime: now(),
    }  # fmt: skip
    return known.get(origin)


def _input(kind: type[BaseModel], rows: Rows, inner: tuple[str, Any] | None) -> BaseModel:
    given: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if inner is not None and inner[0] == name:
            given[name] = inner[1]
        elif field.is_required() or name in FILLED:
            given[name] = _field(name, field, rows)
    return kind.model_validate(given)


def _field(name: str, field: FieldInfo, rows: Rows) -> Any:
    value = value_of(name, field.annotation, rows)
    least = next((limit.min_length for limit in field.metadata if isinstance(limit, MinLen)), 0)
    return value.ljust(least, 'g') if isinstance(value, str) else value
