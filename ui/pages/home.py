"""Home: what waits for me, what is left to set up, and the people of the department in figures."""

from datetime import datetime
from zoneinfo import ZoneInfo

from data.core import now
from data.identity import TwoPersonRequest
from data.members import ChecklistItem, JobChange, Licence, Member, MemberDocument, MemberStatus, ProfileChange
from data.tasks import Task
from logic import home
from logic.audit.domain import VIEW as AUDIT_VIEW
from logic.core.actor import Actor
from logic.core.service import SIGNED_IN
from logic.members.domain import ADD
from logic.members.figures import Figures, people_figures
from ui.components import (
    Activity,
    Attention,
    Button,
    Card,
    Chart,
    Checklist,
    Grid,
    Happening,
    Head,
    People,
    Person,
    Series,
    Step,
    Tile,
    Tiles,
    Waiting,
    toast,
    watch,
)
from ui.components.blocks import Tone
from ui.guard import current_actor
from ui.shell import Nav, page

ICONS: dict[str, tuple[str, Tone]] = {
    'expiry': ('sym_o_verified', 'amber'),
    'checklist': ('sym_o_checklist', 'blue'),
    'change': ('sym_o_edit_note', 'violet'),
    'invitation': ('sym_o_mail', 'red'),
    'second': ('sym_o_group', 'red'),
    'task': ('sym_o_task_alt', 'brand'),
}


@page('/', 'Home', SIGNED_IN, nav=Nav(icon='sym_o_home', order=0, key='h', phone=1))
async def home_page(actor: Actor) -> None:
    """One page that answers: what waits for me, and how do we stand?"""
    begun = await home.overview(actor)
    local = now().astimezone(ZoneInfo(actor.zone))
    buttons = []
    if actor.may(ADD):
        buttons = [
            Button('Import', href='/members/import', icon='sym_o_upload'),
            Button('Add member', href='/members/new', icon='sym_o_person_add', primary=True, create=True),
        ]
    Head(
        f'{_greeting(local)}, {actor.name.split(" ")[0]}',
        f'{local:%A} {local.day} {local:%B} · {begun.organization.name}',
        buttons,
    )
    _first_steps(begun.steps)
    found = begun.figures
    tiles = Tiles(_tiles(found)) if found else None
    with Grid():
        if begun.movements:
            with Card('Joined and left', span=8):
                chart = Chart(
                    'People who joined and left in each of the last twelve months',
                    *_months(begun.movements),
                    legend=True,
                )
        waiting = Attention(_waiting(begun.waiting), span=4)
        if found:
            with Card('Departments', link=('Open directory', '/members'), span=8 if begun.acts is not None else 12):
                units = People(_units(found))
        if begun.acts is not None:
            acts = Activity(_acts(begun.acts), link=('Open audit log', '/audit'), span=4)

    async def people_changed() -> None:
        actor = await current_actor()
        now_found = await people_figures(actor)
        if tiles:
            tiles.change(_tiles(now_found))
            chart.change(*_months(await home.movements(actor)))
            units.change(_units(now_found))
        if actor.may(AUDIT_VIEW):
            acts.change(_acts(await home.recent_acts(actor)))

    async def work_changed() -> None:
        waiting.change(_waiting(await home.waiting_for_me(await current_actor())))

    if found:
        watch(Member, JobChange, call=people_changed)
    watch(ChecklistItem, Licence, MemberDocument, ProfileChange, Task, TwoPersonRequest, call=work_changed)


def _greeting(local: datetime) -> str:
    return 'Good morning' if 4 <= local.hour < 12 else 'Good afternoon' if local.hour < 18 else 'Good evening'


def _first_steps(steps: list[home.SetupStep]) -> None:
    if not steps or all(step.is_done for step in steps):
        return

    async def dismiss(actor: Actor) -> None:
        async def back(actor: Actor) -> None:
            await home.dismiss_setup(actor, hidden=False)

        await home.dismiss_setup(actor)
        toast('Hidden. Settings can show it again.', undo=back)

    Checklist('First steps', [Step(s.label, s.href, s.is_done, s.detail) for s in steps], dismiss=dismiss)


def _tiles(found: Figures) -> list[Tile]:
    count = found.by_status
    active, probationary = count.get(MemberStatus.ACTIVE, 0), count.get(MemberStatus.PROBATIONARY, 0)
    on_leave, joined, gone = count.get(MemberStatus.ON_LEAVE, 0), found.joined_this_month, found.left_this_month
    return [
        Tile('People', found.total, 'sym_o_group', 'brand', '/members', f'{active} active', 'green'),
        Tile('Probationary', probationary, 'sym_o_school', 'blue', '/members?status=probationary'),
        Tile('On leave', on_leave, 'sym_o_beach_access', 'amber', '/members?status=on_leave'),
        Tile('Joined this month', joined, 'sym_o_trending_up', 'violet', '/members?sort=-joined',
             f'{gone} left', 'grey'),
    ]  # fmt: skip


def _months(found: home.Movements) -> tuple[list[str], list[Series]]:
    both = [Series('Joined', list(found.joined)), Series('Left', list(found.left))]
    return [f'{month:%b}' for month in found.months], both


def _units(found: Figures) -> list[Person]:
    return [
        Person(name, f'{count} {"person" if count == 1 else "people"}', f'/members?department={unit}' if unit else None)
        for unit, name, count in found.by_department[:8]
    ]


def _waiting(items: list[home.WaitingItem]) -> list[Waiting]:
    return [Waiting(i.text, i.detail, *ICONS[i.kind], href=i.href, label=i.label) for i in items[:6]]


def _acts(acts: list[home.RecentAct]) -> list[Happening]:
    return [Happening(a.who, a.what, a.object, a.at, a.href) for a in acts]
