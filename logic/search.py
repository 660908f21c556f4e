"""Search: finds records of all kinds by their words, only those that the actor may see, and makes the index anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.comments import Comment
from data.core import Model
from data.members import Member
from data.organizations import Organization
from data.search import SHORT, SearchEntry, among_newest, matching, merge_index, replace_entries
from logic.core import indexing, records, rich_text
from logic.core.actor import Actor
from logic.core.domain import Domain
from logic.core.errors import Invalid
from logic.core.indexing import EVERYBODY, Indexed, entries_of, findable, indexed
from logic.core.jobs import Run
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.words import FORM, asked_words, fold
from logic.core.work import Work

domain = Domain(
    'search',
    title='Search',
    icon='sym_o_search',
    group='Platform',
    description='Finds records of every kind by what stands in them.',
)
MOST = 500
"""So many results at most; whoever has more adds a word."""
LOOKED_AT = 60
"""So many of the newest are put in order at least, however few are wanted."""
AROUND = '?tab=comments'
"""Where the page of a record shows its comments and files."""
REBUILT_AT_ONCE = 500
Ref = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found."""

    record: str
    record_id: UUID
    title: str
    detail: str
    href: str
    icon: str
    label: str
    """What one of its kind is called: 'member'."""
    group: str
    """What a list of its kind is called: 'People'."""
    source: str = ''
    """What the words were found in, such as 'Comment', when it is not the record itself; `detail` shows it then."""
    place: str = ''
    """What tells it from others of its title, such as the list that a task is in; empty where the kind says none."""


def _said(comment: Comment) -> list[indexing.Piece]:
    if comment.deleted_at is not None or not comment.body:
        return []
    text = rich_text.plain(comment.body)
    return [indexing.Piece(body=text, detail=f'{comment.author_name}: {text}', level=indexing.DISCUSSION)]


indexing.register_part(
    Comment,
    fields={'body', 'deleted_at', 'author_name', 'record_id'},
    pieces=_said,
    about=lambda comment: (comment.record, comment.record_id),
)


@query(SIGNED_IN)
async def find(work: Work, text: str, kinds: Sequence[str] = (), most: int = 50) -> list[Found]:
    """Return the records with all words of a text, at most `most`: those with whole words in title or number first.

    A word is found from its beginning on, without accents; of a phone number any four digits. Only records and texts
    that the actor may see are looked at, and of where they belong what he may see is said. At most seven statements
    besides those of the kinds. Raises NotFound for a kind that nobody declared, Invalid for too long a text.
    """
    for name in kinds:
        records.kind_of(name)
    if len(text) > 200:
        raise Invalid('This is too long to search for.', {'text': 'Type at most 200 letters.'})
    words, most = asked_words(text), max(1, min(most, MOST))
    allowed = await _allowed(work, kinds)
    if not words or not allowed:
        return []
    found: dict[Ref, Any] = {}
    for prefix, body in ((False, False), (True, False), (True, True)):
        rows = await _candidates(work, words, allowed, max(most * 2, LOOKED_AT), prefix=prefix, body=body)
        begins = fold(text.strip())
        for row in sorted(rows, key=lambda row: (not fold(row.title).startswith(begins), row.source != row.record)):
            found.setdefault((row.record, row.record_id), row)
        if len(found) >= most:
            break
    return await _placed(work, await _shown(work, list(found.values())[:most]))


@query(SIGNED_IN)
async def list_kinds(work: Work) -> list[tuple[str, str]]:
    """Return the kinds of records that the actor may find: name, and what a list of them is called."""
    return [(name, findable[name].label) for name in await _conditions(work, ())]


@query(SIGNED_IN)
async def name_records(work: Work, wanted: Sequence[Ref]) -> dict[Ref, Found]:
    """Return how records are shown, by kind and id; those that the actor may not see are left out."""
    allowed = await _allowed(work, tuple({record for record, _ in wanted if record in findable}), levels=(EVERYBODY,))
    if not wanted or not allowed:
        return {}
    rows = await work.all(_entries(allowed).where(_is_own_of(wanted[:MOST])))
    return {(row.record, row.record_id): _as_found(row, row.title, row.detail) for row in rows}


async def _conditions(work: Work, kinds: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return for each kind that the actor may find the conditions by level."""
    found = {}
    for name, one in findable.items():
        if (kinds and name not in kinds) or one.switch in work.actor.modules_off:
            continue
        if levels := await one.visible(work):
            found[name] = levels
    return found


async def _allowed(work: Work, kinds: Sequence[str], levels: Sequence[str] | None = None) -> list[Any]:
    """Return the conditions under which the actor may find an entry, one for each kind and level."""
    parts = []
    for name, by_level in (await _conditions(work, kinds)).items():
        model: Any = records.kind_of(name).model
        for level, condition in by_level.items():
            if levels is None or level in levels:
                seen = select(model.id).where(model.id == SearchEntry.record_id, condition).exists()
                parts.append(sa.and_(col(SearchEntry.record) == name, col(SearchEntry.level) == level, seen))
    return parts


def _entries(allowed: list[Any]) -> Any:
    entry: Any = SearchEntry
    columns = (entry.id, entry.record, entry.record_id, entry.source, entry.title, entry.detail)
    return sa.select(*columns).select_from(SearchEntry).where(sa.or_(*allowed))


def _is_its_own() -> Any:
    return sa.and_(col(SearchEntry.source) == SearchEntry.record, col(SearchEntry.level) == EVERYBODY)


def _is_own_of(refs: Sequence[Ref]) -> Any:
    """Return the condition on the own entries of records. By their ids alone SQLite would read the whole index."""
    kinds, ids = {record for record, _ in refs}, [record_id for _, record_id in refs]
    return sa.and_(col(SearchEntry.record).in_(kinds), col(SearchEntry.record_id).in_(ids), _is_its_own())


async def _candidates(
    work: Work, words: Sequence[Sequence[str]], allowed: list[Any], most: int, *, prefix: bool, body: bool
) -> Sequence[Any]:
    """Return entries with these words, at most `most`."""
    dialect = work.session.get_bind().dialect.name
    if dialect != 'sqlite':
        common = await work.all(among_newest(_entries(allowed), words, prefix=prefix, body=body).limit(most))
        if len(common) >= most or (common and prefix and min(map(len, words[0])) <= SHORT):
            return common
    return await work.all(matching(_entries(allowed), words, dialect, prefix=prefix, body=body).limit(most))


async def _shown(work: Work, rows: Sequence[Any]) -> list[Found]:
    """Name the records of entries; one whose words stand in what hangs on it is shown by the title of the record."""
    elsewhere = [(row.record, row.record_id) for row in rows if row.source != row.record]
    titles: dict[Ref, str] = {}
    if elsewhere:
        entry: Any = SearchEntry
        named = sa.select(entry.record, entry.record_id, entry.title).where(_is_own_of(elsewhere))
        titles = {(record, record_id): title for record, record_id, title in await work.all(named)}
    return [
        _as_found(row, row.title, row.detail)
        if row.source == row.record
        else _as_found(row, titles.get((row.record, row.record_id), ''), row.detail or row.title)
        for row in rows
    ]


async def _placed(work: Work, found: list[Found]) -> list[Found]:
    """Say of records where they belong, those of a kind at once."""
    places: dict[UUID, str] = {}
    for name in {one.record for one in found}:
        if (told := findable[name].places) is not None:
            places |= await told(work, {one.record_id for one in found if one.record == name})
    return [replace(one, place=places.get(one.record_id, '')) for one in found]


def _as_found(row: Any, title: str, detail: str) -> Found:
    kind, source = records.kind_of(row.record), '' if row.source == row.record else row.source
    return Found(
        record=row.record, record_id=row.record_id, title=title, detail=detail, label=kind.label, icon=kind.icon,
        href=kind.href(row.record_id) + (AROUND if source else ''), group=findable[row.record].label, source=source,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------- making it anew


@service(SYSTEM)
async def index_batch(work: Work, name: str, after: UUID | None) -> UUID | None:
    """Index the next rows of a table anew; returns the id of the last one, None when there are no more."""
    how = _by_name()[name]
    model: Any = how.model
    statement = select(model).order_by(model.id).limit(REBUILT_AT_ONCE)
    rows = await work.all(statement.where(model.id > after) if after is not None else statement)
    if not rows:
        return None
    connection = await work.session.connection()
    entries = [entry for row in rows for entry in entries_of(row)]
    await connection.run_sync(replace_entries, [row.id for row in rows], entries)
    last: UUID = rows[-1].id
    return last


@service(SYSTEM)
async def drop_orphans(work: Work) -> int:
    """Delete what the index holds of rows that are not there any more; returns how many records it holds."""
    for name, how in _by_name().items():
        model: Any = how.model
        gone = sa.delete(SearchEntry).where(
            col(SearchEntry.source) == name, ~select(model.id).where(model.id == SearchEntry.source_id).exists()
        )
        await work.execute(gone)
    unknown = sa.delete(SearchEntry).where(col(SearchEntry.source).not_in(list(_by_name())))
    await work.execute(unknown)
    return await work.count(select(SearchEntry.id).where(_is_its_own()))


@service(SYSTEM)
async def forget_words(work: Work) -> None:
    """Have the words of what was deleted leave the index itself: when a person is to be forgotten."""
    await work.flush()
    await (await work.session.connection()).run_sync(merge_index)


async def rebuild(actor: Actor) -> int:
    """Make the index of the actor's organization anew, some rows in each transaction; returns how many can be found."""
    for name in _by_name():
        after = await index_batch(actor, name, None)
        while after is not None:
            after = await index_batch(actor, name, after)
    return await drop_orphans(actor)


@domain.job(detached=True)
async def rebuild_index(run: Run) -> None:
    """Make the index of an organization anew: after an upgrade or a restore that left it empty or of an older form."""
    await rebuild(run.actor)
    await run.conclude('The search index was made anew.')


@service(SYSTEM)
async def rebuild_where_missing(work: Work) -> int:
    """Have the index made anew where an organization has none of the present form; returns for how many."""
    async with work.everywhere():
        has_one = select(SearchEntry.id).where(
            SearchEntry.organization_id == Organization.id, col(SearchEntry.form) == FORM
        )
        people = select(Member.id).where(Member.organization_id == Organization.id)
        missing = await work.all(select(Organization.id).where(~has_one.exists(), people.exists()))
    for organization_id in missing:
        async with work.inside(organization_id):
            work.enqueue(rebuild_index)
    return len(missing)


def _by_name() -> dict[str, Indexed]:
    by_name: dict[str, Indexed] = {model.__name__: how for model, how in indexed.items()}
    assert all(issubclass(how.model, Model) for how in by_name.values())
    return by_name
