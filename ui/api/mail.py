"""E-mail: what a mail server reports of mails that came back, handed on by a program beside it."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from data.notifications import MailStatus
from logic import mail
from ui.api.callers import CallerOnce
from ui.api.models import Shown
from ui.api.routing import post, secured


class BouncedItem(Shown):
    """The mail that a report is about."""

    id: UUID
    recipient: str
    subject: str
    status: MailStatus
    error: Annotated[str, Field(description='What the mail server said.')]


REPORT = {
    'requestBody': {
        'required': True,
        'content': {'message/rfc822': {'schema': {'type': 'string', 'format': 'binary'}}},
    }
}


@post('/mail/bounces', permission=mail.MANAGE, response_model=BouncedItem, openapi_extra=REPORT | secured(mail.MANAGE))
async def note_bounce(caller: CallerOnce, request: Request) -> object:
    """Hand in a report that a mail of Logbook came back (RFC 3464), as the mail server wrote it, whole.

    A pipe in the mail server does it: `curl --data-binary @- -H "Authorization: Bearer KEY" .../api/v1/mail/bounces`.
    The mail is known by the id in the report, of which the first 64 kB are read; to an address that is none, your
    department sends nothing any more.
    """
    return await mail.note_bounce(caller, await mail.read_report(await request.body()))
