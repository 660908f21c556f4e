"""What comes in as rows of people, and what becomes of each."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from data.members import MemberStatus


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = 'new'
    UPDATE = 'update'
    SAME = 'same'
    REFUSED = 'refused'


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A person as a file tells of him; what is not in `values` is left as it is.

    Values are in their stored form: fields of `ProfileInput` (mail and phones normal, dates as dates), `status`,
    `left_on`, `title`, `work_pattern`, and by name: `department`, `rank`, `station`, `membership_type`, `company`;
    `manager` is a number or an e-mail address; `tags` a list of names; `field:<name>` the text of a custom field.
    """

    row_number: int
    values: dict[str, Any]


@dataclass(slots=True)
class RowFate:
    """What becomes of one row, and why it is refused."""

    row_number: int
    fate: Fate
    member_id: UUID | None = None
    """The member that it matches; None for a new one."""
    name: str = ''
    number: str = ''
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Field to (old, new), ids shown as names."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """Field and reason."""
    writes: 'Writes | None' = None
    """What `apply_intake` will write; no business of the preview."""

    def refuse(self, name: str, reason: str) -> None:
        """Note why the row is refused."""
        self.faults.append((name, reason))
        self.fate = Fate.REFUSED


@dataclass(slots=True)
class Writes:
    """What a row changes, in the form in which it is stored."""

    profile: dict[str, Any] = field(default_factory=dict)
    job: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Column to the name of something that does not exist yet."""
    status: MemberStatus | None = None
    left_on: date | None = None
    tags: list[str] = field(default_factory=list)
    """Names of tags to put on."""
    custom: dict[UUID, str] = field(default_factory=dict)
    manager: 'RowFate | UUID | None' = None
    """A row of the same file, or a stored member."""


@dataclass(slots=True)
class IntakePlan:
    """The fate of every row, and the names that would be made for it."""

    rows: list[RowFate]
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Noun (`department`, `rank`, `station`, `membership_type`, `tag`) to the names that do not exist yet."""

    def count(self, fate: Fate) -> int:
        """Return how many rows have a fate."""
        return sum(row.fate is fate for row in self.rows)
