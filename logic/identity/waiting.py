"""What of accounts waits for an administrator: lost second factors to remove, and invitations that have lapsed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from data.identity import Invitation, TwoPersonRequest
from logic.core import waiting
from logic.core.language import _, many
from logic.core.work import Work
from logic.identity import two_person
from logic.identity.mfa import FACTOR_RESET
from logic.identity.permissions import MANAGE_ACCESS


def _resets(may: waiting.May) -> Any:
    return two_person.undecided('factor_reset', FACTOR_RESET) if may(MANAGE_ACCESS) else None


async def _say_resets(_work: Work, found: Sequence[waiting.Found], _today: date) -> list[waiting.Said]:
    return [
        waiting.Said(_('Remove the second factor of {name}?', name=one.name), one.more, f'/access/{one.member_id}')
        for one in found
    ]


def _lapsed(may: waiting.May) -> Any:
    if not may(MANAGE_ACCESS):
        return None
    counted = waiting.rows('invitation', waiting.TODAY, more=sa.cast(sa.func.count(), sa.String(20))).where(
        col(Invitation.organization_id) == waiting.OURS, col(Invitation.expires_at) < waiting.NOW,
        col(Invitation.accepted_at).is_(None), col(Invitation.cancelled_at).is_(None),
    )  # fmt: skip
    return counted.having(sa.func.count() > 0)


async def _say_lapsed(_work: Work, found: Sequence[waiting.Found], _today: date) -> list[waiting.Said]:
    return [
        waiting.Said(
            many('{count} invitation has lapsed', '{count} invitations have lapsed', int(one.more)),
            _('Send again or cancel'),
            '/access',
        )
        for one in found
    ]


waiting.register(waiting.Kind('factor_reset', _resets, _say_resets, (TwoPersonRequest,)))
waiting.register(waiting.Kind('invitation', _lapsed, _say_lapsed, (Invitation,)))
