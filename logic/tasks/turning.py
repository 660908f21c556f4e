"""What was said or decided about a record becomes a task that leads back to it, and the record to the task."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

from data.tasks import ShareLevel, Task, TaskList
from logic import comments, links
from logic.core import records
from logic.core.errors import Conflict
from logic.core.formats import day_text
from logic.core.language import _
from logic.core.rich_text import first_line, from_plain, plain, rename
from logic.core.service import service
from logic.core.words import clean
from logic.core.work import Work
from logic.tasks.domain import ADD, TaskDeleted, domain
from logic.tasks.inputs import TaskInput
from logic.tasks.keeping import make_task
from logic.tasks.visibility import Sight, sight

MOST_QUOTED = 19_000
"""Characters of a quote with its markup; a description has room for little more."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Words about a record that ask for something to be done."""

    record: str
    record_id: UUID
    words: str
    """Cleaned rich text."""
    by: str
    at: datetime
    href: str
    """Where the words themselves stand."""


async def turn(work: Work, origin: Origin) -> Task:
    """Make a task of some words, named after their first line, and link it to their record, both ways.

    Of words about a task it is in the same list, if the actor works there; all others are in his own inbox, so that
    nobody reads by it what he could not read before. The caller has made sure that the actor may read the words.
    Raises NotFound, Denied, and Conflict for a column that is full.
    """
    seen = await sight(work)
    row = await records.discuss(work, origin.record, origin.record_id)
    words = rename(origin.words, {})
    if len(words) > MOST_QUOTED:
        words = from_plain(plain(words, MOST_QUOTED // 6))  # a letter may take six to write
    source = f'{origin.by}, {day_text(origin.at.astimezone(ZoneInfo(seen.zone)).date())}'
    made = await make_task(
        work,
        TaskInput(
            title=clean(first_line(words, 200))[:200] or _('What {name} said', name=origin.by)[:200],
            description=f'<blockquote>{words}</blockquote><p><a href="{escape(origin.href)}">{escape(source)}</a></p>',
            list_id=await _home(work, row, seen) if isinstance(row, Task) else None,
        ),
        seen,
    )
    await links.add_link(work, origin.record, origin.record_id, 'Task', made.id)
    return made


async def _home(work: Work, about: Task, seen: Sight) -> UUID | None:
    home = await work.get(TaskList, about.list_id)
    return home.id if home.archived_at is None and seen.may(home.id, ShareLevel.EDIT) else None


@service(ADD)
async def add_task_from_comment(work: Work, record: str, record_id: UUID, comment_id: UUID) -> Task:
    """Make a task of a comment, which it quotes. Raises NotFound, Denied, Conflict for a comment that is deleted."""
    said = await comments.get_comment(work, record, record_id, comment_id)
    if said.is_deleted:
        raise Conflict('This comment was deleted.')
    href = comments.link_to(record, record_id, comment_id)
    return await turn(work, Origin(record, record_id, said.body, said.author, said.at, href))


@domain.on(TaskDeleted)
async def tell_the_linked(work: Work, event: TaskDeleted) -> None:
    """Take a task in the bin from the links of every screen that shows them; one that returns comes back there."""
    await links.tell_of(work, 'Task', event.task_id)
