"""The kinds of records in a person's file: for each its table, what may be said in it, and who may see and keep it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from data.members import (
    Dependant,
    Education,
    EmergencyContact,
    Engagement,
    Experience,
    LeaveOfAbsence,
    Licence,
    MemberDocument,
    MemberLanguage,
    ProtectedKind,
    ProtectedNumber,
    Skill,
    SkillLevel,
)
from logic.core.errors import Invalid, NotFound
from logic.core.faults import FAULTS
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.members.inputs import Day, Text
from logic.members.visibility import Level


class RecordInput(BaseModel):
    """What the records have in common: nothing unknown, and a time that does not end before it begins."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    @field_validator('until_on', 'expires_on', check_fields=False)
    @classmethod
    def _ends_after_it_begins(cls, end: date | None, info: ValidationInfo) -> date | None:
        begin = info.data.get('from_on' if info.field_name == 'until_on' else 'issued_on')
        if begin is not None and end is not None and end < begin:
            last_day, first_day = day_text(end), day_text(begin)
            raise ValueError(_('The last day, {last}, is before the first, {first}.', last=last_day, first=first_day))
        return end


class EmergencyContactInput(RecordInput):
    """Whom to call."""

    name: Annotated[Text, Field(title=later('Name'), min_length=1, max_length=120)]
    relation: Annotated[Text, Field(title=later('Relation'), max_length=60)] = ''
    phone: Annotated[Text, Field(title=later('Phone'), max_length=40)] = ''
    note: Annotated[Text, Field(title=later('Note'), max_length=300)] = ''
    order: Annotated[
        int, Field(title=later('Order'), ge=0, le=100, description=later('Who is called first has the lowest.'))
    ] = 0


class DependantInput(RecordInput):
    """Somebody who depends on the person."""

    name: Annotated[Text, Field(title=later('Name'), min_length=1, max_length=120)]
    relation: Annotated[Text, Field(title=later('Relation'), max_length=60)] = ''
    birth_on: Annotated[Day, Field(title=later('Birth date'))] = None


class EducationInput(RecordInput):
    """A school or course of study."""

    school: Annotated[Text, Field(title=later('School'), min_length=1, max_length=120)]
    degree: Annotated[Text, Field(title=later('Degree'), max_length=120)] = ''
    subject: Annotated[Text, Field(title=later('Subject', meaning='of studies'), max_length=120)] = ''
    from_on: Annotated[Day, Field(title=later('From'))] = None
    until_on: Annotated[Day, Field(title=later('Until'))] = None


class ExperienceInput(RecordInput):
    """Work done elsewhere."""

    employer: Annotated[Text, Field(title=later('Employer'), min_length=1, max_length=120)]
    title: Annotated[Text, Field(title=later('Title', meaning='a job'), max_length=120)] = ''
    from_on: Annotated[Day, Field(title=later('From'))] = None
    until_on: Annotated[Day, Field(title=later('Until'))] = None
    note: Annotated[Text, Field(title=later('Note'), max_length=500)] = ''


class SkillInput(RecordInput):
    """Something a person can do."""

    name: Annotated[Text, Field(title=later('Skill'), min_length=1, max_length=80)]
    level: Annotated[SkillLevel, Field(title=later('Level'))] = SkillLevel.GOOD


class LanguageInput(RecordInput):
    """A language that a person speaks."""

    language: Annotated[Text, Field(title=later('Language'), min_length=1, max_length=40)]
    level: Annotated[SkillLevel, Field(title=later('Level'))] = SkillLevel.GOOD


class LicenceInput(RecordInput):
    """A licence or card."""

    kind: Annotated[Text, Field(title=later('Kind'), min_length=1, max_length=80)]
    licence_number: Annotated[Text, Field(title=later('Number'), max_length=60)] = ''
    issuer: Annotated[Text, Field(title=later('Issued by'), max_length=120)] = ''
    issued_on: Annotated[Day, Field(title=later('Issued on'))] = None
    expires_on: Annotated[Day, Field(title=later('Expires on'))] = None


class DocumentInput(RecordInput):
    """A paper in a person's file."""

    category: Annotated[Text, Field(title=later('Category'), min_length=1, max_length=60)]
    title: Annotated[Text, Field(title=later('Title'), min_length=1, max_length=160)]
    file_id: Annotated[UUID | None, Field(title=later('File'))] = None
    issued_on: Annotated[Day, Field(title=later('Issued on'))] = None
    expires_on: Annotated[Day, Field(title=later('Expires on'))] = None


class EngagementInput(RecordInput):
    """A contract or other engagement."""

    title: Annotated[Text, Field(title=later('Title'), min_length=1, max_length=100)]
    from_on: Annotated[date, Field(title=later('From'))]
    until_on: Annotated[Day, Field(title=later('Until'))] = None
    company_id: Annotated[UUID | None, Field(title=later('Company'))] = None
    terms: Annotated[str, Field(title=later('Terms'), max_length=2000)] = ''
    document_id: Annotated[UUID | None, Field(title=later('Document'))] = None


class LeaveInput(RecordInput):
    """A longer absence."""

    kind: Annotated[Text, Field(title=later('Kind'), min_length=1, max_length=60)]
    from_on: Annotated[date, Field(title=later('From'))]
    until_on: Annotated[Day, Field(title=later('Last day'))] = None
    note: Annotated[Text, Field(title=later('Note'), max_length=500)] = ''


def _number(value: str) -> str:
    plain = re.sub(r'[\s.-]', '', value).upper()
    if not re.fullmatch(r'[A-Z0-9/]{4,40}', plain):
        raise ValueError(_('Write 4 to 40 letters and digits.'))
    if re.fullmatch(r'[A-Z]{2}\d{2}[A-Z0-9]{11,30}', plain):
        turned = ''.join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
        if int(turned) % 97 != 1:  # ISO 13616
            raise ValueError(_('This IBAN has a typing error: its check digits do not fit.'))
    return plain


class ProtectedNumberInput(RecordInput):
    """A bank account or identity number."""

    kind: Annotated[ProtectedKind, Field(title=later('Kind'))]
    label: Annotated[Text, Field(title=later('Name of it'), max_length=80)] = ''
    value: Annotated[str, Field(title=later('Number'), max_length=60, repr=False), AfterValidator(_number)]


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record."""

    name: str
    title: str
    model: Any
    input: type[RecordInput]
    level: Level
    order: tuple[Any, ...]
    """The columns by which the records are sorted."""
    own_edit: bool = False
    """The person keeps it himself; else only those who keep files."""
    expires: bool = False
    """It can be renewed: the renewal supersedes it."""
    is_binned: bool = False
    """Removed ones can be brought back."""


KINDS: dict[str, RecordKind] = {
    kind.name: kind
    for kind in (
        RecordKind(
            'contacts',
            later('Emergency contacts'),
            EmergencyContact,
            EmergencyContactInput,
            Level.PRIVATE,
            (
                EmergencyContact.order,
                EmergencyContact.name,
            ),
            own_edit=True,
        ),
        RecordKind(
            'dependants',
            later('Dependants'),
            Dependant,
            DependantInput,
            Level.PRIVATE,
            (
                Dependant.birth_on,
                Dependant.name,
            ),
            own_edit=True,
        ),
        RecordKind(
            'education',
            later('Education'),
            Education,
            EducationInput,
            Level.FILE,
            (
                Education.until_on,
                Education.school,
            ),
            own_edit=True,
        ),
        RecordKind(
            'experience',
            later('Experience'),
            Experience,
            ExperienceInput,
            Level.FILE,
            (
                Experience.until_on,
                Experience.employer,
            ),
            own_edit=True,
        ),
        RecordKind('skills', later('Skills'), Skill, SkillInput, Level.PUBLIC, (Skill.name,), own_edit=True),
        RecordKind(
            'languages',
            later('Languages'),
            MemberLanguage,
            LanguageInput,
            Level.PUBLIC,
            (MemberLanguage.language,),
            own_edit=True,
        ),
        RecordKind(
            'licences',
            later('Licences'),
            Licence,
            LicenceInput,
            Level.FILE,
            (
                Licence.kind,
                Licence.expires_on,
            ),
            expires=True,
        ),
        RecordKind(
            'documents',
            later('Documents'),
            MemberDocument,
            DocumentInput,
            Level.FILE,
            (
                MemberDocument.category,
                MemberDocument.title,
                MemberDocument.expires_on,
            ),
            expires=True,
            is_binned=True,
        ),
        RecordKind(
            'numbers',
            later('Protected numbers'),
            ProtectedNumber,
            ProtectedNumberInput,
            Level.PRIVATE,
            (
                ProtectedNumber.kind,
                ProtectedNumber.label,
            ),
        ),
        RecordKind('engagements', later('Engagements'), Engagement, EngagementInput, Level.FILE, (Engagement.from_on,)),
        RecordKind(
            'leaves', later('Leaves of absence'), LeaveOfAbsence, LeaveInput, Level.FILE, (LeaveOfAbsence.from_on,)
        ),
    )
}


SENTENCES = FAULTS | {'missing': later('This is needed.'), 'extra_forbidden': later('There is no such field.')}
"""What is said of a fault that the models find, by its type."""


def kind_of(name: str) -> RecordKind:
    """Return a kind by its name. Raises NotFound."""
    if name not in KINDS:
        raise NotFound(_('There is no kind of record named "{name}".', name=name))
    return KINDS[name]


def read_input(kind: RecordKind, data: Mapping[str, Any] | BaseModel) -> RecordInput:
    """Check what was said in a record. Raises Invalid by field."""
    if isinstance(data, kind.input):
        return data
    try:
        return kind.input.model_validate(data if not isinstance(data, BaseModel) else data.model_dump())
    except ValidationError as error:
        fields = {'.'.join(map(str, fault['loc'])) or 'record': _sentence(fault) for fault in error.errors()}
        raise Invalid('Some of this cannot be taken.', fields) from None


def _sentence(fault: Any) -> str:
    said = SENTENCES.get(fault['type'])
    return str(fault['msg']).removeprefix('Value error, ') if said is None else _(said, **(fault.get('ctx') or {}))
