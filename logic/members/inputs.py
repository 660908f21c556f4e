"""What may be said of a person: the input models, their limits, and how private each field is."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from data.members import EmploymentType, MemberStatus
from logic.core.errors import Invalid
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.members.names import EMAIL_FIELDS, PHONE_FIELDS, clean, normal_email, normal_phone

Text = Annotated[str, AfterValidator(clean)]
EARLIEST = date(1900, 1, 1)
CONTACT_FIELDS = frozenset({'email', 'personal_email', 'phone', 'home_phone'})
HIDING_FIELDS = frozenset({'hides_contacts', 'hides_email', 'hides_personal_email', 'hides_phones'})
FILE_FIELDS = HIDING_FIELDS | frozenset({'probation_ends_on', 'notice_days', 'status_reason'})
PRIVATE_FIELDS = frozenset({'street', 'city', 'postcode', 'region', 'country', 'birth_on', 'notes'})
OWN_FIELDS = (
    CONTACT_FIELDS | HIDING_FIELDS
    | frozenset({'preferred_name', 'photo_file_id', 'street', 'city', 'postcode', 'region', 'country'})
)  # fmt: skip
"""What the person changes himself, at once (rule 7)."""
WISHED_FIELDS = frozenset({'first_name', 'last_name', 'birth_on'})
"""What the person asks to change: somebody else approves it (rule 7)."""


def _day(value: date | None) -> date | None:
    if value is not None and not EARLIEST <= value <= date(2200, 1, 1):
        raise ValueError(_('Write a year between 1900 and 2200.'))
    return value


Day = Annotated[date | None, AfterValidator(_day)]


class ProfileInput(BaseModel):
    """Who somebody is and how to reach him. In a change only the fields that were given are changed."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    number: Annotated[
        str,
        StringConstraints(strip_whitespace=True),
        Field(title=later('Number'), max_length=20, pattern=r'^[^\s\x00-\x1f]*$'),
    ] = ''
    first_name: Annotated[Text, Field(title=later('First name'), max_length=80)] = ''
    last_name: Annotated[Text, Field(title=later('Last name'), max_length=80)] = ''
    preferred_name: Annotated[
        Text,
        Field(title=later('Preferred name'), max_length=80, description=later('Shown in place of the first name.')),
    ] = ''
    photo_file_id: Annotated[UUID | None, Field(title=later('Photo'))] = None
    email: Annotated[Text, Field(title=later('E-mail'), max_length=254)] = ''
    personal_email: Annotated[Text, Field(title=later('Personal e-mail'), max_length=254)] = ''
    phone: Annotated[Text, Field(title=later('Phone'), max_length=40)] = ''
    home_phone: Annotated[Text, Field(title=later('Second phone'), max_length=40)] = ''
    hides_contacts: Annotated[bool, Field(title=later('Hide all my contact data from colleagues'))] = False
    hides_email: Annotated[bool, Field(title=later('Hide my e-mail'))] = False
    hides_personal_email: Annotated[bool, Field(title=later('Hide my personal e-mail'))] = False
    hides_phones: Annotated[bool, Field(title=later('Hide my phone numbers'))] = False
    street: Annotated[Text, Field(title=later('Street'), max_length=200)] = ''
    city: Annotated[Text, Field(title=later('City'), max_length=80)] = ''
    postcode: Annotated[Text, Field(title=later('Postcode'), max_length=20)] = ''
    region: Annotated[Text, Field(title=later('State or region'), max_length=80)] = ''
    country: Annotated[str, Field(title=later('Country'), pattern=r'^([A-Z]{2})?$')] = ''
    birth_on: Annotated[Day, Field(title=later('Birth date'))] = None
    joined_on: Annotated[Day, Field(title=later('Joined on'))] = None
    membership_type_id: Annotated[UUID | None, Field(title=later('Membership type'))] = None
    company_id: Annotated[UUID | None, Field(title=later('Company'))] = None
    station_id: Annotated[UUID | None, Field(title=later('Station'))] = None
    employment_type: Annotated[EmploymentType | None, Field(title=later('Employment'))] = None
    probation_ends_on: Annotated[Day, Field(title=later('Probation ends on'))] = None
    notice_days: Annotated[int | None, Field(title=later('Notice period in days'), ge=0, le=1000)] = None
    notes: Annotated[str, Field(title=later('Private notes'), max_length=4000)] = ''


class JobInput(BaseModel):
    """Where somebody works. In a change only the fields that were given are changed."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    department_id: Annotated[UUID | None, Field(title=later('Department', meaning='a unit'))] = None
    manager_id: Annotated[UUID | None, Field(title=later('Manager'))] = None
    rank_id: Annotated[UUID | None, Field(title=later('Rank'))] = None
    title: Annotated[Text, Field(title=later('Job title'), max_length=100)] = ''
    work_pattern: Annotated[Text, Field(title=later('Work pattern'), max_length=100)] = ''

    def given(self) -> dict[str, Any]:
        """Return the fields that were given, by name."""
        return {name: getattr(self, name) for name in JobInput.model_fields if name in self.model_fields_set}


class MemberInput(ProfileInput, JobInput):
    """A new person. Only a name is required."""

    status: Annotated[MemberStatus, Field(title=later('Status'))] = MemberStatus.ACTIVE

    @model_validator(mode='after')
    def _has_name(self) -> 'MemberInput':
        if not (self.first_name or self.last_name or self.preferred_name):
            raise ValueError(_('A name is needed: first name, last name or both.'))
        return self

    def job(self) -> JobInput:
        """Return the part about the job."""
        return JobInput.model_validate(JobInput.given(self))


def normal_fields(given: dict[str, Any], country: str) -> dict[str, Any]:
    """Return fields as they are stored: mail and phones in their normal form, an empty e-mail as none.

    Raises Invalid with a sentence for each field that cannot be taken.
    """
    result, wrong = dict(given), {}
    for field in (*EMAIL_FIELDS, *PHONE_FIELDS):
        if field not in result:
            continue
        try:
            if field in EMAIL_FIELDS:
                result[field] = normal_email(result[field])
            else:
                result[field] = normal_phone(result[field], result.get('country') or country)
        except Invalid as refusal:
            wrong[field] = next(iter(refusal.fields.values()))
    if wrong:
        raise Invalid('Some of this cannot be taken.', wrong)
    if 'email' in result:
        result['email'] = result['email'] or None
    return result


def check_person(member: Any, today: date) -> None:
    """Raise Invalid when the facts about a person, a member or what would become one, contradict each other."""
    wrong: dict[str, str] = {}
    if not (member.first_name or member.last_name or member.preferred_name):
        wrong['last_name'] = _('A name is needed: first name, last name or both.')
    if member.birth_on is not None and member.birth_on > today:
        wrong['birth_on'] = _('This day is in the future.')
    if member.birth_on is not None and member.joined_on is not None and member.joined_on < member.birth_on:
        wrong['joined_on'] = _('This is before the birth date.')
    if member.joined_on is not None and member.left_on is not None and member.left_on < member.joined_on:
        wrong['joined_on'] = _('This is after the day of leaving, {day}.', day=day_text(member.left_on))
    if wrong:
        raise Invalid('Some of this cannot be right.', wrong)
