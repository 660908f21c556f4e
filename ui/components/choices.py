"""Places to go to with a search among them, and switches that act at once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pydantic import BaseModel, ConfigDict, Field

from ui.components.base import Block, Handler


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a person may go to; `words` are found by the search but not shown."""

    label: str
    detail: str
    href: str
    icon: str
    permission: str = ''
    words: str = ''


class Links(Block):
    """Places as cards; with `search` they are narrowed while typing, in the browser."""

    def __init__(self, places: Sequence[Place], *, search: str = '') -> None:
        super().__init__('links', {'places': [asdict(place) for place in places], 'search': search})


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off."""

    name: str
    label: str
    detail: str
    on: bool


class Switched(BaseModel):
    """What the browser sends of a switch."""

    model_config = ConfigDict(extra='forbid')

    name: str = Field(max_length=60)
    on: bool


class Switches(Block):
    """Switches in a list: `do(actor, switched: Switched)` runs at once; the service checks the name."""

    def __init__(self, switches: Sequence[Switch], do: Handler) -> None:
        super().__init__('switches', {})
        self._when('switch', do, Switched)
        self.change(switches)

    def change(self, switches: Sequence[Switch]) -> None:
        """Show other states."""
        self._change(items=[asdict(switch) for switch in switches])
