"""The shell: one document for all screens behind sign-in. A screen is a function under `@page`.

For whoever writes pages (`ui/pages/<domain>.py`):

    from ui import shell
    from ui.shell import Nav, page

    @page('/members', 'Members', members.VIEW, nav=Nav(group='People', icon='sym_o_group', order=10, key='m'))
    async def directory(actor: Actor) -> None: ...

    @page('/members/{member_id}', 'Member', members.VIEW)          # no `nav`: opened from elsewhere
    async def record(actor: Actor, member_id: UUID) -> None:       # path parameters: UUID, int, str by annotation
        member = await members.get_member(actor, member_id)        # NotFound, Denied become page and status
        shell.title(member.name)                                   # tab: "Elena Ruiz - Members - Riverside Fire"

    shell.query()                    # the query string as view state: .get('tab'), .set(tab='jobs') rewrites the
                                     # address without navigating; None removes. Reload, back and links restore it
    shell.crumbs(('People', '/members'), ('Elena Ruiz', None))     # only where the default is not right
    shell.go('/members')             # in a handler: to another screen (plain links need nothing: `href=`)
    await shell.refresh()            # in a handler: draws this screen anew (e.g. after switching a module)
    toast('Saved.')                  # from ui.components; toast('Moved to the bin.', undo=restore)

`permission` is a permission's name or `SIGNED_IN` (from logic.core.service). A builder draws with `ui.components`; it
holds no rules, no try/except, and calls no command (a reload must change nothing).
The application calls `shell.mount()` once, after all pages are imported, and fills `shell.sources`.
"""

from ui.shell.current import crumbs, go, query, refresh, title
from ui.shell.document import mount
from ui.shell.frame import Frame
from ui.shell.query import Query
from ui.shell.registry import Nav, PageEntry, page, pages
from ui.shell.sources import (
    CREATE,
    Count,
    Department,
    Notice,
    PaletteAction,
    PaletteItem,
    Pinned,
    Sources,
    palette_actions,
    palette_sources,
    sources,
)

__all__ = [
    'CREATE',
    'Count',
    'Department',
    'Frame',
    'Nav',
    'Notice',
    'PageEntry',
    'PaletteAction',
    'PaletteItem',
    'Pinned',
    'Query',
    'Sources',
    'crumbs',
    'go',
    'mount',
    'page',
    'pages',
    'palette_actions',
    'palette_sources',
    'query',
    'refresh',
    'sources',
    'title',
]
