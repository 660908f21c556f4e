"""What an account chose for itself: how the screens look."""

from data.identity import Account, Theme
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work


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
async def my_email(work: Work) -> str:
    """Return the address with which the actor signs in; '' for a caller without an account."""
    account = await work.find(Account, work.actor.account_id)
    return account.email if account is not None else ''
