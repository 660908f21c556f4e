"""Starts everything, and is the command line: serve, worker, backup, restore, and what an administrator needs."""

import asyncio
import gc
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.terminal import REFUSED, bar, lean_imports, perform, read_settings, refusals, say, secret_from_input

command = typer.Typer(
    name='logbook',
    help='Logbook: the one record of a small department. Without a command it serves.',
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Archive = Annotated[Path, typer.Argument(help='The archive.', exists=True, dir_okay=False)]


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Serve when no command is given."""
    if context.invoked_subcommand is None:
        serve()


@command.command()
def serve() -> None:
    """Serve Logbook until a signal arrives (the default)."""
    gc.disable()  # nothing that is imported is garbage; the server collects once and enables it again
    with lean_imports(), refusals():
        settings = read_settings()
        from ui import serving
    with refusals():
        raise typer.Exit(asyncio.run(serving.serve(settings, say)))


@command.command()
def worker() -> None:
    """Run jobs only, beside other processes that serve; needs a database server."""
    with refusals():
        settings = read_settings()
        from logic.worker import work

        raise typer.Exit(asyncio.run(work(settings, say)))


@command.command()
def migrate() -> None:
    """Bring the database to the present schema, after an automatic backup."""

    async def act(_: Any) -> None:
        from data.schema import head

        say(f'The database has schema {head()}.')

    perform(act)


@command.command('create-admin')
def create_admin(
    name: Annotated[str, typer.Option(help='First and last name.')],
    email: Annotated[str, typer.Option(help='The address to sign in with.')],
    organization: Annotated[str, typer.Option(help='Name of the department; made when none exists.')] = '',
    kind: Annotated[str, typer.Option(help='fire, ems, combined, clinic, municipal or other.')] = 'other',
    zone: Annotated[str, typer.Option(help='Time zone of a new department, such as Europe/Vienna.')] = 'UTC',
    *,
    new: Annotated[bool, typer.Option('--new', help='Make one more; an account of here may own it.')] = False,
) -> None:
    """Make an owner without a browser; the password of a new account is read from standard input."""

    async def act(_: Any) -> None:
        from logic.commands import create_administrator, find_account
        from logic.core.actor import Actor

        system = Actor.system(name='Command line')
        is_known = new and await find_account(system, email) is not None
        made = await create_administrator(
            system, name=name, email=email, password='' if is_known else secret_from_input('Password', twice=True),
            organization=organization, kind=kind, zone=zone, new=new,
        )  # fmt: skip
        say(f'{email} owns {made}.')

    perform(act)


@command.command('reset-password')
def reset_password(
    email: Annotated[str, typer.Argument(help='The address that the person signs in with.')],
    factors: Annotated[bool, typer.Option('--remove-factors', help='Remove his second factors as well.')] = False,
) -> None:
    """Give somebody a new password, read from standard input, and end all of his sessions."""

    async def act(_: Any) -> None:
        from logic.core.actor import Actor
        from logic.identity.mfa import remove_factors_by_command
        from logic.identity.resets import set_password_by_command

        await set_password_by_command(email, secret_from_input('New password', twice=True))
        if factors:
            await remove_factors_by_command(Actor.system(name='Command line'), email)
        say(f'{email} has a new password. All sessions were ended.')

    perform(act)


@command.command()
def backup(
    to: Annotated[Path | None, typer.Option(help='A folder, or the name of the archive to make.')] = None,
    passphrase: Annotated[bool, typer.Option(help='Lock it with a passphrase, read from standard input.')] = False,
    recipient: Annotated[list[str] | None, typer.Option(help='Lock it for this public key.')] = None,
    with_keys: Annotated[bool, typer.Option(help='Put the key files inside; needs --passphrase.')] = False,
    show_key: Annotated[
        bool, typer.Option(help='Only print the keys that a restore elsewhere needs, to be kept apart.')
    ] = False,
) -> None:
    """Write database and files into one encrypted archive, also while Logbook is working."""

    async def act(settings: Any) -> None:
        from logic import backup as backups

        if show_key:
            for line in backups.recovery_keys().lines:
                say(line)
            return
        phrase = secret_from_input('Passphrase', twice=True) if passphrase else None
        with bar('Backup') as progress:
            made = await backups.back_up(
                settings, to=to, passphrase=phrase, recipients=recipient or [], with_keys=with_keys,
                reason=backups.BY_COMMAND, progress=progress,
            )  # fmt: skip
        say(f'{made} ({made.stat().st_size / 1e6:.1f} MB)')

    perform(act, alone=False)


@command.command('rebuild-search')
def rebuild_search(
    organization: Annotated[str, typer.Option(help='Only this department; without it all.')] = '',
) -> None:
    """Make the search index anew from the records. Logbook does so itself after an upgrade or a restore."""

    async def act(_: Any) -> None:
        from logic.commands import choose_organization, list_all_organizations
        from logic.core.actor import Actor
        from logic.search import rebuild

        everywhere = Actor.system(name='Command line')
        chosen = [await choose_organization(organization)] if organization else await list_all_organizations(everywhere)
        for one in chosen:
            say(f'{one.name}: {await rebuild(Actor.system(one.id, "Command line"))} records can be found.')

    perform(act)


@command.command('rotate-keys')
def rotate_keys(
    values: Annotated[
        bool, typer.Option('--values', help='Replace the keys of sealed values instead, and seal each value anew.')
    ] = False,
) -> None:
    """Replace the master key, and wrap every key anew with the new one. Stop Logbook first, every copy of it.

    Sealed values stay as they are, unless asked for. Interrupted at any point, nothing is lost: run it again.
    """

    async def act(settings: Any) -> None:
        from logic.data_keys import rotate_data_keys
        from logic.master_key import rotate_master_key

        with bar('Keys') as progress:
            done = await (rotate_data_keys(progress) if values else rotate_master_key(settings, progress))
        for line in done:
            say(line)

    perform(act)


@command.command()
def restore(
    archive: Archive,
    passphrase: Annotated[bool, typer.Option(help='Open it with a passphrase, read from standard input.')] = False,
    key_file: Annotated[
        Path | None, typer.Option(help='A file with the keys of the recovery sheet.', exists=True, dir_okay=False)
    ] = None,
    check_only: Annotated[bool, typer.Option(help='Only check that it could be restored.')] = False,
) -> None:
    """Put an archive in the place of the present data, which is kept. Stop Logbook first.

    Exit status 1 when it was refused; also when its audit log does not verify, though its data is in place then.
    """
    with refusals():
        from logic import backup as backups

        settings = read_settings(quiet=True)
        phrase = secret_from_input('Passphrase') if passphrase else None
        key = key_file.read_text('utf-8', 'replace') if key_file else None
        with bar('Restore') as progress:
            done = asyncio.run(
                backups.restore(settings, archive, passphrase=phrase, key=key, check_only=check_only, progress=progress)
            )
        for line in done.lines():
            say(line)
        if not done.is_intact:
            raise typer.Exit(REFUSED)


@command.command()
def export(
    to: Annotated[Path, typer.Argument(help='The zip file to write.', dir_okay=False)],
    organization: Annotated[str, typer.Option(help='The department, when there are several.')] = '',
) -> None:
    """Write everything of a department as CSV, JSON Lines and files that can be read without Logbook."""

    async def act(_: Any) -> None:
        from logic.commands import choose_organization
        from logic.export import export_organization

        chosen = await choose_organization(organization)
        with bar('Export') as progress:
            rows = await export_organization(chosen, to, progress)
        say(f'{to}: {rows} rows of {chosen.name}.')

    perform(act)


@command.command('import-department')
def import_department(
    file: Annotated[Path, typer.Argument(help='The zip file that "export" wrote.', exists=True, dir_okay=False)],
) -> None:
    """Read the export of another Logbook into this one, which must have no department yet: all of it, or nothing."""

    async def act(_: Any) -> None:
        from logic.arrival import import_department as move_in

        with bar('Import') as progress:
            done = await move_in(file, progress)
        for line in done.lines():
            say(line)

    perform(act)


@command.command('import-members')
def import_members(
    file: Annotated[Path, typer.Argument(help='CSV, TSV or XLSX.', exists=True, dir_okay=False)],
    organization: Annotated[str, typer.Option(help='The department, when there are several.')] = '',
    dry_run: Annotated[bool, typer.Option(help='Only say what would happen.')] = False,
) -> None:
    """Import a roster; rows that cannot be taken are named with line and column."""

    async def act(_: Any) -> None:
        from logic.commands import choose_organization, import_roster

        chosen = await choose_organization(organization)
        for line in await import_roster(chosen, file, dry_run=dry_run):
            say(line)

    perform(act)


@command.command('verify-audit')
def verify_audit(
    anchor: Annotated[list[Path] | None, typer.Option(help='A file with anchors: a saved mail, a text.')] = None,
) -> None:
    """Read every audit log again and check it against its tree, its signatures and the given anchors.

    What it finds is kept for those who may see the log, unless Logbook runs on the same SQLite file.
    """
    intact: list[bool] = []

    async def act(_: Any) -> None:
        from data.database import Busy, database
        from logic.audit import keep_for_all, verify_all

        verdicts = await verify_all([path.read_text('utf-8', 'replace') for path in anchor or []])
        for verdict in verdicts:
            intact.append(verdict.is_intact)
            for line in verdict.lines():
                say(line)
        try:
            database().claim()
        except Busy as busy:
            say(f'{busy} What was found is not kept: press "Verify" on its page "Audit log".')
            return
        await keep_for_all(verdicts, by_anchor=bool(anchor))

    perform(act, alone=False)
    if not all(intact):
        raise typer.Exit(REFUSED)


@command.command('map')
def print_map(
    crypto: Annotated[bool, typer.Option('--crypto', help='Print every use of cryptography.')] = False,
    connections: Annotated[bool, typer.Option('--connections', help='Print every server that is spoken to.')] = False,
) -> None:
    """Print the whole map: domains, permissions, services, jobs, pages, routes."""
    with refusals():
        from ui.map import connection_lines, crypto_lines, map_lines

        for line in crypto_lines() if crypto else connection_lines() if connections else map_lines():
            say(line)


@command.command()
def check() -> None:
    """Check the configuration and every connection; exit status 1 when something is wrong."""
    with refusals():
        from logic.status import check_connections

        found = asyncio.run(check_connections(read_settings(quiet=True)))
        for finding in found:
            say(str(finding))
        if not all(finding.is_well for finding in found):
            raise typer.Exit(REFUSED)


@command.command()
def openapi() -> None:
    """Print the description of the HTTP API as JSON."""
    with refusals():
        import json

        from logic.core.config import Settings
        from ui.application import api

        say(json.dumps(api(Settings()).openapi(), indent=2))


@command.command()
def sbom() -> None:
    """Print what is installed here, Logbook with all that it uses, as CycloneDX JSON."""
    with refusals():
        import json

        from ui.contents import bill_of_materials

        say(json.dumps(bill_of_materials(), indent=2))


@command.command()
def demo(
    port: Annotated[int | None, typer.Option(envvar='LOGBOOK_PORT', help='Port to listen on.')] = None,
) -> None:
    """Start a throw-away copy with a living department of 60 people, and print sign-ins."""
    with refusals():
        from ui import demo as demonstration

        raise typer.Exit(demonstration.run(port, say))


if __name__ == '__main__':
    command()
