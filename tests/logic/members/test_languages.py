"""People are spoken of in the reader's language, and what was exported in one language is imported in another."""

from dataclasses import replace
from datetime import date

import pytest

from data.core import now
from data.members import MemberStatus
from logic import members
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.language import LANGUAGES, speaking
from logic.core.listing import ListQuery
from logic.furniture import of_record
from logic.members import BulkAction, BulkInput, exports, imports
from logic.members.exports import Format
from logic.members.file import list_records
from logic.members.imports import Fate, ImportOptions
from logic.members.imports.columns import TARGETS, guess_mapping

ROSTER = b"""Number,Surname,Given name,E-mail,Status,Employment,Department,Joined on
7,Okafor,Jide,j@example.org,on leave,full time,Fleet,2019-03-05
8,Novak,Petr,p@example.org,retired,volunteer,EMS,2001-10-12
"""


def fresh(actor):
    return replace(actor, authenticated_at=now())


@pytest.fixture
async def roster(chief):
    await imports.apply_file(chief, ROSTER, ImportOptions(), 'x')


@pytest.mark.parametrize('locale', LANGUAGES)
def test_every_title_of_a_column_is_known_in_every_language(locale):
    with speaking(locale):
        titles = [str(target.label) for target in TARGETS]
    assert {guess_mapping([title])[0]: title for title in titles} == {
        target.name: title for target, title in zip(TARGETS, titles, strict=True)
    }


@pytest.mark.parametrize('locale', LANGUAGES)
async def test_a_list_exported_in_any_language_is_imported_by_a_reader_of_another(chief, roster, locale):
    with speaking(locale):
        content = await exports.export_members(fresh(chief), ListQuery(), Format.CSV)
    with speaking('fr' if locale == 'de' else 'de'):
        plan = await imports.plan_file(chief, content, ImportOptions())
    taken = set(exports.COLUMNS) - set(exports.TITLES)
    assert taken == set(plan.reading.mapping.values())
    assert [(row.fate, row.changes) for row in plan.rows] == [(Fate.SAME, {})] * len(plan.rows)


async def test_an_export_is_in_the_language_of_who_takes_it(chief, roster):
    with speaking('de'):
        text = (await exports.export_members(fresh(chief), ListQuery(q='okafor'), Format.CSV)).decode()
    assert 'Nummer,Vorname,Nachname,Status,Mitgliedsart,Dienstgrad,Stellenbezeichnung,Einheit' in text
    assert ',Beurlaubt,' in text


async def test_a_refusal_names_the_status_as_its_reader_calls_it(chief, roster):
    novak = (await members.list_members(chief, ListQuery(q='novak'))).rows[0]
    with speaking('de'), pytest.raises(Conflict, match='den Status „Im Ruhestand“; möglich sind: Aktiv, Inaktiv'):
        await members.change_status(chief, novak.id, MemberStatus.SUSPENDED, 'x')
    with pytest.raises(Conflict, match='Petr Novak is retired and can become: Active, Inactive'):
        await members.change_status(chief, novak.id, MemberStatus.SUSPENDED, 'x')


async def test_a_day_in_a_refusal_is_written_as_its_reader_writes_days(chief, roster):
    novak = (await members.list_members(chief, ListQuery(q='novak'))).rows[0]
    with speaking('de'), pytest.raises(Invalid) as refusal:
        await members.change_status(chief, novak.id, MemberStatus.ACTIVE, 'x', on=date(2000, 1, 1))
    assert 'Status begann am 12.10.2001.' in refusal.value.fields['on']


async def test_what_was_done_to_many_is_told_in_the_language_of_who_looks(chief, roster):
    rows = (await members.list_members(chief, ListQuery(q='okafor'))).rows
    data = BulkInput(action=BulkAction.STATUS, status=MemberStatus.ACTIVE, reason='Back')
    with speaking('es'):
        await members.change_many(chief, [row.id for row in rows], data)
    with speaking('de'):
        assert (await members.list_batches(chief, ListQuery())).rows[0].title == 'Status setzen: Aktiv'
    assert (await members.list_batches(chief, ListQuery())).rows[0].title == 'Set status: Active'


async def test_the_reason_that_logbook_wrote_is_read_in_every_language(chief, roster):
    novak = (await members.list_members(chief, ListQuery(q='novak'))).rows[0]
    with speaking('es'):
        assert (await members.membership_history(chief, novak.id)).statuses[0].reason == 'Importación'
    assert (await members.membership_history(chief, novak.id)).statuses[0].reason == 'Import'


async def test_filters_and_kinds_of_records_have_titles_in_every_language(chief, roster):
    novak = (await members.list_members(chief, ListQuery(q='novak'))).rows[0]
    with speaking('fr'):
        assert {'Unité', 'Grade', 'Statut'} <= {facet.label for facet in await members.list_facets(chief)}
        assert str((await list_records(chief, novak.id, 'licences')).title) == 'Licences'
    with speaking('de'):
        assert str((await list_records(chief, novak.id, 'licences')).title) == 'Lizenzen'


async def test_a_record_that_is_not_there_for_somebody_is_named_in_his_language(member):
    nobody = replace(member, permissions=frozenset())
    with speaking('de'), pytest.raises(NotFound, match='Dieses Mitglied gibt es nicht'):
        await of_record(nobody, 'Member', member.member_id)
