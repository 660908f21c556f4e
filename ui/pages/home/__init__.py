"""Home: what waits for me, what is left to set up, and the people of the department in figures."""

from datetime import datetime
from zoneinfo import ZoneInfo

from data.core import now
from data.members import JobChange, Member
from logic import home
from logic.audit.domain import VIEW as AUDIT_VIEW
from logic.core import waiting as what_waits
from logic.core.actor import Actor
from logic.core.formats import long_day_text
from logic.core.language import _, sense
from logic.core.service import SIGNED_IN
from logic.members.domain import ADD
from logic.members.figures import people_figures
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
    Step,
    Tiles,
    toast,
    watch,
)
from ui.guard import current_actor
from ui.pages.home import work  # noqa: F401  its page registers itself
from ui.pages.home.figures import months_of, tiles_of, units_of
from ui.shell import Nav, page
from ui.waiting import drawn


@page('/', 'Home', SIGNED_IN, nav=Nav(icon='sym_o_home', order=0, key='h', phone=1))
async def home_page(actor: Actor) -> None:
    """One page that answers: what waits for me, and how do we stand?"""
    begun = await home.overview(actor)
    local = now().astimezone(ZoneInfo(actor.zone))
    buttons = [
        Button(_('Import'), href='/members/import', icon='sym_o_upload'),
        Button(_('Add member'), href='/members/new', icon='sym_o_person_add', primary=True, create=True),
    ]
    Head(
        _greeting(local, actor.name.split(' ')[0]),
        f'{long_day_text(local.date())} · {begun.organization.name}',
        buttons if actor.may(ADD) else (),
    )
    _first_steps(begun.steps)
    found = begun.figures
    tiles = Tiles(tiles_of(found)) if found else None
    with Grid():
        if begun.movements:
            with Card(_('Joined and left'), span=8):
                chart = Chart(
                    _('People who joined and left in each of the last twelve months'),
                    *months_of(begun.movements),
                    legend=True,
                )
        link = (_('Show all'), '/my-work')
        waiting = Attention(drawn(begun.waiting.rows), total=begun.waiting.total, link=link, span=4)
        if found:
            link = (_('Open directory'), '/members')
            with Card(sense('units', 'Departments'), link=link, span=8 if begun.acts is not None else 12):
                units = People(units_of(found))
        if begun.acts is not None:
            acts = Activity(_acts(begun.acts), link=(_('Open audit log'), '/audit'), span=4)

    async def people_changed() -> None:
        actor = await current_actor()
        now_found = await people_figures(actor)
        if tiles:
            tiles.change(tiles_of(now_found))
            chart.change(*months_of(await home.movements(actor)))
            units.change(units_of(now_found))
        if actor.may(AUDIT_VIEW):
            acts.change(_acts(await home.recent_acts(actor)))

    async def work_changed() -> None:
        now_waiting = await home.waiting_for_me(await current_actor())
        waiting.change(drawn(now_waiting.rows), now_waiting.total)

    if found:
        watch(Member, JobChange, call=people_changed)
    watch(*what_waits.models(), call=work_changed)


def _greeting(local: datetime, name: str) -> str:
    if 4 <= local.hour < 12:
        return _('Good morning, {name}', name=name)
    if local.hour < 18:
        return _('Good afternoon, {name}', name=name)
    return _('Good evening, {name}', name=name)


def _first_steps(steps: list[home.SetupStep]) -> None:
    if not steps or all(step.is_done for step in steps):
        return

    async def dismiss(actor: Actor) -> None:
        async def back(actor: Actor) -> None:
            await home.dismiss_setup(actor, hidden=False)

        await home.dismiss_setup(actor)
        toast(_('Hidden. Settings can show it again.'), undo=back)

    Checklist(_('First steps'), [Step(s.label, s.href, s.is_done, s.detail) for s in steps], dismiss=dismiss)


def _acts(acts: list[home.RecentAct]) -> list[Happening]:
    return [Happening(a.who, a.what, a.object, a.at, a.href) for a in acts]
