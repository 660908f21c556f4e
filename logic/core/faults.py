"""What is wrong with a value that somebody typed or sent, in words for a person."""

from logic.core.language import later

FAULTS = {
    'missing': later('Fill this in.'),
    'string_too_short': later('Fill this in.'),
    'string_too_long': later('At most {max_length} characters.'),
    'date_from_datetime_parsing': later('Write a date such as 2026-11-20.'),
    'date_parsing': later('Write a date such as 2026-11-20.'),
    'date_type': later('Choose a date.'),
    'time_parsing': later('Write a time such as 07:30.'),
    'int_parsing': later('Write a whole number.'),
    'int_type': later('Write a whole number.'),
    'greater_than_equal': later('At least {ge}.'),
    'greater_than': later('More than {gt}.'),
    'less_than_equal': later('At most {le}.'),
    'less_than': later('Less than {lt}.'),
    'uuid_parsing': later('Choose one.'),
    'uuid_type': later('Choose one.'),
    'enum': later('Choose one.'),
    'literal_error': later('Choose one.'),
    'string_type': later('Fill this in.'),
}
"""By the kinds that pydantic knows; of others it says something itself, in English."""
