"""Shows each rule of our own failing and passing, and holds all that ships to them."""

from pathlib import Path

import pytest

from tests.lint import RULES, check, check_tree

HOME = Path(__file__).resolve().parents[2]
UI = 'from nicegui import app, ui\nfrom ui.guard import action, ui_only\nfrom ui.shell import page\n'
SQL = 'from sqlalchemy import select, text, column, Float\n'
CORE = 'from logic.core.service import service, query, PUBLIC\nfrom logic.core.domain import Domain\n'
TIME = 'from datetime import UTC, date, datetime\n'

# rule, where, what breaks it
FAILING = [
    ('LR1', 'ui/pages/x.py', UI + "ui.button().props(f'hint={name}')"),
    ('LR1', 'ui/pages/x.py', UI + "ui.label().classes('bg-' + colour)"),
    ('LR1', 'ui/pages/x.py', UI + "ui.label().style('width: %dpx' % width)"),
    ('LR1', 'ui/pages/x.py', UI + "table.add_slot('body', '<td>{}</td>'.format(name))"),
    ('LR1', 'ui/pages/x.py', UI + "async def f(name):\n    script = f'alert({name})'\n    ui.run_javascript(script)"),
    ('LR1', 'ui/pages/x.py', UI + "ui.button().on('click', js_handler=f'() => go({name})')"),
    ('LR1', 'ui/pages/x.py', UI + "ui.add_head_html(f'<style>{css}</style>')"),
    ('LR2', 'ui/pages/x.py', UI + 'ui.html(text, sanitize=False)'),
    ('LR2', 'ui/pages/x.py', UI + 'ui.notify(text, html=True)'),
    ('LR2', 'ui/pages/x.py', UI + 'ui.chat_message(text, text_html=True)'),
    ('LR2', 'ui/pages/x.py', UI + 'ui.aggrid(options, html_columns=[1])'),
    ('LR2', 'ui/pages/x.py', UI + 'ui.editor()'),
    ('LR3', 'ui/pages/x.py', UI + "ui.button('Save', on_click=save)"),
    ('LR3', 'ui/pages/x.py', UI + "ui.button('Save', on_click=lambda: save(1))"),
    ('LR3', 'ui/pages/x.py', UI + "def save(): ...\nui.button('Save').on('click', save)"),
    ('LR3', 'ui/pages/x.py', UI + 'field.on_value_change(store)'),
    ('LR4', 'ui/pages/x.py', UI + "app.storage.user['theme'] = 'dark'"),
    ('LR5', 'ui/pages/x.py', UI + "ui.image('photos/ada.png')"),
    ('LR5', 'ui/pages/x.py', UI + "ui.image(folder / 'ada.png')"),
    ('LR5', 'ui/pages/x.py', UI + "app.add_media_files('/media', data_folder)"),
    ('LR6', 'ui/api/x.py', 'def f(request):\n    return request.url.path'),
    ('LR6', 'ui/api/x.py', 'def f(request):\n    return str(request.base_url)'),
    ('LR6', 'ui/api/x.py', "def f(request):\n    return request.headers['Host']"),
    ('LR6', 'ui/api/x.py', "def f(request):\n    return request.headers.get('x-forwarded-for')"),
    ('LR7', 'logic/x.py', 'async def f(path):\n    return path.read_text()'),
    ('LR7', 'logic/x.py', "async def f():\n    with open('x') as file:\n        return file.read()"),
    ('LR7', 'logic/x.py', 'import time\nasync def f():\n    time.sleep(1)'),
    ('LR7', 'logic/x.py', "import sqlite3\nasync def f():\n    sqlite3.connect('x')"),
    ('LR7', 'logic/core/outbound.py', "import httpx2\nasync def f():\n    httpx2.get('https://example.org')"),
    ('LR8', 'logic/x.py', SQL + "text(f'SELECT {name}')"),
    ('LR8', 'logic/x.py', SQL + "statement = 'SELECT ' + name\ntext(statement)"),
    ('LR8', 'logic/x.py', SQL + 'def f(sort):\n    return select(Item).order_by(getattr(Item, sort))'),
    ('LR8', 'logic/x.py', SQL + 'def f(sort):\n    return column(sort)'),
    ('LR8', 'logic/x.py', SQL + 'def f(sent):\n    select(A).where(*(getattr(A, name) == 1 for name in sent))'),
    ('LR9', 'logic/x.py', 'import httpx2'),
    ('LR9', 'ui/pages/x.py', 'from urllib.request import urlopen'),
    ('LR10', 'logic/x.py', TIME + 'datetime.now()'),
    ('LR10', 'logic/x.py', TIME + 'datetime.utcnow()'),
    ('LR10', 'logic/x.py', TIME + 'datetime(2026, 1, 1)'),
    ('LR10', 'logic/x.py', TIME + 'date.today()'),
    ('LR10', 'logic/x.py', TIME + 'moment.replace(tzinfo=None)'),
    ('LR10', 'data/x.py', 'class Slip:\n    pay_cents: float'),
    ('LR10', 'logic/x.py', 'def f(hours: float | None) -> None: ...'),
    ('LR10', 'logic/x.py', 'amount = float(text)'),
    ('LR10', 'data/x.py', SQL + 'kind = Float'),
    ('LR11', 'ui/pages/x.py', UI + "ui.input('New password')"),
    ('LR11', 'ui/pages/x.py', UI + 'ui.input(label, password=True)'),
    ('LR11', 'ui/pages/x.py', UI + "ui.input(label).props('type=password')"),
    ('LR11', 'ui/pages/x.py', UI + "text_field('Recovery code')"),
    (
        'LR12',
        'ui/pages/x.py',
        UI + "from logic import inventory\n@page('/', 'X', VIEW)\nasync def x(actor):\n    await inventory.add_item()",
    ),
    (
        'LR12',
        'ui/pages/x.py',
        UI
        + "from logic.inventory import add_item\n@page('/', 'X', VIEW)\nasync def x(actor):\n    await add_item(actor)",
    ),
    ('LR13', 'logic/x.py', 'import random'),
    ('LR13', 'logic/x.py', 'from pickle import loads'),
    ('LR13', 'logic/x.py', "import hashlib\nhashlib.md5(b'')"),
    ('LR13', 'logic/x.py', "import hashlib\nhashlib.new('sha1')"),
    ('LR13', 'logic/x.py', 'import yaml\nyaml.load(text)'),
    ('LR13', 'main.py', 'import subprocess\nsubprocess.run(command, shell=True)'),
    ('LR14', 'logic/x.py', CORE + '@service\nasync def f(work): ...'),
    ('LR14', 'logic/x.py', CORE + '@query()\nasync def f(work): ...'),
    ('LR14', 'ui/pages/x.py', UI + "@page('/x', 'X')\ndef x(): ..."),
    ('LR14', 'ui/pages/x.py', UI + "@ui.page('/x')\ndef x(): ..."),
    ('LR14', 'logic/x.py', CORE + "domain = Domain('x')\n@domain.job()\nasync def f(): ..."),
    ('LR14', 'ui/x.py', "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ..."),
    ('LR14', 'ui/x.py', UI + "@app.post('/x')\ndef x(): ..."),
    ('LR15', 'logic/x.py', 'def f(work):\n    return select(A).where(A.owner_id == work.actor.member_id)'),
    ('LR15', 'logic/x.py', 'def f(seen):\n    me = seen.member_id\n    return select(A).where(col(A.owner_id) == me)'),
    ('LR15', 'logic/x.py', 'def f(actor):\n    return select(A).where(actor.account_id == A.by_id)'),
    ('LR15', 'logic/x.py', 'def f(actor, row):\n    return row.owner_id == actor.member_id'),
    ('LR15', 'logic/x.py', 'def f(work, row):\n    return row.owner_id != work.actor.member_id'),
    ('LR15', 'logic/x.py', 'def f(seen, row):\n    return seen.member_id in (row.creator_id, row.deleted_by_id)'),
]
PASSING = [
    ('LR1', 'ui/pages/x.py', UI + "button.props['hint'] = f'Hint for {name}'\nui.label(f'Hello {name}')"),
    ('LR1', 'ui/pages/x.py', UI + "ui.label().classes('bold' if wide else 'thin').props('dense flat')"),
    ('LR1', 'ui/pages/x.py', UI + "WIDTH = 4\nui.label().style(f'width: {WIDTH}px')"),
    (
        'LR1',
        'ui/pages/x.py',
        UI + "def f(wide):\n    size = 'lg' if wide else 'sm'\n    ui.label().classes(f'size-{size}')",
    ),
    ('LR2', 'ui/pages/x.py', UI + 'ui.html(text)\nui.notify(text)\nui.aggrid(options, html_columns=[])'),
    ('LR2', 'ui/components/editor.py', UI + 'ui.editor()'),
    ('LR3', 'ui/pages/x.py', UI + "ui.button('Save', on_click=action(save))"),
    ('LR3', 'ui/pages/x.py', UI + "ui.button('More', on_click=ui_only(dialog.open))"),
    ('LR3', 'ui/pages/x.py', UI + "@action\nasync def save(actor): ...\nui.button('Save').on('click', save)"),
    ('LR3', 'ui/pages/x.py', UI + "@action(payload=Row)\nasync def save(row): ...\nui.button('Save', on_click=save)"),
    ('LR3', 'ui/components/x.py', UI + 'def table(on_select):\n    ui.table(on_select=on_select)'),
    ('LR3', 'ui/components/x.py', UI + 'def table():\n    handler = action(save)\n    ui.table(on_select=handler)'),
    ('LR3', 'ui/pages/x.py', UI + "app.on_startup(start)\nui.button().on('click', js_handler='() => print()')"),
    ('LR4', 'ui/preferences.py', UI + "app.storage.browser['dark'] = True"),
    ('LR4', 'ui/pages/x.py', 'self.storage.user = 1'),
    ('LR5', 'ui/assets.py', UI + "FOLDER = Path(__file__).parent / 'assets'\napp.add_static_files('/assets', FOLDER)"),
    ('LR5', 'ui/pages/x.py', UI + "ui.image('/files/1/photo')\ndef f(url):\n    ui.image(url)"),
    ('LR6', 'ui/middleware/proxies.py', "def f(request):\n    return request.headers.get('x-forwarded-for')"),
    ('LR6', 'ui/api/x.py', "def f(request, settings):\n    return settings.public_url, request.headers['accept']"),
    ('LR6', 'ui/api/x.py', "name = 'host'"),
    ('LR7', 'logic/x.py', 'import asyncio\nasync def f(path):\n    return await asyncio.to_thread(path.read_text)'),
    ('LR7', 'logic/x.py', 'def f(path):\n    return path.read_text()'),
    (
        'LR7',
        'logic/x.py',
        'async def f(path):\n    def read():\n        return path.read_text()\n    return await thread(read)',
    ),
    ('LR8', 'logic/x.py', SQL + "text('SELECT :name').bindparams(name=name)"),
    ('LR8', 'logic/x.py', SQL + 'def f(sort):\n    return select(Item).order_by(SORTS[sort])'),
    ('LR8', 'logic/x.py', SQL + "place = {'log': 1}\nselect(A).where(*(getattr(A, name) == 1 for name in place))"),
    (
        'LR8',
        'logic/x.py',
        SQL + "for name, words in (('a', 'b'), ('c', 'd')):\n    select(A).where(getattr(A, name) == 1)",
    ),
    ('LR9', 'logic/core/outbound.py', 'import httpx2'),
    ('LR9', 'logic/x.py', 'from urllib.parse import urlsplit'),
    ('LR10', 'logic/x.py', TIME + 'datetime.now(UTC)\ndatetime(2026, 1, 1, tzinfo=UTC)\nmoment.replace(tzinfo=UTC)'),
    ('LR10', 'logic/x.py', TIME + 'datetime(2026, 1, 1)  # noqa: DTZ001  a spreadsheet has no zones'),
    ('LR10', 'logic/x.py', 'def f(hours: int, seconds: float, minutes: int) -> None: ...'),
    ('LR11', 'ui/front/x.py', "password_field('Password')"),
    ('LR11', 'ui/pages/x.py', UI + "ui.input('Name')\nui.link('Change password', '/account/password')"),
    (
        'LR12',
        'ui/pages/x.py',
        UI + "from logic import inventory\n@page('/x', 'X', VIEW)\nasync def x(actor):\n"
        '    rows = await inventory.list_items(actor)\n'
        '    async def save(actor):\n        await inventory.add_item(actor)\n'
        "    ui.button('Add', on_click=action(save))",
    ),
    ('LR13', 'logic/x.py', "import hashlib, secrets\nhashlib.sha256(b'')\nsecrets.token_bytes()"),
    ('LR13', 'main.py', 'import subprocess\nsubprocess.run([name], shell=False)'),
    ('LR14', 'logic/x.py', CORE + '@service(MANAGE)\nasync def f(work): ...\n@query(PUBLIC)\nasync def g(work): ...'),
    ('LR14', 'ui/pages/x.py', UI + "@page('/x', 'X', VIEW)\ndef x(): ..."),
    ('LR14', 'ui/front/x.py', "from ui.front.routes import get\n@get('/x', PUBLIC)\ndef x(): ..."),
    ('LR14', 'logic/x.py', CORE + "domain = Domain('x')\n@domain.job(schedule='0 3 * * *')\nasync def f(work): ..."),
    ('LR15', 'logic/x.py', 'def f(work):\n    return select(A).where(belongs_to(A.owner_id, work.actor.member_id))'),
    (
        'LR15',
        'logic/x.py',
        'def f(actor, row):\n    return actor.owns(row.owner_id) and actor.member_id is not None',
    ),
    ('LR15', 'logic/x.py', 'def f(actor):\n    return select(A).where(col(A.id) != actor.member_id)'),
    ('LR15', 'logic/x.py', 'def f(member_id):\n    return select(A).where(A.owner_id == member_id)'),
]
SERVICES = frozenset({'inventory.add_item'})


def broken(path: str, text: str) -> set[str]:
    return {finding.rule for finding in check(path, text, SERVICES)}


@pytest.mark.parametrize(('rule', 'path', 'text'), FAILING)
def test_a_rule_finds_what_breaks_it(rule: str, path: str, text: str):
    assert broken(path, text) == {rule}


@pytest.mark.parametrize(('rule', 'path', 'text'), PASSING)
def test_a_rule_leaves_alone_what_keeps_it(rule: str, path: str, text: str):
    assert broken(path, text) == set()


def test_every_rule_has_a_failing_and_a_passing_example():
    every = {f'LR{number}' for number in range(1, 16)}
    assert {rule.name for rule in RULES} == every
    assert {example[0] for example in FAILING} == every
    assert {example[0] for example in PASSING} == every


def test_a_line_is_let_off_by_a_reason_and_only_for_the_rule_it_names():
    assert broken('logic/x.py', 'import random  # allow LR13: shuffles the demo, guards nothing') == set()
    assert broken('logic/x.py', 'import random  # allow LR13:') == {'LR13'}
    assert broken('logic/x.py', 'import random  # allow LR9: another rule') == {'LR9', 'LR13'}


def test_an_allowance_that_nothing_needs_is_found():
    assert broken('logic/x.py', 'import secrets  # allow LR13: stale') == {'LR13'}


def test_services_are_read_from_the_tree(tmp_path: Path):
    (tmp_path / 'logic').mkdir()
    (tmp_path / 'ui').mkdir()
    (tmp_path / 'logic' / 'inventory.py').write_text(CORE + '@service(MANAGE)\nasync def add_item(work): ...')
    (tmp_path / 'ui' / 'x.py').write_text(next(text for rule, _, text in FAILING if rule == 'LR12'))
    assert [(f.rule, f.path) for f in check_tree(tmp_path)] == [('LR12', 'ui/x.py')]


def test_all_that_ships_keeps_the_rules():
    assert [str(finding) for finding in check_tree(HOME)] == []
