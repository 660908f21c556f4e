"""What the frame draws: links, departments, notices, and the screens that stand for none."""

from typing import Any

from logic.core.errors import NotFound
from logic.core.language import _
from ui import errors
from ui.shell import registry
from ui.shell.sources import Count, Department, sources


def drawn_department(department: Department) -> dict[str, Any]:
    """A department as the switch shows it."""
    return {'id': str(department.id), 'name': department.name, 'logo': department.logo}


def drawn_link(entry: registry.PageEntry, count: Count | None) -> dict[str, Any]:
    """A screen as the navigation shows it."""
    assert entry.nav is not None
    link = {'path': entry.path, 'label': str(entry.label), 'icon': entry.nav.icon, 'key': entry.nav.key}
    if count is not None and count.number:
        link |= {'count': count.number, 'urgent': count.urgent}
    return link


def phone_bar(entries: list[registry.PageEntry]) -> list[str]:
    """The four screens of the bar on a phone."""
    paths = [entry.path for entry in entries]
    if sources.phone_bar:
        return [path for path in sources.phone_bar if path in paths][:4]
    placed = sorted((e for e in entries if e.nav and e.nav.phone), key=lambda e: (e.nav and e.nav.phone) or 0)
    chosen = [entry.path for entry in placed]
    return list(dict.fromkeys([*chosen, *paths]))[:4]


def drawn_notice(notice: Any) -> dict[str, Any]:
    """A notice as the bell shows it."""
    return {
        'id': str(notice.id),
        'text': notice.text,
        'at': notice.at.isoformat(),
        'href': notice.href,
        'read': notice.read,
        'more': notice.more,
        'icon': notice.icon,
        'tone': notice.tone,
    }


async def nothing_here() -> None:
    """The screen of an address that leads nowhere."""
    raise NotFound(str(errors.SENTENCES[404]))


async def switched_off() -> None:
    """The screen of a module that is off."""
    raise NotFound(
        _('This module is switched off in your department. An administrator can switch it on in the settings.')
    )
