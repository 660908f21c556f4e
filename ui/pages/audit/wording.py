"""How entries of the audit log are said to people."""

from logic.audit import EntryRow
from logic.core.domain import domains
from ui.components import Chip

OUTCOMES = {
    'done': Chip('Done', 'green'),
    'seen': Chip('Seen', 'blue'),
    'refused': Chip('Refused', 'amber'),
    'failed': Chip('Failed', 'red'),
    'warning': Chip('Warning', 'amber'),
}


def words(name: str) -> str:
    """`MemberDocument` or `issue_item` as a person says it."""
    spaced = ''.join(f' {letter.lower()}' if letter.isupper() else letter for letter in name).replace('_', ' ').strip()
    return spaced[:1].upper() + spaced[1:]


def action_label(action: str) -> str:
    """`members.add_member` as a person says it."""
    domain, _, verb = action.partition('.')
    title = domains[domain].title if domain in domains else words(domain)
    return f'{title}: {words(verb).lower()}'


def done_by(row: EntryRow) -> str:
    kinds = {'system': 'Logbook itself', 'api_key': 'API key', 'public': 'not signed in'}
    return kinds.get(row.actor_kind, row.method.replace('+', ' and '))


def about(row: EntryRow) -> str:
    told = [change for change in row.changes if not change.name.endswith('_id')]
    fields = ', '.join(words(change.name).lower() for change in told[:4])
    more = f' and {len(told) - 4} more' if len(told) > 4 else ''
    return ': '.join(part for part in (words(row.object_type), fields + more) if part) or '–'
