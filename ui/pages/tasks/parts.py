"""What a task says of its parts, and a part of what it belongs to, wherever it is listed."""

from logic.core.language import _, many
from logic.tasks import TaskRow


def part_of(row: TaskRow) -> list[str]:
    """What a task is part of, in words; nothing for what is part of none that the reader sees."""
    return [_('part of {task}', task=row.parent.name)] if row.parent else []


def parts(row: TaskRow) -> list[str]:
    """How many parts of a task are done, in words; nothing for what has none."""
    if not row.parts_total:
        return []
    return [many('{done}/{count} part', '{done}/{count} parts', row.parts_total, done=row.parts_done)]
