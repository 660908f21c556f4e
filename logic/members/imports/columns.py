"""What a column of a roster can mean, and how a header is understood."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from data.custom_fields import FIELD, CustomField, FieldKind
from logic.core.language import LANGUAGES, later, speaking
from logic.members.names import fold

__all__ = ['BY_NAME', 'FIELD', 'TARGETS', 'Target', 'guess_mapping', 'header_key', 'targets_with', 'words']


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column can fill; `words` are headers by which it is known besides its label in each language."""

    name: str
    label: str
    words: str
    kind: str = 'text'
    """text, date, email, phone, tags, or the noun that the value names."""
    field: CustomField | None = None
    """The field of the department's own that it fills."""


TARGETS = (
    Target('number', later('Number'),
           'number|member number|employee number|badge|badge number|id|employee id|member id'
           '|personnel number|nummer|personalnummer|numero|matricule'),
    Target('first_name', later('First name'),
           'first name|firstname|given name|given names|forename|vorname|prenom|nombre|nombres'),
    Target('last_name', later('Last name'),
           'last name|lastname|surname|family name|nachname|familienname|nom|nom de famille|apellido'
           '|apellidos'),
    Target('full_name', later('Full name'), 'name|full name|fullname|member|employee|person'),
    Target('preferred_name', later('Preferred name'), 'preferred name|nickname|known as|call name|rufname'),
    Target('email', later('E-mail'),
           'email|e mail|mail|email address|e mail address|work email|correo|courriel', 'email'),
    Target('personal_email', later('Personal e-mail'), 'personal email|private email|home email|second email', 'email'),
    Target('phone', later('Phone'),
           'phone|mobile|cell|cell phone|mobile phone|telephone|tel|handy|telefon|portable|movil|telefono', 'phone'),
    Target('home_phone', later('Second phone'), 'home phone|second phone|other phone|landline', 'phone'),
    Target('birth_on', later('Birth date'),
           'birth date|birthdate|date of birth|dob|birthday|geburtsdatum|date de naissance'
           '|fecha de nacimiento', 'date'),
    Target('joined_on', later('Joined on'),
           'joined|joined on|join date|hire date|hired|hired on|date hired|start date|entry date|eintritt'
           '|eintrittsdatum|date d entree|fecha de ingreso', 'date'),
    Target('left_on', later('Left on'),
           'left|left on|leaving date|end date|termination date|date left|austritt|austrittsdatum', 'date'),
    Target('status', later('Status'), 'status|state|member status|employment status', 'status'),
    Target('employment_type', later('Employment'), 'employment|employment type|contract type', 'employment'),
    Target('membership_type', later('Membership type'),
           'membership type|membership|type|member type|class|standing', 'membership_type'),
    Target('rank', later('Rank'), 'rank|grade|dienstgrad', 'rank'),
    Target('title', later('Job title'), 'title|job title|job|role|position|funktion'),
    Target('department', later('Department', meaning='a unit'),
           'department|unit|division|team|section|abteilung|service|departamento', 'department'),
    Target('station', later('Station'), 'station|house|location|site|base|wache|standort', 'station'),
    Target('company', later('Company'), 'company|employer|legal entity|firma', 'company'),
    Target('manager', later('Manager'),
           'manager|manager number|supervisor|supervisor number|reports to|boss|officer|vorgesetzter', 'manager'),
    Target('street', later('Street'), 'street|address|street address|address line 1|strasse|rue|calle'),
    Target('city', later('City'), 'city|town|ort|stadt|ville|ciudad'),
    Target('postcode', later('Postcode'), 'postcode|postal code|zip|zip code|plz|code postal'),
    Target('region', later('State or region'), 'region|province|county|bundesland'),
    Target('country', later('Country'), 'country|country code|land|pays|pais'),
    Target('tags', later('Tags'), 'tags|tag|labels|label|schlagworte|etiquetas', 'tags'),
    Target('notes', later('Private notes'), 'notes|note|remarks|comment|comments|bemerkung|notizen'),
)  # fmt: skip
BY_NAME = {target.name: target for target in TARGETS}


def targets_with(fields: Iterable[CustomField]) -> dict[str, Target]:
    """Return all that a column can fill by name: what is built in, and the department's own fields."""
    own = (
        Target(f'{FIELD}{one.id}', one.name, '', 'date' if one.kind is FieldKind.DATE else 'text', one)
        for one in fields
    )  # fmt: skip
    return BY_NAME | {target.name: target for target in own}


def header_key(header: str) -> str:
    """Return a header as it is compared: folded words, without signs (`Badge #` is `badge`, `E-Mail` is `e mail`)."""
    return ' '.join(re.findall(r'[a-z0-9]+', fold(header)))


@cache
def words() -> dict[str, str]:
    """Return the field of every header that is known: the words above, and our own titles in every language."""
    known: dict[str, str] = {}
    for locale in LANGUAGES:
        with speaking(locale):
            for target in TARGETS:
                known.setdefault(header_key(str(target.label)), target.name)
    return {word: target.name for target in TARGETS for word in target.words.split('|')} | known


def guess_mapping(
    header: Sequence[str], remembered: Mapping[str, str] | None = None, targets: Mapping[str, Target] = BY_NAME
) -> dict[int, str]:
    """Return the field of each column that is known by its header, each field only once.

    An earlier choice wins, then the name of a field of the department's own, then what is built in.
    """
    mapping: dict[int, str] = {}
    own = {header_key(target.label): target.name for target in targets.values() if target.field is not None}
    sources: tuple[Mapping[str, str], ...] = (remembered or {}, own, words())
    for source in sources:
        for index, name in enumerate(header):
            found = source.get(header_key(name), '')
            if found in targets and index not in mapping and found not in mapping.values():
                mapping[index] = found
    if 'first_name' in mapping.values() or 'last_name' in mapping.values():
        return {index: name for index, name in mapping.items() if name != 'full_name'}
    return mapping
