"""The words of quick add in the languages of Logbook, and how a locale writes its days."""

from dataclasses import dataclass
from functools import lru_cache

from logic.members.names import fold

DUE = frozenset({
    'due', 'by', 'until', 'before', 'deadline', 'fallig', 'bis', 'zum', 'vence', 'para', 'hasta', 'echeance', 'avant',
    'pour', "jusqu'au", "jusqu'a", "d'ici",
})  # fmt: skip
START = frozenset({
    'start', 'starts', 'starting', 'from', 'ab', 'beginnt', 'desde', 'empieza', 'des', 'commence',
})  # fmt: skip
TO = frozenset({'to', 'al', 'au'})
"""Stand between a start and when it is due: "from monday to friday"."""
FROM, UP_TO = frozenset({'from', 'von', 'de'}), frozenset({'-', '–', 'to', 'until', 'till', 'bis', 'a'})
"""Stand before and within a span of a day: "von 15 bis 17 Uhr"."""
ON = frozenset({'on', 'am', 'den', 'el', 'la', 'le', 'at', 'um', 'a', 'the'})
AT = frozenset({'at', 'um', 'a'})
HOURS = frozenset({'las', 'la'})
"""Stand after the word of a time: "a las 17:30"."""
OF = frozenset({'of', 'de', 'del'})
"""Stand within a date: "3 de marzo de 2027"."""
WITHIN = frozenset({'of', 'the', 'each', 'every', 'im', 'des', 'jeden', 'del', 'de', 'cada', 'du', 'chaque'})
"""Stand before the month of "every first monday of the month"."""
EVERY = frozenset({
    'every', 'each', 'jeden', 'jede', 'jedes', 'alle', 'cada', 'todos', 'todas', 'chaque', 'tous', 'toutes',
})  # fmt: skip
ALL = frozenset({'los', 'las', 'les'})
"""Stand after such a word: "todos los lunes", "tous les lundis"."""
IN = frozenset({'in', 'en', 'dans', 'dentro'})
NUMBERS = {
    'a': 1, 'an': 1, 'one': 1, 'two': 2, 'three': 3, 'einem': 1, 'einer': 1, 'zwei': 2, 'drei': 3,
    'un': 1, 'una': 1, 'dos': 2, 'tres': 3, 'une': 1, 'deux': 2, 'trois': 3,
}  # fmt: skip
OFTEN = {
    'daily': 'DAILY', 'weekly': 'WEEKLY', 'monthly': 'MONTHLY', 'yearly': 'YEARLY', 'annually': 'YEARLY',
    'taglich': 'DAILY', 'wochentlich': 'WEEKLY', 'monatlich': 'MONTHLY', 'jahrlich': 'YEARLY',
    'diariamente': 'DAILY', 'semanalmente': 'WEEKLY', 'mensualmente': 'MONTHLY', 'anualmente': 'YEARLY',
    'quotidiennement': 'DAILY', 'hebdomadairement': 'WEEKLY', 'mensuellement': 'MONTHLY', 'annuellement': 'YEARLY',
}  # fmt: skip
OF_NOUNS = frozenset({'daily', 'weekly', 'monthly', 'yearly'})
"""Of these those that may be said of a noun: "weekly report"."""
EVENING = frozenset({'tonight', 'this evening', 'heute abend', 'esta noche', 'ce soir'})
TODAY = frozenset({'today', 'heute', 'hoy', "aujourd'hui"})
TOMORROW = frozenset({'tomorrow', 'morgen', 'manana', 'demain'})
AFTER_TOMORROW = frozenset({'ubermorgen', 'apres-demain'})
PAST = {
    'en': frozenset({'last', 'past', 'previous'}),
    'de': frozenset({
        'letzte', 'letzten', 'letzter', 'letztes', 'letztem', 'vorige', 'vorigen', 'voriger', 'voriges', 'vorigem',
        'vergangene', 'vergangenen', 'vergangener', 'vergangenes', 'vergangenem',
    }),
    'es': frozenset({'pasado', 'pasada', 'ultimo', 'ultima', 'anterior'}),
    'fr': frozenset({'dernier', 'derniere', 'passe', 'passee', 'precedent', 'precedente'}),
}  # fmt: skip
"""Make a day or a week one that is over, before it or after it."""
YESTERDAY = {
    'en': frozenset({'yesterday'}), 'de': frozenset({'gestern', 'vorgestern'}),
    'es': frozenset({'ayer', 'anteayer', 'antier'}), 'fr': frozenset({'hier', 'avant-hier'}),
}  # fmt: skip
"""In its own language alone: "hier" is here in German."""
SINCE = frozenset({'since', 'seit', 'depuis'})
AGO = frozenset({'vor', 'hace', 'ago'})
"""Stand before or after "3 days"."""
THIS = frozenset({'this', 'diesen', 'dieses', 'este', 'ce'})
NEXT = THIS | {
    'next', 'nachsten', 'nachste', 'nachstes', 'kommenden', 'kommende', 'proximo', 'proxima', 'prochain', 'prochaine',
}  # fmt: skip
OTHER = frozenset({'other', 'second', 'two', 'zweiten', 'zweite', 'zwei', 'dos', 'deux'})
NOON, MIDNIGHT = (
    frozenset({'noon', 'mittag', 'mittags', 'mediodia', 'midi'}),
    frozenset({'midnight', 'mitternacht', 'medianoche', 'minuit'}),
)
AND = frozenset({'and', 'und', 'y', 'et', ',', '&'})
WORKDAYS = frozenset({'weekday', 'weekdays', 'workday', 'werktag', 'werktags', 'laborable', 'laborables', 'ouvrable'})
WEEKENDS = frozenset({'weekend', 'weekends', 'wochenende', 'finde', 'week-end', 'week-ends', 'fin de semana'})
NUMBERED = frozenset({'el', 'del', 'le', 'dia'})
"""Stand before the number of a day that has no mark: "el 15"."""
MARKED = frozenset({'on', 'am', 'den', 'zum', 'bis', 'ab', 'due', 'by', 'until', 'before', 'from'})
"""Stand before one that has: "on the 15th", "am 15."."""
NO_DAYS = frozenset({'so', 'mer', 'mar'})
"""Short for Sunday, Wednesday and Tuesday, but first of all words of their languages."""
UNITS = {
    'day': 'DAILY', 'days': 'DAILY', 'tag': 'DAILY', 'tage': 'DAILY', 'tagen': 'DAILY', 'dia': 'DAILY',
    'dias': 'DAILY', 'jour': 'DAILY', 'jours': 'DAILY',
    'week': 'WEEKLY', 'weeks': 'WEEKLY', 'woche': 'WEEKLY', 'wochen': 'WEEKLY', 'semana': 'WEEKLY',
    'semanas': 'WEEKLY', 'semaine': 'WEEKLY', 'semaines': 'WEEKLY',
    'month': 'MONTHLY', 'months': 'MONTHLY', 'monat': 'MONTHLY', 'monate': 'MONTHLY', 'monaten': 'MONTHLY',
    'monats': 'MONTHLY', 'mes': 'MONTHLY', 'meses': 'MONTHLY', 'mois': 'MONTHLY',
    'year': 'YEARLY', 'years': 'YEARLY', 'jahr': 'YEARLY', 'jahre': 'YEARLY', 'jahren': 'YEARLY', 'ano': 'YEARLY',
    'anos': 'YEARLY', 'an': 'YEARLY', 'ans': 'YEARLY', 'annee': 'YEARLY', 'annees': 'YEARLY',
}  # fmt: skip
ORDINALS = {
    'first': 1, '1st': 1, 'second': 2, '2nd': 2, 'third': 3, '3rd': 3, 'fourth': 4, '4th': 4, 'fifth': 5, '5th': 5,
    'last': -1, 'ersten': 1, 'zweiten': 2, 'dritten': 3, 'vierten': 4, 'letzten': -1, 'primer': 1, 'segundo': 2,
    'tercer': 3, 'cuarto': 4, 'ultimo': -1, 'premier': 1, 'deuxieme': 2, 'troisieme': 3, 'quatrieme': 4, 'dernier': -1,
}  # fmt: skip
PRIORITIES = {
    'low': 'low', 'l': 'low', '4': 'low', 'medium': 'medium', 'normal': 'medium', 'm': 'medium', '3': 'medium',
    'high': 'high', 'h': 'high', '2': 'high', 'urgent': 'urgent', 'u': 'urgent', '1': 'urgent',
    'niedrig': 'low', 'mittel': 'medium', 'hoch': 'high', 'dringend': 'urgent', 'baja': 'low', 'media': 'medium',
    'alta': 'high', 'urgente': 'urgent', 'basse': 'low', 'moyenne': 'medium', 'haute': 'high',
    'bajo': 'low', 'medio': 'medium', 'alto': 'high', 'faible': 'low', 'elevee': 'high',
}  # fmt: skip


PLURAL = frozenset({'es', 'fr'})
"""Languages that say "every Saturdays"."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How one locale writes days."""

    weekdays: dict[str, int]
    """Name to number, Monday 0."""
    months: dict[str, int]
    month_first: bool
    dotted: bool
    """Whether 3.12 is a day: elsewhere it is a number, unless a dot or a year follows."""
    past: frozenset[str]
    yesterday: frozenset[str]


@lru_cache(maxsize=32)
def calendar_of(locale: str, country: str) -> Calendar:
    """Return the names of days and months in a locale and in English, and which comes first in 3/4."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import get_day_names, get_month_names

    weekdays: dict[str, int] = {}
    months: dict[str, int] = {}
    for name in ('en', locale or 'en'):
        try:
            known = Locale.parse(name.replace('-', '_'))
        except (UnknownLocaleError, ValueError):
            continue
        for width in ('wide', 'abbreviated'):
            for number, word in get_day_names(width, locale=known).items():
                if _plain(word) not in NO_DAYS:
                    weekdays[_plain(word)] = number
                if width == 'wide' and known.language in PLURAL and not word.endswith('s'):
                    weekdays[f'{_plain(word)}s'] = number
            for number, word in get_month_names(width, locale=known).items():
                months[_plain(word)] = number
    weekdays |= {'tues': 1, 'weds': 2, 'thur': 3, 'thurs': 3}
    months |= {'sept': 9}
    parts = locale.replace('-', '_').split('_')
    where = parts[1].upper() if len(parts) > 1 else country.upper() if parts[0] == 'en' else ''
    none: frozenset[str] = frozenset()
    past, yesterday = (one['en'] | one.get(parts[0], none) for one in (PAST, YESTERDAY))
    month_first = parts[0] in ('', 'en') and where in ('US', '')
    return Calendar(weekdays, months, month_first, parts[0] == 'de', past, yesterday)


def _plain(word: str) -> str:
    return fold(word).rstrip('.')
