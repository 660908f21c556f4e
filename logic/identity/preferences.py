"""What an account chose for itself: how the screens look, and the language that they speak."""

from functools import partial
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data.identity import Account, Theme, Tip
from logic.core.language import CHOICES, _, later
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.identity.sessions import forget_session


def check_locale(locale: str) -> str:
    """Return a language that Logbook speaks, or '' for that of the department. Raises ValueError."""
    if locale and locale not in CHOICES:
        raise ValueError(_('Choose one of the list.'))
    return locale


class LanguageInput(BaseModel):
    """The language of one account."""

    model_config = ConfigDict(extra='forbid')

    locale: Annotated[str, Field(title=later('Language'), max_length=20), AfterValidator(check_locale)] = ''


@query(SIGNED_IN)
async def my_theme(work: Work) -> str:
    """Return 'light', 'dark', 'system', or '' for a caller without an account."""
    account = await work.find(Account, work.actor.account_id)
    return account.theme.value if account is not None else ''


@service(SIGNED_IN)
async def choose_theme(work: Work, theme: Theme) -> None:
    """Remember how the screens look for the actor's account, on all his devices."""
    account = await work.get(Account, work.actor.account_id)
    account.theme = theme


@query(SIGNED_IN)
async def my_language(work: Work) -> LanguageInput:
    """Return the language that the actor's account chose; '' follows the department."""
    account = await work.find(Account, work.actor.account_id)
    return LanguageInput(locale=account.locale if account is not None and account.locale in CHOICES else '')


@service(SIGNED_IN)
async def choose_language(work: Work, data: LanguageInput) -> None:
    """Speak this language to the actor's account from its next page on; mails and notices follow too."""
    account = await work.get(Account, work.actor.account_id)
    account.locale = data.locale
    if work.actor.session_id is not None:
        work.afterwards(partial(forget_session, work.actor.session_id))


@query(SIGNED_IN)
async def tips_to_show(work: Work) -> list[Tip]:
    """Return the tips that the actor's account has not seen yet."""
    account = await work.find(Account, work.actor.account_id)
    return [tip for tip in Tip if tip not in account.tips_seen.split()] if account is not None else []


@service(SIGNED_IN)
async def see_tip(work: Work, tip: Tip) -> None:
    """Never show a tip to the actor's account again."""
    account = await work.get(Account, work.actor.account_id)
    seen = account.tips_seen.split()
    if tip not in seen:
        account.tips_seen = ' '.join([*seen, tip])


@query(SIGNED_IN)
async def my_email(work: Work) -> str:
    """Return the address with which the actor signs in; '' for a caller without an account."""
    account = await work.find(Account, work.actor.account_id)
    return account.email if account is not None else ''
