"""Sign-in for programs: tokens, passwords, and who one is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr
from starlette.responses import JSONResponse, Response

from data.organizations import OrganizationKind
from data.organizations import Registration as RegistrationSetting
from logic import organizations, setup
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Denied
from logic.core.language import _
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import api_tokens, invitations, resets, sessions
from logic.identity.sign_in import account_row
from ui.api.callers import Caller
from ui.api.models import Given, Shown, merged
from ui.api.routing import PEOPLE, get, post

Secret = Annotated[SecretStr, Field(min_length=1, max_length=1024)]
EMAIL = {'examples': ['elena@example.org'], 'max_length': 254}


class Login(Given):
    """What signs a program in."""

    email: Annotated[str, Field(**EMAIL)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=1024, examples=['correct horse battery staple'])]
    code: Annotated[str | None, Field(max_length=60, description='Of the authenticator app, or a recovery code.')] = (
        None
    )


class Tokens(Shown):
    """What proves afterwards who calls."""

    access_token: str
    refresh_token: str
    token_type: Annotated[str, Field(examples=['Bearer'])]
    expires_in: Annotated[int, Field(description='Seconds until the access token ends.', examples=[900])]


class Department(Given):
    """A department, made by its owner."""

    name: Annotated[str, Field(max_length=120, examples=['Riverside Fire'])]
    kind: OrganizationKind = OrganizationKind.FIRE
    zone: Annotated[str, Field(max_length=60, examples=['America/New_York'])] = 'America/New_York'
    people_word: Annotated[str, Field(max_length=20)] = 'Members'


class Registration(Given):
    """An account by an invitation, or a department with its owner by the link for it."""

    invitation: Annotated[str | None, Field(max_length=200, description='The token of an invitation link.')] = None
    setup_token: Annotated[
        str | None, Field(max_length=200, description='The token of a link with which a department is made.')
    ] = None
    organization: Department | None = None
    first_name: Annotated[str, Field(max_length=80)] = ''
    last_name: Annotated[str, Field(max_length=80)] = ''
    email: Annotated[str, Field(**EMAIL)] = ''
    password: Secret


class Refresh(Given):
    """A refresh token."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=200)]


class ResetRequest(Given):
    """Whose password shall be chosen anew."""

    email: Annotated[str, Field(min_length=3, **EMAIL)]


class ResetConfirmation(Given):
    """A new password, with the token of the link."""

    token: Annotated[str, Field(min_length=1, max_length=200)]
    new_password: Secret


class Me(Shown):
    """Who calls, and what he may."""

    kind: ActorKind
    name: str
    email: str | None
    account_id: UUID | None
    member_id: UUID | None
    organization_id: UUID | None
    organization_name: str | None
    permissions: list[str]
    modules_off: list[str]
    zone: str
    locale: str
    method: str
    authenticated_at: datetime | None


@post('/auth/register', permission=PUBLIC, status_code=201, response_model=Tokens)
async def register(caller: Caller, given: Registration) -> object:
    """Make an account by an invitation, or a department by the link for it; answers tokens for it.

    Where everybody may make a department, one without a token has the link sent to the address: the answer is 202.
    """
    password = given.password.get_secret_value()
    if given.invitation:
        return await _accept(caller, given.invitation, password)
    if given.setup_token and given.organization:
        owner = {'first_name': given.first_name, 'last_name': given.last_name, 'email': given.email}
        answers = setup.SetupInput(
            organization=merged(organizations.OrganizationInput, {}, given.organization.model_dump()),
            owner=merged(setup.OwnerInput, owner, {'password': given.password}),
            modules_off=setup.preset_modules_off(given.organization.kind),
        )
        await setup.set_up(caller, given.setup_token, answers)
        return await api_tokens.log_in(caller, given.email, password)
    if given.organization and given.email and await setup.registration(caller) is RegistrationSetting.OPEN:
        await setup.ask_for_founding(caller, given.email)
        return JSONResponse({'detail': _('A link is on its way to this address.')}, 202)
    if await setup.is_set_up(caller):
        raise Denied('Accounts are made by invitation here. Ask an administrator of your department for one.')
    raise Denied('This Logbook is not set up. Send the token of the setup link, which is printed where it was started.')


async def _accept(visitor: Actor, invitation: str, password: str) -> api_tokens.TokenPair:
    info = await invitations.read_invitation(visitor, invitation)
    done = await invitations.accept_invitation(visitor, invitation, password)
    if done.session is not None:  # that of a browser; a program gets one of its own
        await sessions.sign_out(await sessions.actor_for(done.session.token))
    return await api_tokens.log_in(visitor, info.email, password)


@post('/auth/login', permission=PUBLIC, response_model=Tokens)
async def login(caller: Caller, given: Login) -> object:
    """Sign in. An account with a second factor sends its code too; without it the answer is 401 and names `code`."""
    return await api_tokens.log_in(caller, given.email, given.password.get_secret_value(), given.code)


@post('/auth/refresh-token', permission=PUBLIC, response_model=Tokens)
async def refresh_token(caller: Caller, given: Refresh) -> object:
    """Replace a refresh token. A token that is used twice ends the whole session: somebody has stolen it."""
    return await api_tokens.refresh_tokens(caller, given.refresh_token)


@post('/auth/logout', permission=PEOPLE, status_code=204)
async def logout(caller: Caller) -> Response:
    """End the session; its tokens are worth nothing from then on."""
    await sessions.sign_out(caller)
    return Response(status_code=204)


@get('/auth/me', permission=SIGNED_IN, response_model=Me)
async def me(caller: Caller) -> object:
    """Tell who calls, where, and with which permissions."""
    organization = await organizations.get_organization(caller)
    account = await account_row(Actor.system(), caller.account_id) if caller.account_id else None
    names = ('kind', 'name', 'account_id', 'member_id', 'zone', 'locale', 'method', 'authenticated_at')
    return {
        **{name: getattr(caller, name) for name in names},
        'email': account.email if account else None,
        'organization_id': organization.id,
        'organization_name': organization.name,
        'permissions': sorted(caller.permissions),
        'modules_off': sorted(caller.modules_off),
    }


@post('/auth/password-reset/request', permission=PUBLIC, status_code=202)
async def request_reset(caller: Caller, given: ResetRequest) -> dict[str, str]:
    """Have a link sent. The answer is the same whether there is an account or not."""
    await resets.ask_for_reset(caller, given.email)
    return {'detail': _('If this address has an account, a link is on its way to it.')}


@post('/auth/password-reset/confirm', permission=PUBLIC, status_code=204)
async def confirm_reset(caller: Caller, given: ResetConfirmation) -> Response:
    """Set a new password. Every session of the account ends; nobody is signed in by it."""
    await resets.reset_password(caller, given.token, given.new_password.get_secret_value())
    return Response(status_code=204)
