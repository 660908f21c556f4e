"""Heads, cards, tiles, lists, facts, timelines, empty states and other drawn things; each is one element."""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from logic.core.formats import number_text
from logic.core.language import _, later
from ui.components.base import Block, Button, Chip, Handler

Tone = Literal['red', 'amber', 'green', 'blue', 'violet', 'grey', 'brand']
_ids = itertools.count(1)


class Head(Block):
    """The head of a screen: its `h1`, a line below, the state of a record, and the buttons; one of them primary.

    `people` are those whom a record is given to. With `tight` all of it is one row on a phone, for screens that people
    come to for what is below.
    """

    def __init__(
        self,
        title: str,
        text: str = '',
        buttons: Sequence[Button] = (),
        *,
        chip: Chip | None = None,
        person: bool = False,
        photo: str | None = None,
        tight: bool = False,
        people: Sequence[str] = (),
    ) -> None:
        who = {'name': title, 'photo': photo} if person else None
        super().__init__(
            'head',
            {'title': title, 'text': text, 'chip': chip, 'person': who, 'tight': tight, 'people': list(people)},
            buttons,
        )


class Card(Block):
    """A card that holds elements: `with Card('Contact'):`. `link` is (label, address); `span` 3-9 of 12 in a `Grid`."""

    def __init__(
        self,
        title: str = '',
        buttons: Sequence[Button] = (),
        *,
        text: str = '',
        link: tuple[str, str] | None = None,
        span: int = 12,
    ) -> None:
        more = {'label': link[0], 'href': link[1]} if link else None
        super().__init__('card', {'title': title, 'text': text, 'link': more, 'id': f'lb-card-{next(_ids)}'}, buttons)
        place(self, span)


def place(element: Any, span: int) -> None:
    """Give an element its width in a `Grid`, in twelfths."""
    if span in SPANS:
        element.classes(SPANS[span])


SPANS = {3: 'lb-span-3', 4: 'lb-span-4', 5: 'lb-span-5', 6: 'lb-span-6', 7: 'lb-span-7', 8: 'lb-span-8', 9: 'lb-span-9'}


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure; with `href` it leads to the list behind it."""

    label: str
    value: str | int
    icon: str
    tone: Tone = 'brand'
    href: str | None = None
    note: str = ''
    note_tone: Tone = 'grey'


class Tiles(Block):
    """A row of figures."""

    def __init__(self, tiles: Sequence[Tile]) -> None:
        super().__init__('tiles', {'tiles': [_tile(tile) for tile in tiles]})

    def change(self, tiles: Sequence[Tile]) -> None:
        """Show other figures."""
        self._change(tiles=[_tile(tile) for tile in tiles])


def _tile(tile: Tile) -> dict[str, Any]:
    value = number_text(tile.value) if isinstance(tile.value, int) else tile.value
    return asdict(tile) | {'value': value, 'noteTone': tile.note_tone}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the person: what, why, and what to do about it, by a link or at once.

    `also` is a second thing to do: (label, handler). `key` tells it from the others when the list changes.
    """

    text: str
    detail: str = ''
    icon: str = 'sym_o_task'
    tone: Tone = 'blue'
    href: str | None = None
    label: str = later('Open')
    do: Handler | None = None
    also: tuple[str, Handler] | None = None
    key: str = ''


class Attention(Block):
    """The list of what waits for me, with the actions on each row; `link` (label, address) leads to the rest."""

    def __init__(
        self,
        items: Sequence[Waiting],
        title: str = later('Needs your attention'),
        *,
        total: int = 0,
        link: tuple[str, str] | None = None,
        span: int = 12,
    ) -> None:
        more = {'label': link[0], 'href': link[1]} if link else None
        super().__init__('attention', {'title': title, 'empty': _('Nothing waits for you.'), 'link': more})
        place(self, span)
        self.change(items, total)

    def change(self, items: Sequence[Waiting], total: int = 0) -> None:
        """Show other items; `total` counts those that are left out too."""
        self._handlers.clear()  # what is done about an item that is gone is done to none of the others
        self._change(items=[self._drawn(item, item.key or str(at)) for at, item in enumerate(items)], total=total)

    def _drawn(self, item: Waiting, key: str) -> dict[str, Any]:
        drawn = {'id': key, 'text': item.text, 'detail': item.detail, 'icon': item.icon, 'tone': item.tone}
        acts = [(f'act-{key}', item.label, item.do), (f'also-{key}', *(item.also or ('', None)))]
        for name, _label, do in acts:
            self._when(name, do)
        drawn['acts'] = [{'name': name, 'label': label} for name, label, do in acts if do]
        return drawn | {'href': item.href, 'label': '' if item.do else item.label}


@dataclass(frozen=True, slots=True)
class Happening:
    """Who did what to which object, and when."""

    who: str
    what: str
    object: str
    at: datetime
    href: str | None = None
    photo: str | None = None


class Activity(Block):
    """The latest happenings."""

    def __init__(
        self,
        items: Sequence[Happening],
        *,
        link: tuple[str, str] | None = None,
        span: int = 12,
    ) -> None:
        more = {'label': link[0], 'href': link[1]} if link else None
        data = {'title': _('Activity'), 'link': more, 'empty': _('Nothing has happened yet.')}
        super().__init__('activity', data)
        place(self, span)
        self.change(items)

    def change(self, items: Sequence[Happening]) -> None:
        """Show other happenings."""
        self._change(items=[asdict(item) | {'id': index} for index, item in enumerate(items)])


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a list of people."""

    name: str
    detail: str = ''
    href: str | None = None
    photo: str | None = None
    chip: Chip | None = None


class People(Block):
    """People with a line below the name and a state, in as many columns as there is room."""

    def __init__(self, people: Sequence[Person]) -> None:
        super().__init__('people', {})
        self.change(people)

    def change(self, people: Sequence[Person]) -> None:
        """Show other people."""
        self._change(
            items=[
                {'id': i, 'name': p.name, 'detail': p.detail, 'href': p.href, 'photo': p.photo, 'chip': p.chip}
                for i, p in enumerate(people)
            ]
        )


class Empty(Block):
    """Instead of nothing: what this is for, and the one thing to do next."""

    def __init__(
        self, icon: str, title: str, text: str, buttons: Sequence[Button] = (), *, note: str = '', page: bool = False
    ) -> None:
        super().__init__('empty', {'icon': icon, 'title': title, 'text': text, 'note': note, 'page': page}, buttons)


class Note(Block):
    """A bar that says something about the screen: a warning, a newer version, a hint."""

    def __init__(
        self, text: str, tone: Tone = 'blue', icon: str = 'sym_o_info', buttons: Sequence[Button] = ()
    ) -> None:
        super().__init__('note', {'text': text, 'tone': tone, 'icon': icon}, buttons)


class Buttons(Block):
    """Buttons in a row."""

    def __init__(self, *buttons: Button) -> None:
        super().__init__('actions', {}, buttons)


class Skeleton(Block):
    """What stands where something is still being fetched."""

    def __init__(self, lines: int = 4, *, card: bool = True, label: str = later('Loading')) -> None:
        super().__init__('skeleton', {'lines': lines, 'card': card, 'label': label})


class Segments(Block):
    """A choice among two to five views: `options` are (name, label) or (name, label, icon); `do(actor, name)`."""

    def __init__(self, label: str, options: Sequence[tuple[str, ...]], chosen: str, do: Handler) -> None:
        names = [option[0] for option in options]
        drawn = [{'name': o[0], 'label': o[1], 'icon': o[2] if len(o) > 2 else ''} for o in options]
        super().__init__('segments', {'label': label, 'options': drawn, 'chosen': chosen})
        self._when('choose', do, Literal[tuple(names)])
