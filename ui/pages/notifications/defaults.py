"""What the department proposes: which notices go where, for everybody who did not choose himself."""

from logic import notifications
from logic.core.actor import Actor
from logic.core.language import _
from logic.notifications import MANAGE
from ui.components import Card, toast
from ui.components.notices import Chosen, NoticeMatrix
from ui.pages.settings import settings_head
from ui.shell import page


@page('/settings/notices', 'Notices', MANAGE)
async def defaults(actor: Actor) -> None:
    """What holds until a person chooses."""

    async def choose(actor: Actor, chosen: Chosen) -> None:
        await notifications.choose_default(actor, chosen.kind, chosen.channel, chosen.pace)
        toast(_('Saved.'))

    settings_head(_('Notices'), _('What people are told, unless they choose themselves under their account.'))
    with Card():
        NoticeMatrix(await notifications.list_defaults(actor), choose)
