"""The words in which somebody chooses how a task comes again."""

from enum import StrEnum

from logic.core.language import later

DAYS = {
    'MO': later('Monday'), 'TU': later('Tuesday'), 'WE': later('Wednesday'), 'TH': later('Thursday'),
    'FR': later('Friday'), 'SA': later('Saturday'), 'SU': later('Sunday'),
}  # fmt: skip
NTH = [
    ('1', later('First', meaning='a weekday')),
    ('2', later('Second', meaning='a weekday')),
    ('3', later('Third', meaning='a weekday')),
    ('4', later('Fourth', meaning='a weekday')),
    ('-1', later('Last', meaning='a weekday')),
]
UNITS = [('DAILY', later('days')), ('WEEKLY', later('weeks')), ('MONTHLY', later('months')), ('YEARLY', later('years'))]


class Kind(StrEnum):
    """The simple choices."""

    NEVER = 'never'
    DAILY = 'daily'
    WEEKLY = 'weekly'
    DATE = 'date'
    LAST = 'last'
    NTH = 'nth'
    YEARLY = 'yearly'
    AFTER = 'after'


WORDS = {
    Kind.NEVER: later('Not', meaning='does not repeat'),
    Kind.DAILY: later('Every so many days'),
    Kind.WEEKLY: later('Weekly, on days of the week'),
    Kind.DATE: later('Monthly, on the date it is due'),
    Kind.LAST: later('Monthly, on the last day'),
    Kind.NTH: later('Monthly, on a weekday such as the second Tuesday'),
    Kind.YEARLY: later('Yearly, on the date it is due'),
    Kind.AFTER: later('So long after it was done'),
}
