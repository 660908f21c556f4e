"""The second factor of one's own account."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr
from starlette.responses import Response

from logic.identity import mfa
from ui.api.callers import Caller
from ui.api.models import Given, Shown
from ui.api.routing import PEOPLE, get, post


class PasskeyItem(Shown):
    """A passkey."""

    id: UUID
    label: str
    created_at: datetime
    last_used_at: datetime | None


class Factors(Shown):
    """What the account has as second factors."""

    totp_since: datetime | None
    passkeys: list[PasskeyItem]
    recovery_codes_left: int
    is_required: bool


class Enrolment(Shown):
    """What an authenticator app needs; shown now and never again."""

    secret: str
    address: Annotated[str, Field(description='The `otpauth://` address that a QR code holds.')]
    qr_svg: str


class Code(Given):
    """A code of the app."""

    code: Annotated[str, Field(min_length=6, max_length=60, examples=['123456'])]


class Password(Given):
    """The present password."""

    password: Annotated[SecretStr, Field(min_length=1, max_length=1024)]


class RecoveryCodes(Shown):
    """Ten codes, each good for one sign-in; shown now and never again."""

    recovery_codes: list[str]


@get('/auth/mfa', permission=PEOPLE, response_model=Factors)
async def show_factors(caller: Caller) -> object:
    """Tell which second factors the account has."""
    return await mfa.my_second_factors(caller)


@post('/auth/mfa/enrol', permission=PEOPLE, response_model=Enrolment)
async def enrol(caller: Caller) -> object:
    """Begin to set up an authenticator app. It is in force once `confirm` has taken a code of it."""
    return await mfa.begin_own_totp(caller)


@post('/auth/mfa/confirm', permission=PEOPLE, response_model=RecoveryCodes)
async def confirm(caller: Caller, given: Code) -> object:
    """Put the app in force by a code of it; answers the recovery codes. Other sessions end."""
    return {'recovery_codes': await mfa.confirm_totp(caller, given.code)}


@post('/auth/mfa/recovery-codes', permission=PEOPLE, response_model=RecoveryCodes)
async def renew_codes(caller: Caller) -> object:
    """Make new recovery codes; the old ones are worth nothing."""
    return {'recovery_codes': await mfa.renew_own_codes(caller)}


@post('/auth/mfa/disable', permission=PEOPLE, status_code=204)
async def disable(caller: Caller, given: Password) -> Response:
    """Remove the authenticator app, unless the department requires it and it is the last factor."""
    await mfa.remove_totp(caller, given.password.get_secret_value())
    return Response(status_code=204)
