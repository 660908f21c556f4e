"""What is wrong with the clock, to whoever can mend it."""

from datetime import timedelta

from data.core import now
from logic.core import clock
from logic.core.formats import moment_text, number_text
from logic.core.language import _
from logic.status import SystemStatus


def clock_worries(found: SystemStatus, zone: str) -> list[str]:
    """Say what is wrong with the clock of this computer, to whoever can mend it."""
    worries = []
    if abs(found.clock_ahead) > clock.TOLERANCE:
        worries.append(
            _(
                'The clocks of this computer and of the database server differ by {number} s. Let both follow a time '
                'server (NTP).',
                number=number_text(abs(round(found.clock_ahead.total_seconds()))),
            )
        )
    if found.clock_set_at and abs(now() - found.clock_set_at) < timedelta(days=1):
        worries.append(
            _(
                'The clock of this computer was moved by {number} s: {moment}. Sign-ins, jobs and the audit log rely '
                'on it. Let it follow a time server (NTP).',
                number=number_text(round(found.clock_set_by.total_seconds())),
                moment=moment_text(found.clock_set_at, zone),
            )
        )
    return worries
