"""How entries of the audit log are said to people."""

from logic.audit import EntryRow
from logic.core.acts import in_words
from logic.core.domain import domains, jobs
from logic.core.language import _, later
from logic.core.wording import field_title, kind_title, readable
from ui.components import Chip
from ui.pages.account import signed_in_by

OUTCOMES = {
    'done': Chip(later('Done'), 'green'),
    'seen': Chip(later('Seen'), 'blue'),
    'refused': Chip(later('Refused'), 'amber'),
    'failed': Chip(later('Failed'), 'red'),
    'warning': Chip(later('Warning'), 'amber'),
}
MOST_FIELDS = 4


def action_label(action: str) -> str:
    """`members.add_member`, or the name of a job, as a person says it."""
    domain, _dot, verb = action.partition('.')
    if domain not in domains:
        return f'{readable(domain)}: {readable(verb).lower()}'
    said = _(readable(verb).lower()) if action in jobs else str(in_words(action))
    return _('{what}: {more}', what=domains[domain].title, more=said)


def done_by(row: EntryRow) -> str:
    """Say through what somebody did it."""
    kinds = {'system': _('Logbook itself'), 'api_key': _('API key'), 'public': _('not signed in')}
    return kinds.get(row.actor_kind) or signed_in_by(row.method)


def named(row: EntryRow) -> dict[str, str]:
    """Name the record of which an entry tells, for a cell of a list; below it, of what it tells."""
    return {'text': row.about.title or '–', 'href': row.about.href, 'below': about(row)}


def about(row: EntryRow) -> str:
    """Say of what an entry tells, in one line."""
    fields = ', '.join(change.title or field_title(row.object_type, change.name) for change in row.told[:MOST_FIELDS])
    if len(row.told) > MOST_FIELDS:
        fields = _('{fields} and {count} more', fields=fields, count=len(row.told) - MOST_FIELDS)
    kind = kind_title(row.object_type)
    return _('{what}: {more}', what=kind, more=fields) if kind and fields else kind or fields or '–'
