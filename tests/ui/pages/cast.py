"""A department that has something on every screen: made through services, in a process of its own."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import pyotp
from sqlmodel import col, select

from data.core import now
from data.custom_fields import FieldKind
from data.members import Member, MemberStatus
from data.tasks import ListVisibility, ReminderKind, TaskPriority
from logic import custom_fields, departments, members, organizations, tasks
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.work import Work
from logic.custom_fields import CustomFieldInput
from logic.identity import invitations, mfa, positions, service_accounts, sessions
from logic.identity.service_accounts import ServiceInput
from logic.mail.bounces import refuse
from logic.members import (
    DepartureInput,
    JobInput,
    MemberInput,
    ProfileInput,
    TagInput,
    file,
)
from logic.members.attachments import send_paper
from logic.organizations import CompanyInput
from logic.start import opened
from logic.tasks import ListInput, ListTemplateInput, ReminderInput, RepeatInput, TaskInput, TimeInput
from tests.benchmarks import installation
from tests.benchmarks.served import HOME, environment
from tests.conftest import run_as_service

ANEW = 200.0
"""Seconds after which it is made anew: its people have signed in then, and for ten minutes that counts as fresh."""
PAPER = b'%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n'


@dataclass(frozen=True)
class Cast:
    """Who is who, by id, and how three of them are signed in."""

    owner_id: str
    member_id: str
    """Holds the position of every member only, has asked for a change, and has an authenticator app."""
    file_id: str
    """The person whose file is full."""
    leaver_id: str
    archived_id: str
    twin_id: str
    position_id: str
    company_id: str
    template_id: str
    owner: str
    second: str
    """The session of an administrator."""
    member: str
    member_name: str = ''
    list_id: str = ''
    task_id: str = ''
    """A task that has something of everything."""
    service_id: str = ''


async def _people(work: Work) -> list[Member]:
    return await work.all(select(Member).where(col(Member.number).like('B0%')).order_by(col(Member.number)))


people_of = run_as_service(_people)


refuse_mail = run_as_service(refuse)


async def fill_file(owner: Actor, person: Member) -> None:
    """Put a record of several kinds into a person's file."""
    today = now().date()
    for name, days in (('Paramedic licence', 9), ('Driver card', -3), ('First aid', 400)):
        data = {'kind': name, 'licence_number': f'LIC-{days}', 'issuer': 'State', 'issued_on': today.replace(year=2024)}
        await file.add_record(owner, person.id, 'licences', data | {'expires_on': today + timedelta(days=days)})
    paper = await send_paper(owner, person.id, 'contract.pdf', PAPER)
    document = {'category': 'Contract', 'title': 'Letter of appointment', 'file_id': paper.id}
    await file.add_record(owner, person.id, 'documents', document)
    await file.add_record(owner, person.id, 'skills', {'name': 'Rope rescue'})
    await file.add_record(owner, person.id, 'contacts', {'name': 'Sam Costa', 'phone': '+1 212 555 0199'})
    templates = await members.list_templates(owner)
    await members.start_checklist(owner, person.id, templates[0].id, today - timedelta(days=40))
    await members.change_job(owner, person.id, JobInput(title='Crew leader'), today - timedelta(days=100), 'Promoted')
    tag = await members.add_tag(owner, TagInput(name='Rope team'))
    await members.add_tag(owner, TagInput(name='Boat crew'))
    await members.set_tags(owner, person.id, {tag.id})
    field = CustomFieldInput(name='Shirt size', kind=FieldKind.CHOICE, options=('S', 'M', 'L'))
    made = await custom_fields.add_custom_field(owner, 'Member', field)
    await members.set_custom_values(owner, person.id, {made.id: 'M'})


async def fill_list(owner: Actor, member_id: UUID) -> tuple[str, str]:
    """Make a list that everybody works on, with tasks in every state; returns it and the fullest task."""
    today = now().date()
    station = await tasks.add_list(owner, ListInput(title='Station', visibility=ListVisibility.ORGANIZATION))
    given = {'list_id': station.id, 'assignee_ids': [member_id], 'labels': ['maintenance']}
    repeat = RepeatInput(rule='FREQ=WEEKLY;BYDAY=MO')
    full = await tasks.add_task(
        owner,
        TaskInput(title='Check the pump', due=today - timedelta(days=2), priority=TaskPriority.HIGH, repeat=repeat,
                  description='<p>As the <strong>book</strong> says.</p>', checklist=['Oil', 'Water'], **given),
    )  # fmt: skip
    await tasks.add_task(owner, TaskInput(title='Order hoses', parent_id=full.id))
    await tasks.add_time(owner, full.id, TimeInput(minutes=30))
    await tasks.add_reminder(owner, full.id, ReminderInput(kind=ReminderKind.AT, at=now() + timedelta(days=3)))
    for title, days in (('Paint the door', 3), ('Clear the gutters', 0), ('Sell the old ladder', 20)):
        row = await tasks.add_task(owner, TaskInput(title=title, due=today + timedelta(days=days), **given))
        if not days:
            await tasks.complete_task(owner, row.id)
    gone = await tasks.add_task(owner, TaskInput(title='A mistake', list_id=station.id))
    await tasks.delete_task(owner, gone.id)
    await tasks.save_list_template(owner, station.id, ListTemplateInput(title='Station week'))
    return str(station.id), str(full.id)


async def make(folder: Path) -> Cast:
    """Make the department in an empty folder."""
    base = await installation.make(folder, members=40, open_for=1, cast=True)
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    async with opened(settings):
        owner = await sessions.actor_for(base.tokens[0])
        member = await sessions.actor_for(base.member_token)
        people = [one for one in await people_of(Actor.system(owner.organization_id)) if one.account_id is None]
        full, leaver, archived, twin, probationer, away, invited = people[-7:]
        await members.update_member(owner, full.id, ProfileInput(joined_on=date(2015, 3, 2)))
        await fill_file(owner, full)
        await refuse_mail(Actor.system(owner.organization_id), full.email, '5.1.1 No such mailbox')
        await members.plan_departure(
            owner, leaver.id, DepartureInput(last_on=now().date() + timedelta(days=30), reason='Moves away')
        )
        await members.archive_member(owner, archived.id)
        probation = MemberInput(first_name='Pia', last_name='Neu', status=MemberStatus.PROBATIONARY)
        await members.add_member(owner, probation)
        await members.change_status(owner, away.id, MemberStatus.ON_LEAVE, 'Studies', None)
        await invitations.make_invitation(owner, invited.id, 'invited@example.org')
        enrolment = await mfa.begin_own_totp(member)
        await mfa.confirm_totp(member, pyotp.TOTP(enrolment.secret).now())
        await members.ask_for_change(member, 'last_name', 'Duarte', 'Married')
        company = await organizations.add_company(owner, CompanyInput(name='Riverside Rescue Inc.'))
        units = await departments.list_departments(owner)
        move = members.BulkInput(action=members.BulkAction.DEPARTMENT, target_id=units[0].id)
        await members.change_many(owner, [probationer.id, twin.id], move)
        own = await positions.add_position(
            owner, positions.PositionInput(name='Roster clerk', permissions=frozenset({'members.view'}))
        )
        list_id, task_id = await fill_list(owner, member.member_id)
        service_id = str(await service_accounts.add_service_account(owner, ServiceInput(name='Station display')))
        keys = await tasks.add_list(owner, ListInput(title='Keys', visibility=ListVisibility.ORGANIZATION))
        for number in range(8):
            given = TaskInput(title=f'Return key {number}', list_id=keys.id, assignee_ids=[leaver.id])
            await tasks.add_task(owner, given)
        template_id = str((await members.list_templates(owner))[0].id)
        return Cast(
            base.owner_member_id, str(member.member_id), str(full.id), str(leaver.id), str(archived.id), str(twin.id),
            str(own.id), str(company.id), template_id, base.tokens[0], base.tokens[1], base.member_token,
            member.name, list_id, task_id, service_id,
        )  # fmt: skip


@lru_cache(maxsize=1)
def _made(_since: int) -> tuple['tempfile.TemporaryDirectory[str]', Cast]:
    """Make the department in a process of its own, so that nothing of it stays in ours."""
    kept = tempfile.TemporaryDirectory(prefix='cast-', ignore_cleanup_errors=True)
    folder = Path(kept.name) / 'data'
    program = 'import sys, tests.ui.pages.cast as it; it.main(sys.argv[1])'
    own = environment(folder, 8080) | {'PYTHONPATH': os.pathsep.join([str(HOME)])}
    made = subprocess.run(
        [sys.executable, '-c', program, str(folder)],
        cwd=HOME, env=own, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(made.stderr[-3000:])
    return kept, Cast(**json.loads(made.stdout.splitlines()[-1]))


def cast(folder: Path) -> Cast:
    """Put the department, which is made now and then and copied meanwhile, into a folder that is not there yet."""
    kept, people = _made(int(time.monotonic() // ANEW))
    shutil.copytree(Path(kept.name) / 'data', folder)
    return people


def main(folder: str) -> None:
    """Make it, and print who is who."""
    sys.stdout.write(json.dumps(asdict(asyncio.run(make(Path(folder))))) + '\n')
