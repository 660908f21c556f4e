"""What screens are built of. Each thing here is one element fed with data; take these before `nicegui.ui`.

    from ui.components import Button, Card, Chip, Column, DataTable, Fact, Facts, Filter, Form, Grid, Head, live, toast

    Head('Members', '128 active', [Button('Add member', do=add, icon='sym_o_person_add', primary=True, create=True)])

    await DataTable(
        [Column('name', 'Name', 'person', lambda m: {'name': m.name, 'detail': m.rank}, sort=True),
         Column('status', 'Status', 'chip', lambda m: Chip(m.status.label, m.status.tone)),
         Column('joined_on', 'Joined', 'date', sort=True)],
        members.list_members,                                      # fetch(actor, ListQuery) -> Page
        label='Members', href=lambda m: f'/members/{m.id}', sort='name', noun=('member', 'members'),
        filters=[Filter('status', 'Status', [(s, s.label) for s in MemberStatus])],
        row_actions=[RowAction('Archive', archive, 'sym_o_archive')],       # archive(actor, member_id: UUID)
        bulk=[BulkAction('Archive', archive_many)],                         # archive_many(actor, selection: Selection)
        empty=EmptyList('No members yet', 'Add the first one or import your roster.', buttons=[...]),
        extras=Extras(exports=[('CSV', lambda q: ...)]), live=[Member]).load()

    form = Form(MemberInput, save, value=member, cancel='/members')  # save(actor, data: MemberInput); may raise Invalid
    with form.section('Name'):
        form.text('given_name', span=6); form.text('family_name', span=6); form.email('email'); form.date('born_on')
        form.select('status'); form.person('manager_id', search_people); form.money('dues_cents')

    dialog = FormDialog('Invite', InviteInput, invite, label='Send'); dialog.email('email')     # opens at once
    confirm_by_name('Delete the department', 'This cannot be undone.', name, delete)
    with Dialog('Details', side=True): ...

    with Grid():                                                    # twelve columns; all of them on a phone
        with Card('Calls by week', span=8): Chart('Calls by week', weeks, [Series('Medical', numbers)], stacked=True)
        Attention([Waiting('EMT card expires in 9 days', 'Renew it', 'sym_o_verified', 'amber', '/me/cards')], span=4)

    await Tabs('Member', [Tab('overview', 'Overview', draw_overview), Tab('jobs', 'Jobs', draw_jobs)]).open()
    await live(Member, draw=draw_overview)                          # again whenever a Member changed; holds no inputs
    watch(Member, call=refresh_tiles)                               # for components with `.change(...)`
    toast('Saved.'); toast('Archived.', undo=restore)               # restore(actor)

Handlers (`do=`, `submit=`) are plain async functions with `actor` first; components wrap them with `guard.action`,
which asks for the rights again and shows refusals. Links are `href=`; the shell turns them into screen changes. Icons
are Material Symbols, 'sym_o_...'. Dates, money and chips are formatted in the browser: hand over values, not text.
"""

from ui.components.base import Block, Button, Chip, Component, wired
from ui.components.blocks import (
    Activity,
    Attention,
    Buttons,
    Card,
    Empty,
    Happening,
    Head,
    Note,
    People,
    Person,
    Segments,
    Skeleton,
    Tile,
    Tiles,
    Waiting,
)
from ui.components.board import Board, BoardCard, BoardColumn, BoardHandlers, CardAction, Move
from ui.components.calendar import Calendar, CalendarEvent, CalendarView, Shift, Span
from ui.components.chart import Chart, Node, OrganizationChart, Series
from ui.components.columns import (
    BulkAction,
    Column,
    EmptyList,
    Extras,
    Filter,
    RowAction,
    Selection,
)
from ui.components.dialog import Dialog
from ui.components.editable import Editable, EditableFacts, Opening, Sheet
from ui.components.exchange import CopyField, FileDrop, Sent
from ui.components.file_columns import ColumnChoices, ask_columns
from ui.components.filter_bar import FilterBar
from ui.components.form import Form, Found
from ui.components.form_dialog import FormDialog, confirm_by_name
from ui.components.layout import Grid, Narrow, Row, Stack, Text
from ui.components.live import Listener, Region, live, watch, watch_rows
from ui.components.prose import Prose, Said
from ui.components.quick_add import LineHandlers, Lines, QuickAddField, ReadLine, TakesLines, Understood
from ui.components.records import Around, Change, Checklist, Entry, Fact, Facts, Letter, Step, Timeline
from ui.components.table import DataTable
from ui.components.tabs import Tab, Tabs
from ui.components.toast import toast
from ui.components.todo import Place, Tick, Todo, TodoHandlers, Todos
from ui.components.unfinished import draw_unfinished

__all__ = [
    'Activity',
    'Around',
    'Attention',
    'Block',
    'Board',
    'BoardCard',
    'BoardColumn',
    'BoardHandlers',
    'BulkAction',
    'Button',
    'Buttons',
    'Calendar',
    'CalendarEvent',
    'CalendarView',
    'Card',
    'CardAction',
    'Change',
    'Chart',
    'Checklist',
    'Chip',
    'Column',
    'ColumnChoices',
    'Component',
    'CopyField',
    'DataTable',
    'Dialog',
    'Editable',
    'EditableFacts',
    'Empty',
    'EmptyList',
    'Entry',
    'Extras',
    'Fact',
    'Facts',
    'FileDrop',
    'Filter',
    'FilterBar',
    'Form',
    'FormDialog',
    'Found',
    'Grid',
    'Happening',
    'Head',
    'Letter',
    'LineHandlers',
    'Lines',
    'Listener',
    'Move',
    'Narrow',
    'Node',
    'Note',
    'Opening',
    'OrganizationChart',
    'People',
    'Person',
    'Place',
    'Prose',
    'QuickAddField',
    'ReadLine',
    'Region',
    'Row',
    'RowAction',
    'Said',
    'Segments',
    'Selection',
    'Sent',
    'Series',
    'Sheet',
    'Shift',
    'Skeleton',
    'Span',
    'Stack',
    'Step',
    'Tab',
    'Tabs',
    'TakesLines',
    'Text',
    'Tick',
    'Tile',
    'Tiles',
    'Timeline',
    'Todo',
    'TodoHandlers',
    'Todos',
    'Understood',
    'Waiting',
    'ask_columns',
    'confirm_by_name',
    'draw_unfinished',
    'live',
    'toast',
    'watch',
    'watch_rows',
    'wired',
]
