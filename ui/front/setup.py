"""The first run in the browser: department, owner, modules; three screens, and the owner is signed in."""

from typing import Any

from fastapi import Request
from pydantic import SecretStr
from starlette.responses import Response

from data.organizations import OrganizationKind, Registration
from logic import demo, organizations, setup
from logic.core.actor import Actor
from logic.core.domain import Domain, domains
from logic.core.errors import AppError, Denied
from logic.core.language import _, current_locale, later
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import sessions
from logic.identity.passwords import password_rules
from ui.front import cookies, tokens
from ui.front.forms import Form, check_session_token, form, own_form, read, validated
from ui.front.routes import get, post
from ui.front.screens import draw, go
from ui.front.visitors import person_of, sign_in_with_password, visitor_of, why_no_passkeys
from ui.front.zones import country_of, zone_choices, zone_of

SEALED_SECONDS = 30 * 60
MODULES = '/setup/modules'
FACTORS = {'app': '/security/authenticator', 'passkey': '/security/passkey'}
"""Where the owner goes next with the second factor that he chose."""
KINDS = (
    (OrganizationKind.FIRE, later('Fire department'), later('Career, volunteer or combination')),
    (OrganizationKind.EMS, later('EMS or rescue squad'), later('Ambulance, paramedics, rescue')),
    (OrganizationKind.COMBINED, later('Fire and EMS'), later('Both under one roof')),
    (OrganizationKind.CLINIC, later('Clinic or practice'), later('Health care with staff and shifts')),
    (OrganizationKind.MUNICIPAL, later('Town office'), later('Public works, administration')),
    (OrganizationKind.OTHER, later('Something else'), later('Any team that keeps records')),
)
LATER = later('This Logbook waits to be set up')
NEW = '/new-department'
USED = later('This setup link was used or has expired')


def _carried(request: Request) -> dict[str, Any]:
    return tokens.unseal(cookies.SETUP, cookies.read(request, cookies.SETUP))


def _carry(request: Request, response: Response, facts: dict[str, Any]) -> Response:
    cookies.put(request, response, cookies.SETUP, tokens.seal(cookies.SETUP, facts, seconds=SEALED_SECONDS))
    return response


async def _closed(request: Request, *, had_link: bool) -> Response:
    """Say why setup does not go on; on a Logbook that stands, lead to sign-in."""
    if await setup.is_set_up(visitor_of(request)):
        return go(request, '/sign-in')
    title = str(USED if had_link else LATER)
    message = _('It is set up with a link that only who started it can see, so that nobody else gets there first.')
    return draw(request, 'setup_closed.html', status=403 if had_link else 200, title=title, message=message)


async def _has_link(request: Request, carried: dict[str, Any]) -> bool:
    return bool(carried) and await setup.check_setup_link(visitor_of(request), carried['link'])


# ------------------------------------------------------------------------------------------------ 1 department


@get('/setup', PUBLIC)
async def department_screen(request: Request) -> Response:
    """Take the link's token out of the address at once, then show the first screen."""
    given = request.query_params.get('token')
    if given is not None:
        if not await setup.check_setup_link(visitor_of(request), given[:200]):
            return await _closed(request, had_link=True)
        return _carry(request, go(request, '/setup'), {'link': given})
    carried = _carried(request)
    if not await _has_link(request, carried):
        return await _closed(request, had_link=bool(carried))
    if (await setup.founder_of(visitor_of(request), carried['link'])).has_account:
        return go(request, NEW)
    return await _department(request, Form(dict(carried.get('department', {}))))


async def _department(request: Request, typed: Form, *, subject: str = '') -> Response:
    action = NEW if subject else '/setup'
    return draw(
        request, 'setup_department.html', form=typed, kinds=KINDS, subject=subject, action=action,
        zones=zone_choices(), guessed=zone_of(request.headers.get('accept-language')),
    )  # fmt: skip


def _typed(typed: Form) -> dict[str, str]:
    return {name: typed.value(name) for name in ('name', 'kind', 'zone', 'people_word')}


@post('/setup', PUBLIC)
@form(_department)
async def send_department(request: Request, typed: Form) -> Response:
    """Keep the department for the last step; it is made together with its owner."""
    carried = _carried(request)
    if not await _has_link(request, carried):
        return await _closed(request, had_link=True)
    department = _typed(typed)
    validated(organizations.OrganizationInput, **department)
    return _carry(request, go(request, '/setup/owner'), {**carried, 'department': department})


def _made_of(department: dict[str, str]) -> organizations.OrganizationInput:
    country = country_of(department['zone'])
    return validated(organizations.OrganizationInput, **department, country=country, locale=current_locale())


# ------------------------------------------------------------------------------------------------ 2 owner


@get('/setup/owner', PUBLIC)
async def owner_screen(request: Request) -> Response:
    """Show the second screen."""
    carried = _carried(request)
    if not await _has_link(request, carried):
        return await _closed(request, had_link=bool(carried))
    if 'department' not in carried:
        return go(request, '/setup')
    return await _owner(request, Form())


async def _owner(request: Request, typed: Form) -> Response:
    carried = _carried(request)
    department = carried.get('department', {})
    founder = await setup.founder_of(visitor_of(request), carried.get('link', ''))
    if founder.email:
        typed.values['email'] = founder.email
    return draw(
        request, 'setup_owner.html', form=typed, is_given=bool(founder.email),
        department=department.get('name', _('the department')), rules=password_rules(with_mfa=False),
        passkey_reason=why_no_passkeys(request),
    )  # fmt: skip


@post('/setup/owner', PUBLIC)
@form(_owner)
async def send_owner(request: Request, typed: Form) -> Response:
    """Make the department with its owner, sign the owner in, and lead to the second factor if he chose one.

    The link is used up.
    """
    carried = _carried(request)
    if not carried or 'department' not in carried:
        return await _closed(request, had_link=True)
    department = carried['department']
    about = _made_of(department)
    names = {name: typed.value(name) for name in ('first_name', 'last_name', 'email')}
    password = typed.secret('password')
    owner = validated(setup.OwnerInput, **names, password=SecretStr(password) if password else None)
    answers = setup.SetupInput(organization=about, owner=owner, modules_off=setup.preset_modules_off(about.kind))
    await setup.set_up(visitor_of(request), carried['link'], answers)
    factor = FACTORS.get(typed.value('factor'))
    target = f'{factor}?next={MODULES}' if factor else MODULES
    response = await sign_in_with_password(request, owner.email, password, target)
    cookies.take(request, response, cookies.SETUP)
    return response


# ------------------------------------------------------------------------------------------------ 3 modules


def _switchable() -> list[Domain]:
    return [one for one in domains.values() if one.switchable]


def _groups(modules_off: frozenset[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in _switchable():
        facts = {
            'name': one.name,
            'title': one.title,
            'description': one.description,
            'on': one.name not in modules_off,
        }
        groups.setdefault(_(one.group) or _('More'), []).append(facts)
    return list(groups.items())


async def _modules(request: Request, typed: Form, actor: Actor | None = None) -> Response:
    actor = actor or await person_of(request)
    organization = await organizations.get_organization(actor)
    return draw(
        request, 'setup_modules.html', form=typed, subject=tokens.session_subject(actor.session_id),
        department=organization.name, groups=_groups(organization.settings.modules_off),
    )  # fmt: skip


@get(MODULES, SIGNED_IN)
async def modules_screen(request: Request) -> Response:
    """Show the third screen."""
    return await _modules(request, Form())


@post(MODULES, organizations.MANAGE)
async def send_modules(request: Request) -> Response:
    """Switch modules on and off, load sample data when asked, and open the home page."""
    actor, typed = await person_of(request), await read(request)
    try:
        check_session_token(typed, actor.session_id)
        off = frozenset(one.name for one in _switchable() if not typed.value(f'module.{one.name}'))
        await organizations.change_settings(actor, modules_off=off, setup_open=False)
        if typed.value('samples'):
            await demo.load_sample_data(actor)
    except AppError as error:
        return await _modules(request, typed.refused(error), actor)
    return go(request, '/')


# ------------------------------------------------------------------------------------------------ another department


async def _another(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    if not await _has_link(request, _carried(request)) and not await setup.may_found(actor):
        raise Denied(_('Departments are made by invitation here. Ask whoever runs this Logbook.'))
    return await _department(request, typed, subject=tokens.session_subject(actor.session_id))


@get(NEW, SIGNED_IN)
async def another_screen(request: Request) -> Response:
    """Ask what the other department is called."""
    return await _another(request, Form())


@post(NEW, SIGNED_IN)
@own_form(_another)
async def send_another(request: Request, typed: Form, actor: Actor) -> Response:
    """Make another department with the account that is signed in, and go on there."""
    carried = _carried(request)
    link = carried['link'] if await _has_link(request, carried) else ''
    made = await setup.found_another(actor, _made_of(_typed(typed)), link)
    await sessions.switch_organization(actor, made)
    response = go(request, '/')
    cookies.take(request, response, cookies.SETUP)
    return response


async def _register(request: Request, typed: Form, *, sent: bool = False) -> Response:
    if await setup.registration(visitor_of(request)) is not Registration.OPEN:
        raise Denied(_('Departments are made by invitation here. Ask whoever runs this Logbook.'))
    return draw(request, 'register.html', form=typed, sent=sent)


@get('/register', PUBLIC)
async def register_screen(request: Request) -> Response:
    """Ask for the address to which the link to a department is sent, where everybody may make one."""
    return await _register(request, Form())


@post('/register', PUBLIC)
@form(_register)
async def send_register(request: Request, typed: Form) -> Response:
    """Have the link sent; the answer is the same for every address."""
    await setup.ask_for_founding(visitor_of(request), typed.value('email'))
    return await _register(request, Form(), sent=True)


# The last: it would take the paths of the screens above.
@get('/setup/{link}', PUBLIC)
async def open_link(request: Request) -> Response:
    """Take the link's token out of the address at once; the link is printed in this form."""
    given = request.path_params['link']
    if not await setup.check_setup_link(visitor_of(request), given[:200]):
        return await _closed(request, had_link=True)
    return _carry(request, go(request, '/setup'), {'link': given})
