"""Reading an export of a Trello board."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from data.tasks import TaskStatus
from logic.core.language import _
from logic.members.names import fold
from logic.tasks.imports.found import DONE, Found, Step, key_of, rows, status_of


def read_trello(data: dict[str, Any]) -> Iterator[Found]:
    """Read the cards of a board, list by list. What is archived is left out: that is neither open nor done."""
    lists = {key_of(row): row for row in sorted(rows(data['lists']), key=_place)}
    people = {key_of(row): row.get('fullName') for row in rows(data.get('members'))}
    steps, said = _steps(data), _comments(data)
    fields = {key_of(row): row for row in rows(data.get('customFields'))}
    order = {row_id: place for place, row_id in enumerate(lists)}  # on the board, so that the columns get the same
    cards = [(place, card, key_of(card, 'idList')) for place, card in enumerate(rows(data['cards']), 1)]
    cards.sort(key=lambda one: (order.get(one[2], len(order)), _place(one[1])))
    for place, card, home in cards:
        task = Found(place)
        told, links = card.get('desc'), list(_links(card))
        task.title = task.text(card.get('name'))
        task.description = task.plain('\n\n'.join([told if isinstance(told, str) else '', *links]).strip())
        task.list_name = task.text(data.get('name'), 120)
        task.column = task.text(lists.get(home, {}).get('name'), 60)
        if card.get('closed') is True:
            task.refusal = _('It is archived in Trello. Take it out of the archive there to bring it along.')
        elif lists.get(home, {}).get('closed') is True:
            task.refusal = _('Its list is archived in Trello. Take it out of the archive there to bring it along.')
        task.due, task.start = task.when(card.get('due')), task.when(card.get('start'))
        done = card.get('dueComplete') is True or fold(task.column) in DONE
        task.status = TaskStatus.COMPLETED if done else status_of(task.column)
        task.labels = [task.text(label.get('name') or label.get('color'), 40) for label in rows(card.get('labels'))]
        ids = card.get('idMembers')
        task.people = (
            [task.text(people[one]) for one in ids if isinstance(one, str) and one in people]
            if isinstance(ids, list)
            else []
        )
        task.checklist = [
            Step(
                task.text(item.get('name')), item.get('state') == 'complete', task.day(item.get('due')),
                task.text(people.get(key_of(item, 'idMember'))),
            )
            for item in steps.get(key_of(card), [])
        ]  # fmt: skip
        for action in said.get(key_of(card), []):
            author = action['memberCreator'] if isinstance(action.get('memberCreator'), dict) else {}
            written_by = author.get('fullName') or author.get('username')
            task.remark(written_by, task.plain(action['data'].get('text')), action.get('date'))
        task.own = dict(_own(card, fields))
        task.leave(_left_out(card, len(task.remarks), len(links)))
        yield task


def _steps(data: dict[str, Any]) -> dict[Any, list[dict[str, Any]]]:
    """Return the steps of each card; where it has several checklists, with the name of theirs."""
    steps: dict[Any, list[dict[str, Any]]] = {}
    checklists = sorted(rows(data.get('checklists')), key=_place)
    of_cards = Counter(key_of(checklist, 'idCard') for checklist in checklists)
    for checklist in checklists:
        card_id = key_of(checklist, 'idCard')
        name = f'{checklist.get("name")}: ' if of_cards[card_id] > 1 and checklist.get('name') else ''
        items = sorted(rows(checklist.get('checkItems')), key=_place)
        steps.setdefault(card_id, []).extend(item | {'name': f'{name}{item.get("name") or ""}'} for item in items)
    return steps


def _comments(data: dict[str, Any]) -> dict[Any, list[dict[str, Any]]]:
    """Return what was said of each card, the oldest first."""
    said: dict[Any, list[dict[str, Any]]] = {}
    for action in rows(data.get('actions')):
        about = action['data'] if isinstance(action.get('data'), dict) else {}
        card = about['card'] if isinstance(about.get('card'), dict) else {}
        if action.get('type') == 'commentCard':
            said.setdefault(key_of(card), []).append(action)
    return {card_id: actions[::-1] for card_id, actions in said.items()}  # the file has the newest first


def _place(row: dict[str, Any]) -> float:
    value = row.get('pos')
    return float(value) if isinstance(value, int | float) and abs(value) < 1e15 else 0


def _own(card: dict[str, Any], fields: dict[Any, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Return what a card says of fields that the board has of its own, by their names."""
    for item in rows(card.get('customFieldItems')):
        field = fields.get(key_of(item, 'idCustomField'), {})
        chosen = [row.get('value') for row in rows(field.get('options')) if key_of(row) == key_of(item, 'idValue')]
        value = chosen[0] if chosen else item.get('value')
        told = next(iter(value.values()), None) if isinstance(value, dict) else None
        if isinstance(told, str) and told and isinstance(field.get('name'), str):
            yield field['name'], told[:10] if field.get('type') == 'date' else told


def _links(card: dict[str, Any]) -> Iterator[str]:
    """Return the addresses that are attached to a card, with their names; what was uploaded there is a file."""
    for one in rows(card.get('attachments')):
        name, url = one.get('name'), one.get('url')
        if one.get('isUpload') is False and isinstance(url, str):
            yield url if not isinstance(name, str) or name in ('', url) else f'{name}: {url}'


def _left_out(card: dict[str, Any], remarks: int, links: int) -> list[str]:
    badges = card['badges'] if isinstance(card.get('badges'), dict) else {}
    told, attached = badges.get('comments'), badges.get('attachments')
    attached = max(len(list(rows(card.get('attachments')))), attached if isinstance(attached, int) else 0)
    held = {
        # A board tells its last 1,000 acts; what was said before is not in the file.
        _('older comments'): isinstance(told, int) and told > remarks,
        _('files'): attached > links,
        _('a reminder'): card.get('dueReminder') not in (None, -1),
    }
    return [name for name, value in held.items() if value]
