"""What this process remembers of a database's logs, so that an append costs two statements; learned from commits."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

MOST_KEYS = 4096
_PENDING = 'audit_pending'


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a log as last committed here. Used only when the database still says the same."""

    number: int
    size: int
    root: bytes
    frontier: bytes
    epoch: int
    last_at: datetime | None


@dataclass(slots=True)
class Memory:
    """What is known of one database."""

    heads: dict[UUID, Head] = field(default_factory=dict)
    keys: dict[tuple[UUID, UUID], bytes] = field(default_factory=dict)
    contexts: dict[tuple[object, ...], str] = field(default_factory=dict)
    """Who acted, from which device, on which day: the commitment that already stands in the log."""

    def forget(self, log_id: UUID, subject_id: UUID) -> None:
        """Drop all that was remembered of a person."""
        self.keys.pop((log_id, subject_id), None)
        self.contexts.clear()

    def learn(self, news: 'Memory') -> None:
        """Take what a transaction has committed."""
        self.heads.update(news.heads)
        for known, more in ((self.keys, news.keys), (self.contexts, news.contexts)):
            if len(known) + len(more) > MOST_KEYS:
                known.clear()
            known.update(more)  # type: ignore[arg-type]


_memories: WeakKeyDictionary[Any, Memory] = WeakKeyDictionary()


def remembered(session: AsyncSession) -> Memory:
    """Return what this process knows of the session's database."""
    return _memories.setdefault(_engine(session.sync_session), Memory())


def pending(session: AsyncSession) -> Memory:
    """Return what this process will know once the session's transaction has committed."""
    return session.info.setdefault(_PENDING, Memory())  # type: ignore[no-any-return]


def forget_all() -> None:
    """Forget everything: another program has written the database anew."""
    _memories.clear()


def _engine(session: Session) -> Any:
    bind = session.get_bind()
    return bind.engine


@sa.event.listens_for(Session, 'after_commit')
def _committed(session: Session) -> None:
    news = session.info.pop(_PENDING, None)
    if news is not None:
        _memories.setdefault(_engine(session), Memory()).learn(news)


@sa.event.listens_for(Session, 'after_rollback')
def _rolled_back(session: Session) -> None:
    session.info.pop(_PENDING, None)
