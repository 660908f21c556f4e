"""Every screen opens for who may open it, and for nobody else: asked of a running server, as a browser would."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from logic.core.service import SIGNED_IN
from logic.identity.positions import covers
from logic.identity.seeds import MEMBER, POSITIONS
from logic.members.file import KINDS
from tests.benchmarks.installation import Made
from tests.benchmarks.served import Served, elements, install, serve
from tests.contracts import registries
from ui.pages.members.person import file

SCREENS = sorted(registries.pages())
MEMBER_RIGHTS = frozenset(next(seed.permissions for seed in POSITIONS if seed.name == MEMBER))
UNKNOWN = str(uuid4())


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Made]]:
    """A server with two departments: an owner, somebody who may do what every member may, and a stranger."""
    folder = tmp_path_factory.mktemp('pages') / 'data'
    made = install(folder, members=20, cast=True)
    with serve(folder) as served:
        yield served, made


def address(path: str, made: Made) -> tuple[str, bool]:
    """Return the address of a screen, and whether a record of the installation stands behind it."""
    known = {'member_id': made.record_id, 'position_id': made.position_id, 'seq': '1'}
    parts = [part[1:-1] for part in path.split('/') if part.startswith('{')]
    for part in parts:
        path = path.replace(f'{{{part}}}', known.get(part, UNKNOWN))
    return path, all(part in known for part in parts)


def is_open_to_members(path: str) -> bool:
    permission = registries.pages()[path].permission
    return permission == SIGNED_IN or covers(MEMBER_RIGHTS, permission)


def test_a_screen_names_a_permission():
    named = {path: entry.permission for path, entry in registries.pages().items()}
    known = {SIGNED_IN, *registries.permission_labels()}
    assert {path: name for path, name in named.items() if name not in known} == {}


@pytest.mark.parametrize('path', SCREENS)
def test_a_screen_opens_for_the_owner(path: str, installed: tuple[Served, Made]):
    served, made = installed
    where, is_there = address(path, made)
    with served.browser(made.tokens[0]) as browser:
        answer = browser.get(where)
    assert answer.status_code == (200 if is_there else 404), answer.text[:500]


@pytest.mark.parametrize('path', SCREENS)
def test_a_visitor_is_led_to_the_sign_in(path: str, installed: tuple[Served, Made]):
    served, made = installed
    where, _ = address(path, made)
    with served.browser() as browser:
        answer = browser.get(where)
    assert answer.status_code in {302, 303, 307}, answer.status_code
    assert answer.headers['location'].startswith('/sign-in')
    assert made.record_id not in answer.text


@pytest.mark.parametrize('path', [path for path in SCREENS if not is_open_to_members(path)])
def test_a_screen_is_refused_to_a_member_without_its_right(path: str, installed: tuple[Served, Made]):
    served, made = installed
    where, _ = address(path, made)
    with served.browser(made.member_token) as browser:
        answer = browser.get(where)
    assert answer.status_code == 403, answer.text[:500]


@pytest.mark.parametrize('path', [path for path in SCREENS if '_id}' in path])
def test_a_record_of_another_department_is_not_found(path: str, installed: tuple[Served, Made]):
    served, made = installed
    where, _ = address(path, made)
    with served.browser(made.stranger_token) as browser:
        answer = browser.get(where)
    assert answer.status_code == 404, answer.text[:500]


@pytest.mark.parametrize('who', ['owner', 'member'])
def test_every_link_in_the_navigation_opens(who: str, installed: tuple[Served, Made]):
    served, made = installed
    with served.browser(made.tokens[0] if who == 'owner' else made.member_token) as browser:
        drawn = elements(browser.get('/').text)
        frame = next(e['props'] for e in drawn.values() if 'navigation' in e.get('props', {}))
        paths = [item['path'] for group in frame['navigation'] for item in group['items']]
        found = {path: browser.get(path).status_code for path in paths}
    assert found == dict.fromkeys(paths, 200)
    every = {path for path, entry in registries.pages().items() if entry.nav is not None}
    assert set(paths) == (every if who == 'owner' else {path for path in every if is_open_to_members(path)})


@pytest.mark.parametrize('route', [route for route, may in sorted(registries.routes().items()) if may != 'PUBLIC'])
def test_a_route_is_refused_to_a_visitor(route: str, installed: tuple[Served, Made]):
    served, _ = installed
    method, _, path = route.partition(' ')
    for part in [part for part in path.split('/') if part.startswith('{')]:
        path = path.replace(part, '1' if part.endswith(':int}') else UNKNOWN)
    with served.browser() as browser:
        sent = {'data': {'next': '/'}} if method == 'POST' and not path.startswith('/api/') else {}
        answer = browser.request(method, path, headers={'origin': served.origin}, **sent)
    if path.startswith('/api/'):
        assert answer.status_code in {401, 429}
    else:
        assert answer.status_code in {302, 303, 307, 401, 403}, answer.text[:300]
        assert answer.status_code in {401, 403} or '/sign-in' in answer.headers['location']


@pytest.mark.parametrize('link', sorted(registries.links()))
def test_a_link_that_a_rule_gives_leads_to_a_screen(link: str):
    known = {*registries.pages(), *(route.removeprefix('GET ') for route in registries.routes())}
    assert any(_leads_to(link.partition('?')[0].split('/'), path.split('/')) for path in known), registries.links()[
        link
    ]


def _leads_to(link: list[str], path: list[str]) -> bool:
    """Say whether a link fits the path of a screen; what is put in by the rule stands for any part."""
    pairs = zip(link, path, strict=False)
    return len(link) == len(path) and all(a == b or (a[:1] == '{' and b[:1] == '{') for a, b in pairs)


def test_every_kind_of_record_of_a_person_stands_in_one_tab():
    assert sorted(kind for kinds in file.TABS.values() for kind in kinds) == sorted(KINDS)
