"""Holds the Dockerfile and compose.yaml to what they promise; no container engine is needed to read them."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import yaml

HOME = Path(__file__).resolve().parents[2]
BUILD, FINAL = re.split(r'^FROM python:3\.13-slim.*$', (HOME / 'Dockerfile').read_text(), flags=re.MULTILINE)[1:]
COMPOSE: dict[str, Any] = yaml.safe_load((HOME / 'compose.yaml').read_text())
SHIPPED = {'data', 'logic', 'ui', 'migrations', 'main.py', 'LICENSE'}


def instructions(stage: str, name: str) -> list[str]:
    return re.findall(rf'^{name} (.*)$', stage.replace('\\\n', ' '), re.MULTILINE)


def environment() -> dict[str, str]:
    return dict(pair.split('=', 1) for line in instructions(FINAL, 'ENV') for pair in shlex.split(line))


def test_the_image_holds_all_that_ships_and_nothing_else():
    copied = [line.split() for line in instructions(FINAL, 'COPY') if not line.startswith('--from')]
    assert {name for *names, _ in copied for name in names} == SHIPPED
    ignored = (HOME / '.dockerignore').read_text().splitlines()
    assert '*' in ignored
    assert {line[1:] for line in ignored if line.startswith('!')} == SHIPPED | {'requirements.txt'}


def test_the_image_is_made_from_the_hashed_lock_without_a_compiler():
    wheel = next(line for line in instructions(BUILD, 'RUN') if ' pip wheel ' in line)
    assert '--require-hashes' in wheel
    assert '--only-binary :all:' in wheel
    assert '-r requirements.txt' in wheel
    assert 'pip' not in ' '.join(instructions(FINAL, 'RUN'))


def test_the_container_runs_without_root_and_keeps_its_data_in_one_volume():
    assert instructions(FINAL, 'USER') == ['10001:10001']
    assert instructions(FINAL, 'VOLUME') == ['/data']
    assert environment()['LOGBOOK_DATA_DIR'] == '/data'
    assert environment()['LOGBOOK_HOST'] == '0.0.0.0'  # noqa: S104  what this test is about
    assert instructions(FINAL, 'CMD') == ['["python", "main.py"]']


def test_the_health_check_is_python_that_compiles_and_asks_for_health():
    check = json.loads(instructions(FINAL, 'HEALTHCHECK')[0].partition('CMD ')[2])
    assert check[:2] == ['python', '-c']
    compile(check[2], 'HEALTHCHECK', 'exec')
    assert "os.environ['LOGBOOK_PORT'] + '/health'" in check[2]
    assert environment()['LOGBOOK_PORT'] == '8080'


def test_the_settings_that_containers_are_given_are_known():
    known = set(re.findall(r'^#?(LOGBOOK_\w+)=', (HOME / '.env.example').read_text(), re.MULTILINE))
    given = {name for service in COMPOSE['services'].values() for name in service.get('environment', {})}
    given = {name for name in given if name.startswith('LOGBOOK_')} | (set(environment()) & {'LOGBOOK_HOST'})
    assert given
    assert given <= known


def test_compose_runs_one_copy_or_two_behind_sticky_cookies():
    services = COMPOSE['services']
    assert {name for name, one in services.items() if one['profiles'] == ['small']} == {'logbook'}
    assert {name for name, one in services.items() if one['profiles'] == ['grown']} == {
        *('node-1', 'node-2', 'proxy', 'mariadb', 'redis'),
    }
    assert 'lb_policy cookie' in COMPOSE['configs']['proxy']['content']
    assert services['redis']['command'][-2:] == ['--requirepass', '${LOGBOOK_REDIS_PASSWORD:-}']
    for name in ('logbook', 'node-1', 'node-2'):
        assert services[name]['cap_drop'] == ['ALL']
        assert services[name]['read_only'] is True
        assert services[name]['volumes'] == ['data:/data']
    assert all('ports' not in services[name] for name in ('node-1', 'node-2', 'mariadb', 'redis'))


def test_the_proxy_leads_people_to_tls_and_refuses_programs_that_come_without():
    plain = COMPOSE['configs']['proxy']['content'].partition('http://${LOGBOOK_SITE:-localhost} {')[2]
    assert ' '.join(plain.split()) == (
        'handle /api/* { respond "Use https." 403 } handle { redir https://{host}{uri} 308 } }'
    )
