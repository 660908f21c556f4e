"""The columns of the lists in a person's file, made from the fields of each kind of record."""

from collections.abc import Callable
from typing import Any

from logic.core.language import _
from logic.members import PersonView
from logic.members.file import RecordKind, RecordList, RecordRow
from ui.components import Chip, Column
from ui.components.fields import humane
from ui.pages.members import expiring
from ui.pages.members.directory import phone


def columns_of(person: PersonView, kind: RecordKind, papers: RecordList | None = None) -> list[Column[RecordRow]]:
    """Return the columns of a kind by its fields; `papers` are the documents that a record may name."""
    shown = []
    for name, info in kind.input.model_fields.items():
        if (name.endswith('_id') and name not in ('file_id', 'document_id')) or name == 'order':
            continue
        label = _(info.title or humane(name))
        if name == 'file_id':
            shown.append(Column(name, label, 'link', _file_link))
        elif name == 'document_id':
            shown.append(Column(name, label, 'link', lambda row: _paper_link(papers, row)))
        elif name.endswith('_on'):
            shown.append(Column(name, label, 'date', _value(name)))
        elif name == 'phone':
            shown.append(Column(name, label, 'phone', lambda row: phone(row.values['phone'], person.phone_country)))
        else:
            shown.append(Column(name, label, value=_text(name)))
    if kind.expires:
        shown.append(Column('state', _('State'), 'chip', _state))
    first = next((c for c in shown if c.name in ('title', 'name', 'kind', 'school', 'employer', 'language')), shown[0])
    return [first, *(column for column in shown if column is not first)]


def _value(name: str) -> Callable[[RecordRow], Any]:
    return lambda row: row.values.get(name)


def _text(name: str) -> Callable[[RecordRow], str]:
    def text(row: RecordRow) -> str:
        value = row.values.get(name)
        return '' if value is None else str(getattr(value, 'label', value))

    return text


def _file_link(row: RecordRow) -> dict[str, str] | str:
    file_id = row.values.get('file_id')
    return {'text': _('Open'), 'href': f'/files/{file_id}'} if file_id else ''


def _paper_link(papers: RecordList | None, row: RecordRow) -> dict[str, str] | str:
    """The paper of an engagement: its file, by its title."""
    wanted = row.values.get('document_id')
    paper = next((one for one in (papers.rows if papers else ()) if one.id == wanted), None)
    if paper is None:
        return ''
    file_id, title = paper.values.get('file_id'), paper.values['title']
    return {'text': title, 'href': f'/files/{file_id}'} if file_id else title


def _state(row: RecordRow) -> Chip:
    if row.is_superseded:
        return Chip(_('Renewed'))
    return Chip(_('No end'), 'green') if row.days_left is None else expiring.state(row.days_left)
