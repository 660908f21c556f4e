"""What people keep of their screens: saved views of lists, pinned pages, and the pages they had open last."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from data.core import Audited, Model, Scoped, instant, reference, text

PATH_LENGTH = 300


class SavedView(Audited, Scoped, Model, table=True):
    """A question to a list under a name. It holds no rows: whoever opens it sees what he may see."""

    __table_args__ = (Index(None, 'organization_id', 'place'),)
    audit_personal: ClassVar[frozenset[str]] = frozenset({'name', 'state'})
    audit_subject: ClassVar[str | None] = 'account_id'

    account_id: UUID = reference('account.id')
    """Who saved it."""
    place: str = text(120)
    """The list: the path of its screen, and its name where a screen has several."""
    name: str = text(80)
    state: str = text(2000, default='')
    """Search, filters, sort and size as the query string of the list's own part of the address."""
    is_shared: bool = False
    removed_at: datetime | None = instant(default=None)
    """Kept for a day, so that a removal can be taken back."""


class DefaultView(Scoped, Model, table=True):
    """The view with which a list opens for one account."""

    __table_args__ = (UniqueConstraint('organization_id', 'account_id', 'place'),)

    account_id: UUID = reference('account.id')
    place: str = text(120)
    view_id: UUID = reference('saved_view.id')


class PinnedPage(Scoped, Model, table=True):
    """A page that an account keeps in its navigation."""

    __table_args__ = (UniqueConstraint('organization_id', 'account_id', 'path'),)

    account_id: UUID = reference('account.id')
    path: str = text(PATH_LENGTH)
    title: str = text(200)
    """As it was then; that of a record is looked up anew, with the rights of the moment."""
    order: int = 0


class RecentPage(Scoped, Model, table=True):
    """A page that an account had open lately; only few are kept."""

    __table_args__ = (UniqueConstraint('organization_id', 'account_id', 'path'),)

    account_id: UUID = reference('account.id')
    path: str = text(PATH_LENGTH)
    title: str = text(200)
    opened_at: datetime = instant()
