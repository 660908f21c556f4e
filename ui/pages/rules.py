"""The department's rules: second factors, who sees whose contacts, how numbers look."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from data.organizations import PeerContact
from logic import organizations
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.organizations import MANAGE
from ui.components import Card, Form, toast
from ui.pages.settings import settings_head
from ui.shell import page


class RulesInput(BaseModel):
    """What the department demands at sign-in and shows of people."""

    model_config = ConfigDict(extra='forbid')

    require_mfa_for_administrators: Annotated[
        bool,
        Field(
            title=later('Administrators need a second factor'),
            description=later('Whoever can change access or settings.'),
        ),
    ] = True
    require_mfa: Annotated[bool, Field(title=later('Everybody needs a second factor'))] = False
    show_peer_contacts: Annotated[
        frozenset[PeerContact],
        Field(
            title=later('What members see of each other'),
            description=later('Each person can still hide their own. Home addresses are not shown to colleagues.'),
        ),
    ] = frozenset()


class NumbersInput(BaseModel):
    """How new member numbers look."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    member_number_prefix: Annotated[str, Field(title=later('Prefix'), max_length=10, pattern=r'^[A-Za-z0-9\-]*$')] = ''
    member_number_digits: Annotated[
        int, Field(title=later('Digits'), ge=1, le=8, description=later('Shorter numbers are filled with zeros.'))
    ] = 4


@page('/settings/rules', 'Sign-in rules', MANAGE)
async def rules(actor: Actor) -> None:
    """Second factors, and who sees whose contacts."""

    def place(form: Form[Any]) -> None:
        form.checkbox('require_mfa_for_administrators')
        form.checkbox('require_mfa')
        form.checks('show_peer_contacts', [(one, one.label) for one in PeerContact])

    await _settings_form(
        actor, RulesInput, _('Sign-in rules'), _('A weaker rule than the proposed one is recorded in the audit log.'),
        place,
    )  # fmt: skip


@page('/settings/numbers', 'Member numbers', MANAGE)
async def numbers(actor: Actor) -> None:
    """How new member numbers look."""

    def place(form: Form[Any]) -> None:
        form.text('member_number_prefix', span=6)
        form.number('member_number_digits', span=6)

    await _settings_form(
        actor, NumbersInput, _('Member numbers'), _('For members who join from now on; the others keep theirs.'),
        place,
    )  # fmt: skip


async def _settings_form(
    actor: Actor, model: type[BaseModel], title: str, text: str, fields: Callable[[Form[Any]], None]
) -> None:
    organization = await organizations.get_organization(actor)

    async def save(actor: Actor, data: BaseModel) -> None:
        await organizations.change_settings(actor, **data.model_dump())
        toast(_('Saved.'))

    settings_head(title, text)
    with Card():
        fields(Form(model, save, value=organization.settings))
