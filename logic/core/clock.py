"""Whether the clock of this computer can be believed: it is not set while Logbook runs, and goes as the database's."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from data.core import now

log = structlog.get_logger(__name__)
TOLERANCE = timedelta(seconds=30)
"""What clocks may differ by before somebody is told (spec of reliability, R13)."""
UNSET = getattr(time, 'CLOCK_BOOTTIME', time.CLOCK_MONOTONIC)
"""A clock that nobody sets; on Linux it goes on while the computer sleeps."""


def _lead() -> timedelta:
    """Return how far the clock is ahead of the one that nobody sets."""
    return timedelta(seconds=time.time() - time.clock_gettime(UNSET))


@dataclass(slots=True)
class Watched:
    """The clock of this computer, and when and by how much it was set since the start."""

    lead: timedelta = field(default_factory=_lead)
    set_at: datetime | None = None
    set_by: timedelta = timedelta()

    def look(self) -> None:
        """Notice whether the clock was set by more than 30 seconds since the last look."""
        lead = _lead()
        if abs(lead - self.lead) > TOLERANCE:
            self.set_at, self.set_by = now(), lead - self.lead
            log.warning('clock.was_set', seconds=round(self.set_by.total_seconds()))
        self.lead = lead


watched = Watched()


async def compare(connection: AsyncConnection) -> timedelta:
    """Return how far this computer is ahead of the database server, and note in the log of the program what is too far.

    SQLite is on this computer itself.
    """
    if connection.dialect.name == 'sqlite':
        return timedelta()
    there: datetime = (await connection.execute(sa.select(sa.func.utc_timestamp(6)))).scalar_one()
    ahead = now() - there.replace(tzinfo=UTC)
    if abs(ahead) > TOLERANCE:
        log.warning('clock.differs_from_database', seconds=round(ahead.total_seconds()))
    return ahead
