"""What somebody is told, where and how soon, as one component; and the switch that lets a browser show notices."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from data.notifications import Channel, Pace
from logic.core.language import later
from logic.notifications import Choice
from ui.components.base import Component, Handler

CHANNELS = {Channel.BELL: later('Bell'), Channel.PUSH: later('Push'), Channel.MAIL: later('E-mail')}
PACES = {Pace.OFF: later('Off'), Pace.NOW: later('At once'), Pace.DIGEST: later('In the digest')}


class Chosen(BaseModel):
    """What the browser sends of a cell."""

    model_config = ConfigDict(extra='forbid')

    kind: str = Field(max_length=60)
    channel: Channel
    pace: Pace


class Browser(BaseModel):
    """What a browser says of itself when it is to show notices."""

    model_config = ConfigDict(extra='forbid')

    endpoint: str = Field(max_length=2000)
    public_key: str = Field(default='', max_length=120)
    secret: str = Field(default='', max_length=40)


class NoticeMatrix(Component, component='notice_matrix.js', dependencies=['logbook.js', 'symbols.js']):
    """Kinds by channels: `do(actor, chosen: Chosen)` runs at once; the service checks what may be chosen."""

    def __init__(self, choices: Sequence[Choice], do: Handler) -> None:
        super().__init__()
        self._when('choose', do, Chosen)
        self._props['channels'] = [{'name': one.value, 'label': str(label)} for one, label in CHANNELS.items()]
        self.change(choices)

    def change(self, choices: Sequence[Choice]) -> None:
        """Show other choices."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for choice in choices:
            groups.setdefault(str(choice.kind.group), []).append(_row(choice))
        self._props['groups'] = [{'title': title, 'rows': rows} for title, rows in groups.items()]
        self.update()


def _row(choice: Choice) -> dict[str, Any]:
    cells = {
        channel.value: {
            'value': choice.paces[channel].value,
            'options': [{'value': pace.value, 'label': str(PACES[pace])} for pace in choice.offered(channel)],
        }
        for channel in CHANNELS
    }
    kind = choice.kind
    return {'name': kind.name, 'label': str(kind.label), 'icon': kind.icon, 'firm': kind.is_firm, 'cells': cells}


class PushSwitch(Component, component='push_switch.js', dependencies=['logbook.js', 'symbols.js']):
    """Lets this browser show notices: `subscribe` and `unsubscribe` get what it says of itself as `Browser`."""

    def __init__(self, server_key: str, subscribe: Handler, unsubscribe: Handler) -> None:
        super().__init__()
        self._props['serverKey'] = server_key
        self._when('subscribe', subscribe, Browser)
        self._when('unsubscribe', unsubscribe, Browser)


class MailPreview(Component, component='mail_preview.js'):
    """A mail as its reader sees it."""

    def __init__(self, subject: str, page: str) -> None:
        super().__init__()
        self.change(subject, page)

    def change(self, subject: str, page: str) -> None:
        """Show another mail."""
        self._props['subject'], self._props['page'] = subject, page
        self.update()
