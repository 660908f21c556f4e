"""What the API answers and takes, apart from the inputs that `logic` has of its own."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.members import EmploymentType, MemberStatus
from data.organizations import OrganizationKind
from logic.core.listing import MAX_PAGE_SIZE, ListQuery, Page, paged
from ui.errors import invalid_from

ItemT = TypeVar('ItemT')
ModelT = TypeVar('ModelT', bound=BaseModel)
MOST_VALUES = 50
CUSTOM = re.compile(r'field:[0-9a-f-]{36}')


class Refusal(BaseModel):
    """How every refusal looks."""

    detail: Annotated[str, Field(examples=['Some fields are not filled in right.'])]
    errors: Annotated[dict[str, str], Field(examples=[{'email': 'There is somebody with this address already.'}])] = {}


class Given(BaseModel):
    """What a program sends: unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)


class Shown(BaseModel):
    """What a program gets, made from a row or a record of `logic`."""

    model_config = ConfigDict(from_attributes=True)


class Listing(BaseModel, Generic[ItemT]):
    """A page of a list."""

    items: list[ItemT]
    total: Annotated[int, Field(description='How many there are on all pages.')]
    page: int
    page_size: int


class ListParameters(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra='forbid')

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)] = 25
    sort: Annotated[
        str,
        Field(
            max_length=60, description='The name of a column; with a minus before it, descending.', examples=['name']
        ),
    ] = ''
    q: Annotated[str, Field(max_length=200, description='Words to search for.')] = ''

    def asked(self) -> ListQuery:
        """Return the question as `logic` takes it; a filter may hold several values, separated by commas."""
        fixed = set(ListParameters.model_fields)
        given: dict[str, Any] = self.model_dump(exclude_none=True, by_alias=True)
        filters = {
            name: [part.strip() for part in str(value).split(',')][:MOST_VALUES]
            for name, value in given.items()
            if name not in fixed and value != ''
        }
        return ListQuery(
            q=self.q, sort=self.sort.removeprefix('-'), descending=self.sort.startswith('-'), page=self.page,
            page_size=self.page_size, filters=filters,
        )  # fmt: skip


class Nothing(BaseModel):
    """A list or record that takes no parameters in its address."""

    model_config = ConfigDict(extra='forbid')


class RecordParameters(ListParameters):
    """What a list of records with fields of the department's own takes: `field:<id>` filters by one of them."""

    model_config = ConfigDict(extra='allow')

    @model_validator(mode='before')
    @classmethod
    def _is_known(cls, given: Any) -> Any:
        known = {field.alias or name for name, field in cls.model_fields.items()}
        unknown = [name for name in given if name not in known and not CUSTOM.fullmatch(name)]
        if unknown:
            raise ValueError(f'There is no such parameter: {unknown[0][:60]}.')
        return given


class MemberParameters(RecordParameters):
    """The filters of the directory; `field:<id>` filters by a public custom field."""

    status: Annotated[str, Field(max_length=500, examples=['active,on_leave'])] = ''
    past: Annotated[
        str, Field(pattern='^(shown|hidden|only|)$', description='Who retired or left; shown when left out.')
    ] = ''
    department: Annotated[str, Field(max_length=2000, description='Ids; `none` finds those who have none.')] = ''
    type: Annotated[str, Field(max_length=2000, description='Ids of membership types.')] = ''
    rank: Annotated[str, Field(max_length=2000)] = ''
    position: Annotated[str, Field(max_length=2000)] = ''
    station: Annotated[str, Field(max_length=2000)] = ''
    tag: Annotated[str, Field(max_length=2000)] = ''
    manager: Annotated[str, Field(max_length=2000)] = ''
    employment: Annotated[str, Field(max_length=500, examples=['full_time'])] = ''
    archived: Annotated[str, Field(pattern='^(yes|)$')] = ''


class AuditParameters(ListParameters):
    """The filters of the audit log."""

    actor: Annotated[str, Field(max_length=36, description='Id of an account.')] = ''
    action: Annotated[str, Field(max_length=120, examples=['members.*'])] = ''
    object_type: Annotated[str, Field(max_length=60, examples=['Member'])] = ''
    object: Annotated[str, Field(max_length=36)] = ''
    subject: Annotated[str, Field(max_length=36, description='Id of the person that the entry is about.')] = ''
    outcome: Annotated[str, Field(max_length=20, examples=['refused'])] = ''
    since: Annotated[str, Field(max_length=10, alias='from', examples=['2026-01-31'])] = ''
    until: Annotated[str, Field(max_length=10, alias='to')] = ''


class Labelled(Shown):
    """A record by its id and name."""

    id: UUID
    name: str


class MemberItem(Shown):
    """A person in a list. Contact data is absent where the caller may not see it."""

    id: UUID
    number: str
    name: str
    first_name: str
    last_name: str
    status: MemberStatus
    joined_on: date | None
    employment_type: EmploymentType | None
    title: str
    department: Labelled | None
    rank: Labelled | None
    membership_type: Labelled | None
    station: Labelled | None
    manager: Labelled | None
    positions: list[Labelled]
    tags: list[Labelled]
    custom: dict[UUID, str]
    has_account: bool
    is_archived: bool
    version: int
    email: str | None = None
    phone: str | None = None


class Person(Shown):
    """A person's record. What the caller may not see is absent."""

    id: UUID
    number: str
    former_number: str
    name: str
    first_name: str
    last_name: str
    preferred_name: str
    photo_file_id: UUID | None
    status: MemberStatus
    status_since_on: date
    joined_on: date | None
    left_on: date | None
    service_years: int
    service_months: int
    employment_type: EmploymentType | None
    title: str
    department: Labelled | None
    rank: Labelled | None
    membership_type: Labelled | None
    station: Labelled | None
    company_id: UUID | None
    manager: Labelled | None
    positions: list[Labelled]
    tags: list[Labelled]
    custom: dict[UUID, str]
    reports_count: int
    is_away: bool = False
    away_until: date | None = None
    leaves_on: date | None = None
    has_account: bool
    is_archived: bool
    is_anonymised: bool
    merged_into_id: UUID | None
    version: int
    email: str | None = None
    personal_email: str | None = None
    phone: str | None = None
    home_phone: str | None = None
    hides_contacts: bool | None = None
    hides_email: bool | None = None
    hides_personal_email: bool | None = None
    hides_phones: bool | None = None
    status_reason: str | None = None
    work_pattern: str | None = None
    probation_ends_on: date | None = None
    notice_days: int | None = None
    is_self: bool
    may_edit: bool
    may_change_status: bool
    sees_file: bool
    sees_private: bool


class OrganizationItem(Shown):
    """A department."""

    id: UUID
    name: str
    slug: str
    kind: OrganizationKind
    zone: str
    locale: str
    country: str
    currency: str
    address: str
    phone: str
    people_word: str
    brand_colour: str
    version: int
    updated_at: datetime


class CompanyItem(Shown):
    """A legal employer."""

    id: UUID
    name: str
    address: str
    tax_id: str
    is_archived: bool
    version: int


class PositionItem(Shown):
    """A position."""

    id: UUID
    name: str
    description: str
    permissions: list[str]
    priority: int
    is_system: bool
    version: int


class PositionInList(PositionItem):
    """A position with how many hold it today."""

    holders: int


def listing(kind: type[Any], page: Page[Any]) -> Any:
    """Return a page as the API answers it."""
    return {'items': [kind.model_validate(row) for row in page.rows], 'total': page.total, 'page': page.page,
            'page_size': page.page_size}  # fmt: skip


def sliced(kind: type[Any], rows: Sequence[Any], asked: ListQuery) -> Any:
    """Return a page of a list that is short by its nature: `q` looks into the name, `sort` takes name and created."""
    words = asked.q.casefold().split()
    found = [row for row in rows if all(word in row.name.casefold() for word in words)]
    return listing(kind, paged(found, asked))


def merged(kind: type[ModelT], before: dict[str, Any], changes: dict[str, Any]) -> ModelT:
    """Return a whole input from what is stored and what shall change. Raises Invalid with a sentence a field."""
    try:
        return kind.model_validate(before | changes)
    except ValidationError as error:
        raise invalid_from(error) from None
