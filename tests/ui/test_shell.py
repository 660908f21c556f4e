"""The register of screens, the query string as view state, and the department's colour."""

from dataclasses import replace
from uuid import uuid4

import pytest
from starlette.requests import Request

from logic.core.actor import Actor, ActorKind
from logic.core.domain import Domain
from logic.core.errors import Invalid, NotFound
from logic.core.language import LONGER, MIRRORED
from logic.core.live import Change, hub
from logic.core.service import SIGNED_IN
from ui import theme
from ui.shell import Nav, Query, Sources, overview, registry
from ui.shell.registry import PageEntry

THINGS = Domain('shelved_things', title='Things', switchable=True)
SEE = THINGS.permission('view', 'See things')


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> dict[str, PageEntry]:
    """An empty register, with a few screens in it."""
    monkeypatch.setattr(registry, 'pages', {})

    @registry.page('/things/{thing_id}', 'Thing', SEE)
    async def thing(actor: Actor, thing_id: int) -> None: ...

    @registry.page('/things/new', 'Add a thing', SEE)
    async def new(actor: Actor) -> None: ...

    @registry.page('/things', 'Things', SEE, nav=Nav(icon='sym_o_list', group='Work', order=2))
    async def things(actor: Actor) -> None: ...

    @registry.page('/', 'Home', SIGNED_IN, nav=Nav(icon='sym_o_home'))
    async def home() -> None: ...

    return registry.pages


def somebody(*permissions: str, off: tuple[str, ...] = ()) -> Actor:
    return Actor(kind=ActorKind.ACCOUNT, name='Ann', permissions=frozenset(permissions), modules_off=frozenset(off))


@pytest.mark.usefixtures('pages')
@pytest.mark.parametrize(
    ('path', 'title', 'values'),
    [
        ('/', 'Home', {}),
        ('/things', 'Things', {}),
        ('/things/', 'Things', {}),
        ('/things?q=a#b', 'Things', {}),
        ('/things/new', 'Add a thing', {}),
        ('/things/7', 'Thing', {'thing_id': 7}),
    ],
)
def test_a_path_leads_to_its_screen_and_words_win_over_parameters(path: str, title: str, values: object) -> None:
    found = registry.find(path)
    assert found is not None
    assert (found[0].title, found[1]) == (title, values)


@pytest.mark.usefixtures('pages')
@pytest.mark.parametrize('path', ['/nothing', '/things/seven', '/things/7/more', '//things', '/things/%2e%2e'])
def test_other_paths_lead_nowhere(path: str) -> None:
    assert registry.find(path) is None


def test_the_screen_above_a_record_is_its_list(pages: dict[str, PageEntry]) -> None:
    assert registry.parent(pages['/things/{thing_id}']) is pages['/things']
    assert registry.parent(pages['/things']) is None


@pytest.mark.usefixtures('pages')
def test_the_navigation_shows_what_one_may_open() -> None:
    def titles(actor: Actor) -> list[str]:
        return [entry.title for _, entries in registry.navigation(actor) for entry in entries]

    assert titles(somebody(SEE)) == ['Home', 'Things']
    assert titles(somebody()) == ['Home']
    assert titles(somebody('*', off=('shelved_things',))) == ['Home']


@pytest.mark.usefixtures('pages')
def test_a_path_is_registered_once() -> None:
    with pytest.raises(RuntimeError, match='registered twice'):
        registry.page('/things', 'Again', SEE)


@pytest.mark.usefixtures('pages')
def test_a_screen_whose_parameters_are_not_in_its_path_is_refused() -> None:
    async def wrong(actor: Actor, other: int) -> None: ...

    with pytest.raises(RuntimeError, match='must be those of the builder'):
        registry.page('/wrong/{number}', 'Wrong', SEE)(wrong)


# ------------------------------------------------------------------------------------------------ query


def test_the_query_is_read_and_rewritten() -> None:
    written: list[str] = []
    query = Query('/things?q=a%20b&tag=x&tag=y&page=3#there', written.append)
    assert (query.get('q'), query.all('tag'), query.number('page', 1)) == ('a b', ['x', 'y'], 3)
    query.set(q='ü&', tag=[], page=None)
    query.set(q='ü&')
    assert written == ['/things?q=%C3%BC%26']


@pytest.mark.parametrize(
    ('text', 'number'), [('', 1), ('x', 1), ('-4', 1), ('²', 1), ('0', 1), ('9' * 50, 1), ('7', 7)]
)
def test_a_number_from_the_query_is_within_its_limits(text: str, number: int) -> None:
    assert Query(f'/things?page={text}', lambda _: None).number('page', 1, highest=100) == number


def test_a_query_of_thousands_of_names_is_ignored() -> None:
    query = Query('/things?' + '&'.join(f'n{i}=1' for i in range(500)), lambda _: None)
    assert query.names() == []


# ------------------------------------------------------------------------------------------------ look


def test_a_department_may_have_a_colour_that_white_text_can_be_read_on() -> None:
    assert theme.check_brand(' #0B6E6E ') == '#0b6e6e'
    with pytest.raises(Invalid, match='contrast of 1'):
        theme.check_brand('#ffcc00')
    for nonsense in ('', 'red', '#12345', '#12345g', '#0b6e6e;}'):
        with pytest.raises(Invalid, match='six digits'):
            theme.check_brand(nonsense)


def test_contrast_is_what_wcag_says() -> None:
    assert theme.contrast('#000000', '#ffffff') == pytest.approx(21)
    assert theme.contrast('#777777', '#ffffff') == pytest.approx(4.48, abs=0.01)


def test_assets_have_lasting_addresses() -> None:
    assert theme.asset('logbook.css') == f'/assets/{theme.assets_digest()}/logbook.css'
    assert f'"{theme.asset("theme.js")}"' in theme.head()


@pytest.mark.parametrize(
    ('name', 'kind'),
    [
        ('logbook.css', 'text/css; charset=utf-8'), ('theme.js', 'text/javascript; charset=utf-8'),
        ('icon.svg', 'image/svg+xml; charset=utf-8'), ('app.webmanifest', 'application/manifest+json'),
    ],
)  # fmt: skip
async def test_an_asset_says_what_it_is_and_how_it_is_encoded(name: str, kind: str) -> None:
    request = Request({'type': 'http', 'headers': []})
    assert (await theme.serve(theme.assets_digest(), name, request)).headers['content-type'] == kind


@pytest.mark.parametrize('name', ['', '.', 'fonts', 'languages/', '../theme.py', '/etc/passwd', 'gone.css'])
async def test_no_folder_is_listed_and_nothing_beside_the_assets_is_handed_out(name: str) -> None:
    with pytest.raises(NotFound):
        await theme.serve(theme.assets_digest(), name, Request({'type': 'http', 'headers': []}))


async def test_the_offline_page_and_pushes_are_worded_in_the_language_of_the_worker() -> None:
    english, longer, mirrored = [
        (await theme.service_worker(language)).body.decode() for language in ('en', LONGER, MIRRORED)
    ]
    nobody = (await theme.service_worker('";alert(1)//')).body.decode()
    assert nobody == english
    assert '"heading": "Logbook cannot be reached"' in english
    for sentence in ('Logbook cannot be', 'Try now', 'a new notice', 'Offline'):
        assert (sentence in english, sentence in longer) == (True, False)
    assert ('"direction": "ltr"' in longer, '"direction": "rtl"' in mirrored) == (True, True)
    assert '/* SAID */' not in english


# ------------------------------------------------------------------------------------------------ overview


async def test_what_the_frame_shows_is_read_once_until_something_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def unread(actor: Actor) -> int:
        asked.append(actor.name)
        return len(asked)

    here, elsewhere = uuid4(), uuid4()
    monkeypatch.setattr(overview, 'sources', Sources(unread=unread))
    kept = overview.Kept()
    ann = replace(somebody(SEE), organization_id=here, account_id=uuid4())
    assert [(await kept.get(ann)).unread, (await kept.get(ann)).unread] == [1, 1]
    hub.publish([Change(elsewhere, 'Notice'), Change(here, 'Member')])
    assert (await kept.get(ann)).unread == 1
    hub.publish([Change(here, 'Notice')])
    assert (await kept.get(ann)).unread == 2
    assert (await kept.get(replace(ann, permissions=frozenset()))).unread == 3
    hub.publish([Change(None, 'Account')])
    assert (await kept.get(ann)).unread == 4


async def test_a_change_while_the_frame_is_read_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    here, numbers = uuid4(), iter(range(1, 9))

    async def unread(actor: Actor) -> int:
        number = next(numbers)
        if number == 1:
            hub.publish([Change(here, 'Notice')])
        return number

    monkeypatch.setattr(overview, 'sources', Sources(unread=unread))
    kept = overview.Kept()
    ann = replace(somebody(SEE), organization_id=here, account_id=uuid4())
    assert [(await kept.get(ann)).unread for _ in range(3)] == [1, 2, 2]
