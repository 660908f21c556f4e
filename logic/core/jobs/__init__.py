"""Jobs: calls that were written down with their cause and run later, and schedules that write such calls."""

from logic.core.jobs.run import Cancelled, Run
from logic.core.jobs.runner import Runner
from logic.core.jobs.schedules import following, latest

__all__ = ['Cancelled', 'Run', 'Runner', 'following', 'latest']
