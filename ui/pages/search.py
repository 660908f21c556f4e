"""All results of a search: records of every kind that the person may see, by kind and page."""

from logic import search
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import ListQuery, Page, paged
from logic.core.service import SIGNED_IN
from logic.search import Found
from ui import shell
from ui.components import Chip, Column, DataTable, EmptyList, Filter, Head
from ui.limits import count_search
from ui.search import described
from ui.shell import page

MOST = 200
LOOK = 'sym_o_search'


async def found_page(actor: Actor, asked: ListQuery) -> Page[Found]:
    """Return a page of what is found."""
    await count_search(actor)
    return paged(await search.find(actor, asked.q, asked.values('kind'), MOST), asked)


@page('/search', 'Search', SIGNED_IN)
async def results(actor: Actor) -> None:
    """The list, with what was typed in the address."""
    shell.crumbs((_('Search'), None))
    text = _('Records of every kind that you may see; the best {count}. One more word narrows them down.', count=MOST)
    Head(_('Search'), text)
    await DataTable(
        [
            Column('title', _('Record')),
            Column('group', _('Kind'), 'chip', lambda row: Chip(str(row.group))),
            Column('detail', _('Details'), value=described),
        ],
        found_page,
        label=_('Results'),
        href=lambda row: row.href,
        key=lambda row: row.record_id,
        filters=[Filter('kind', _('Kind'), [(name, str(label)) for name, label in await search.list_kinds(actor)])],
        search=_('Words, names, numbers'),
        noun=(_('result'), _('results')),
        empty=EmptyList(
            _('What are you looking for?'), _('Type a name, a number, a word, or the beginning of one.'), LOOK
        ),
    ).load()
