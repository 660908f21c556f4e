"""Names, numbers, mail and phones in the form in which they are stored, sorted and found."""

import re
from functools import lru_cache

from data.members import Member
from logic.core import words
from logic.core.errors import Invalid
from logic.core.language import _

_PHONE = re.compile(r'[\d\s()+./-]+')
PHONE_FIELDS = ('phone', 'home_phone')
EMAIL_FIELDS = ('email', 'personal_email')
clean, fold = words.clean, words.fold


def digits(value: str) -> str:
    """Return only the digits of a phone number."""
    return ''.join(letter for letter in value if letter.isascii() and letter.isdigit())


def sort_name(member: Member) -> str:
    """Return what lists are ordered by: last name, then first name, folded."""
    return fold(f'{member.last_name} {member.preferred_name or member.first_name}'.strip())[:170]


def search_text(member: Member) -> str:
    """Return what the quick search looks into for everybody: names and numbers."""
    parts = (member.preferred_name, member.first_name, member.last_name, member.number, member.former_number)
    return fold(' '.join(part for part in parts if part))[:500]


def contact_text(member: Member) -> str:
    """Return what the quick search looks into for those who may see contact data."""
    parts = [member.email or '', member.personal_email, digits(member.phone), digits(member.home_phone)]
    return fold(' '.join(part for part in parts if part))[:700]


def index_names(member: Member) -> None:
    """Bring the columns for order and search up to date; call it after every change of names, numbers or contacts."""
    for field, value in (
        ('sort_name', sort_name(member)),
        ('search', search_text(member)),
        ('contact_search', contact_text(member)),
    ):
        if getattr(member, field) != value:
            setattr(member, field, value)


def search_tokens(asked: str) -> list[str]:
    """Return the parts that must all be found: words, or the digits when a phone number was typed."""
    typed = asked.strip()
    if _PHONE.fullmatch(typed) and len(digits(typed)) >= 4 and re.search(r'[\s()+./-]', typed):
        return [digits(typed)]
    return fold(typed).split()[:8]


def escape_like(token: str) -> str:
    """Return a token in which LIKE takes every letter as it is, with a backslash as the escape."""
    return re.sub(r'([\\%_])', r'\\\1', token)


def normal_email(value: str) -> str:
    """Return an e-mail address as it is stored: checked, composed, in small letters. Raises Invalid."""
    from email_validator import EmailNotValidError, validate_email

    typed = value.strip()
    if not typed:
        return ''
    try:
        return validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        why = _('"{text}" is not an e-mail address. Write it like name@example.org.', text=value.strip()[:80])
        raise Invalid('This is not an e-mail address.', {'email': why}) from None


@lru_cache(maxsize=4096)
def shown_phone(number: str, country: str) -> str:
    """Return a stored phone number as it is read: as within the country when it is one of it, else international."""
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberFormat

    try:
        parsed = phonenumbers.parse(number, country or None)
    except NumberParseException:
        return number
    own = country and phonenumbers.country_code_for_region(country) == parsed.country_code
    own = own and (not number.startswith('+') or phonenumbers.is_valid_number(parsed))  # no area may bear its code
    form = PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, form))


@lru_cache(maxsize=4096)
def typed_phone(number: str, country: str) -> str:
    """Return a stored phone number as an editor offers it: as a country reads it, if it means the same typed there."""
    shown = shown_phone(number, country)
    try:
        return shown if normal_phone(shown, country) == number else number
    except Invalid:
        return number


def normal_phone(value: str, country: str) -> str:
    """Return a phone number in E.164 form; without `+` it is one of `country`. Raises Invalid."""
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

    typed = value.strip()
    if not typed:
        return ''
    try:
        number = phonenumbers.parse(typed, country or None)
    except NumberParseException:
        why = _('"{text}" is not a phone number.', text=typed) + ' '
        why += _('Write it with the area code.') if country else _('Write it with + and the country code.')
        raise Invalid('This is not a phone number.', {'phone': why}) from None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        why = _('"{text}" has too few or too many digits for a phone number with its area code.', text=typed)
        raise Invalid('This is not a phone number.', {'phone': why})
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
