"""Whose a row is, asked of the database."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa


def belongs_to(column: Any, who: UUID | None) -> sa.ColumnElement[bool]:
    """Return the condition under which a column names somebody: an account, or a member.

    Who is None, as a service account is no member, owns nothing: compared with him, SQL would find every row that
    names nobody.
    """
    return sa.false() if who is None else column == who
