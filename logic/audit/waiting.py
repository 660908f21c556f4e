"""What of the audit log waits for those who may verify it: that it is damaged, before all else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col

from data.audit import AuditVerdict
from logic.audit.domain import VERIFY
from logic.audit.verdict import is_damaged, last_verdict
from logic.core import waiting
from logic.core.language import _
from logic.core.work import Work

BEFORE_ALL = date(1970, 1, 1)


def _damaged(may: waiting.May) -> Any:
    if not may(VERIFY):
        return None
    found = waiting.rows('audit', BEFORE_ALL, is_late=True).select_from(AuditVerdict)
    return found.where(col(AuditVerdict.log_id) == waiting.OURS, is_damaged())


async def _say_damaged(work: Work, found: Sequence[waiting.Found], _today: date) -> list[waiting.Said]:
    last = await last_verdict(work)
    damage = last.damage if last else None
    return [waiting.Said(_('The audit log is damaged'), str(damage or ''), '/audit') for _one in found]


waiting.register(waiting.Kind('audit', _damaged, _say_damaged, (AuditVerdict,)))
