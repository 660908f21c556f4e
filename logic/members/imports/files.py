"""Reading a roster before anything is asked of the database for it: nobody waits while a file takes its time."""

from collections.abc import Mapping
from functools import partial

from data.custom_fields import PERSON
from data.organizations import Organization
from logic.core.actor import Actor
from logic.core.service import query, service
from logic.core.work import Work
from logic.custom_fields import fields_of
from logic.identity.throttle import read_alone, take_import
from logic.members.domain import IMPORT
from logic.members.imports.applying import ImportResult, apply_import, plan_import
from logic.members.imports.columns import Target, targets_with
from logic.members.imports.parsing import ImportOptions, Reading, read_roster
from logic.members.imports.planning import ImportPlan, Progress


async def read_file(actor: Actor, content: bytes, options: ImportOptions) -> Reading:
    """Read a file with the columns that were chosen last time.

    Raises Invalid for what is no table, TooMany, Conflict while another file is read, Denied.
    """
    await begin_import(actor.using(None))  # what is repeated under a key is read again
    remembered, targets = await known_columns(actor)
    return await read_alone(actor, partial(read_roster, content, options, remembered, targets))


@service(IMPORT)
async def begin_import(work: Work) -> None:
    """Count a file that is read. Raises TooMany when these are many for one hour."""
    await take_import(work)


@query(IMPORT)
async def known_columns(work: Work) -> tuple[Mapping[str, str], Mapping[str, Target]]:
    """Return the columns that were chosen last time, and all that a column can fill."""
    organization = await work.get(Organization, work.organization_id)
    return organization.settings.import_mapping, targets_with(await fields_of(work, PERSON))


async def plan_file(
    actor: Actor, content: bytes, options: ImportOptions, progress: Progress | None = None
) -> ImportPlan:
    """Read a file and say what each of its rows would do. Raises as `read_file` does."""
    return await plan_import(actor, await read_file(actor, content, options), options, progress)


async def apply_file(
    actor: Actor, content: bytes, options: ImportOptions, title: str, progress: Progress | None = None
) -> ImportResult:
    """Read a file and take its good rows. Raises as `read_file` and `apply_import` do."""
    return await apply_import(actor, await read_file(actor, content, options), options, title, progress)
