"""Notices: what a person was told, and whether he has read it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Model, Scoped, identifier, instant, reference, text


class Notice(Scoped, Model, table=True):
    """Something a person should know. It stands in his bell, unless he wants this kind elsewhere only."""

    __table_args__ = (
        UniqueConstraint('organization_id', 'account_id', 'unique_key'),
        Index(None, 'account_id', 'organization_id', 'read_at', 'created_at'),
    )

    account_id: UUID = reference('account.id', index=False)
    kind: str = text(60)
    title: str = text(200)
    body: str = text(500, default='')
    link: str = text(300, default='')
    object_type: str = text(60, default='')
    object_id: UUID | None = Field(default=None, sa_type=identifier())
    unique_key: str | None = text(190, default=None)
    """Names a scheduled notice by record, kind and level: it comes once."""
    in_bell: bool = Field(default=True, sa_column_kwargs={'server_default': sa.true()})
    read_at: datetime | None = instant(default=None)
