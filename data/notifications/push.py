"""Browsers that get pushes."""

from datetime import datetime
from uuid import UUID

from data.core import Model, instant, long_text, reference, text


class PushSubscription(Model, table=True):
    """A browser of an account that shows our notices; its address is one that only we and its push service know."""

    account_id: UUID = reference('account.id')
    organization_id: UUID = reference('organization.id')
    endpoint_hash: str = text(64, unique=True)
    """SHA-256 of the address."""
    endpoint: str = long_text()
    public_key: str = text(120)
    """The browser's P-256 key, in base64url."""
    secret: str = text(40)
    """What the browser shares with us, in base64url."""
    device: str = text(120, default='')
    last_used_at: datetime | None = instant(default=None)
    failures: int = 0
    """How often in a row its push service did not take a message."""
