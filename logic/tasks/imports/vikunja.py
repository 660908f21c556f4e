"""Reading an export of Vikunja: the `data.json` of its ZIP."""

from collections.abc import Iterator
from typing import Any

from data.tasks import AnchorMode, TaskStatus
from logic.core.language import _, later
from logic.tasks.imports.found import Again, Found, key_of, nest, rows, status_of

DAY = 24 * 60 * 60
LONGEST = 100 * 366 * DAY
"""No rule of ours is so long, so whether it is of whole days does not matter."""
MONTHLY, FROM_COMPLETION = 1, 2
"""Its repeat modes; 0 is a fixed schedule of so many seconds."""
RANKS = {1: 'low', 2: 'medium', 3: 'high', 4: 'urgent', 5: 'urgent'}
PARENT, CHILD = 'parenttask', 'subtask'


def read_vikunja(projects: list[Any]) -> list[Found]:
    """Read the tasks of all projects, with sub-tasks under theirs."""
    read = list(_each(projects))
    by_id = {key_of(row): task for task, row in read if key_of(row) is not None}
    parents: dict[Found, tuple[Found | None, str]] = {}
    for task, row in read:
        related = row['related_tasks'] if isinstance(row.get('related_tasks'), dict) else {}
        wholes = list(rows(related.get(PARENT)))
        if wholes:
            parents[task] = (by_id.get(key_of(wholes[0])), task.text(wholes[0].get('title')))
        for child in rows(related.get(CHILD)):
            if (part := by_id.get(key_of(child))) is not None:
                parents.setdefault(part, (task, task.title))
        others = any(value for kind, value in related.items() if kind not in (PARENT, CHILD)) or len(wholes) > 1
        task.leave([*([_('relations to other tasks')] if others else []), *_left_out(row)])
    nest(parents)
    return [task for task, _row in read]


def _each(projects: list[Any]) -> Iterator[tuple[Found, dict[str, Any]]]:
    place = 0
    for project in rows(projects):
        buckets = {key_of(row): row.get('title') for row in rows(project.get('buckets'))}
        held = {key_of(row, 'task_id'): key_of(row, 'bucket_id') for row in rows(project.get('task_buckets'))}
        for row in rows(project.get('tasks')):
            place += 1
            task = Found(place)
            task.title, task.description = task.text(row.get('title')), task.html(row.get('description'))
            task.list_name = task.text(project.get('title'), 120)
            task.column = task.text(buckets.get(key_of(row, 'bucket_id') or held.get(key_of(row))), 60)
            task.status = TaskStatus.COMPLETED if row.get('done') is True else status_of(task.column)
            rank = row.get('priority')
            task.priority = task.ranked(RANKS.get(rank, 'medium') if isinstance(rank, int) else 'medium')
            task.due, task.start = task.when(row.get('due_date')), task.when(row.get('start_date'))
            if task.status is TaskStatus.COMPLETED:
                task.completed_at = task.moment(row.get('done_at'))
            share = row.get('percent_done')
            task.progress = round(100 * share) if isinstance(share, int | float) and 0 <= share <= 1 else 0
            task.labels = [task.text(label.get('title'), 40) for label in rows(row.get('labels'))]
            task.people = [task.text(one.get('name') or one.get('username')) for one in rows(row.get('assignees'))]
            task.again = _again(row, task)
            for one in rows(row.get('comments')):
                author = one['author'] if isinstance(one.get('author'), dict) else {}
                name = author.get('name') or author.get('username')
                task.remark(name, task.html(one.get('comment')), one.get('created'))
            yield task, row


def _again(row: dict[str, Any], task: Found) -> Again | None:
    seconds, mode = row.get('repeat_after') or 0, row.get('repeat_mode')
    if mode == MONTHLY:
        return Again('FREQ=MONTHLY')
    if not isinstance(seconds, int) or seconds <= 0:
        return None
    if seconds % DAY and seconds < LONGEST:
        said = later('It comes again every {hours} hours; here that is a number of whole days: left out.')
        task.faults.append(_(said, hours=f'{round(seconds / 3600, 2):g}'))
        return None
    days = seconds // DAY
    rule = f'FREQ=DAILY;INTERVAL={days}' if days % 7 else f'FREQ=WEEKLY;INTERVAL={days // 7}'
    return Again(rule, AnchorMode.COMPLETION if mode == FROM_COMPLETION else AnchorMode.SCHEDULE)


def _left_out(row: dict[str, Any]) -> list[str]:
    end = row.get('end_date')
    held = {
        _('files'): row.get('attachments'), _('reminders'): row.get('reminders'),
        _('the date of its end'): end if isinstance(end, str) and not end.startswith('0001-') else None,
    }  # fmt: skip
    return [name for name, value in held.items() if value]
