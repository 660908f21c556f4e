"""That home, help, settings and the audit log speak the language of whoever reads them."""

from datetime import date
from uuid import UUID

import pytest

from data.later import Later
from logic.audit import LogVerdict
from logic.core.formats import long_day_text, month_text, size_text
from logic.core.language import speaking
from ui.pages.account import signed_in_by
from ui.pages.audit.verifying import headline
from ui.pages.audit.wording import OUTCOMES, action_label
from ui.pages.help import AREAS, KEYS, QUESTIONS
from ui.pages.notifications.choices import DAYS
from ui.pages.settings.overview import PLACES

MADE_EARLY = [
    *AREAS.values(), *(does for _key, does in KEYS), *(one for pair in QUESTIONS for one in pair), *DAYS,
    *(place.detail for place in PLACES), *(chip.label for chip in OUTCOMES.values()),
]  # fmt: skip


@pytest.mark.parametrize('locale', ['es', 'fr', 'de'])
def test_what_is_made_at_the_start_is_said_in_the_language_of_the_reader(locale: str) -> None:
    with speaking(locale):
        english = [text for text in MADE_EARLY if str(text) == str.__str__(text)]
    assert english == []
    assert all(isinstance(text, Later) for text in MADE_EARLY)


LED_TO = {
    'en': {
        'audit': '/audit', 'anchor': '/audit', 'officers': '/audit', 'recovery': '/settings/backup',
        'backup': '/settings/backup', 'recovery codes': '/access', 'timezone': '/settings/department',
        'time zone': '/settings/department', 'holiday': '/settings/department', 'language': '/settings/department',
        'second factor': '/settings/rules', 'module': '/settings/modules',
    },
    'es': {
        'auditoría': '/audit', 'anclaje': '/audit', 'responsables': '/audit', 'recuperación': '/settings/backup',
        'copia': '/settings/backup', 'códigos de recuperación': '/access', 'zona horaria': '/settings/department',
        'festivos': '/settings/department', 'idioma': '/settings/department', 'segundo factor': '/settings/rules',
        'módulo': '/settings/modules',
    },
    'fr': {
        'audit': '/audit', 'ancrage': '/audit', 'responsables': '/audit', 'fiche de secours': '/settings/backup',
        'sauvegarde': '/settings/backup', 'codes de secours': '/access', 'fuseau horaire': '/settings/department',
        'jours fériés': '/settings/department', 'langue': '/settings/department', 'second facteur': '/settings/rules',
        'module': '/settings/modules',
    },
    'de': {
        'protokoll': '/audit', 'anker': '/audit', 'verantwortliche': '/audit', 'wiederherstellung': '/settings/backup',
        'sicherung': '/settings/backup', 'wiederherstellungscode': '/access', 'zeitzone': '/settings/department',
        'feiertag': '/settings/department', 'sprache': '/settings/department', 'zweiter faktor': '/settings/rules',
        'modul': '/settings/modules',
    },
}  # fmt: skip


@pytest.mark.parametrize(('locale', 'word', 'href'), [
    (locale, word, href) for locale, words in LED_TO.items() for word, href in words.items()
])  # fmt: skip
def test_the_words_that_logbook_uses_of_a_setting_are_said_of_its_place(locale: str, word: str, href: str) -> None:
    with speaking(locale):
        said = {place.href: f'{place.label} {place.detail} {place.words}'.lower() for place in PLACES}
    assert all(part in said[href] for part in word.split())


def test_a_verdict_and_an_act_are_said_in_german() -> None:
    with speaking('de'):
        assert headline([LogVerdict(UUID(int=0))])[0] == 'Das Protokoll ist unversehrt'
        assert action_label('members.add_member').startswith('Mitglieder: ')
        assert signed_in_by('password+totp') == 'Passwort und Authentifizierungs-App'


@pytest.mark.parametrize(
    ('locale', 'day', 'month', 'size'),
    [
        ('en', 'Friday, 20 November', 'Nov', '3.4 MB'),
        ('en-US', 'Friday, November 20', 'Nov', '3.4 MB'),
        ('es', 'viernes, 20 de noviembre', 'nov', '3,4 MB'),
        ('fr', 'vendredi 20 novembre', 'nov.', '3,4 Mo'),
        ('de', 'Freitag, 20. November', 'Nov', '3,4 MB'),
    ],
)
def test_a_day_without_its_year_and_a_size_are_written_as_the_reader_does(
    locale: str, day: str, month: str, size: str
) -> None:
    with speaking(locale):
        assert long_day_text(date(2026, 11, 20)) == day
        assert month_text(date(2026, 11, 20)) == month
        assert size_text(3_400_000) == size
