"""The values of the department's own fields on people: each with the level of privacy of its field."""

from uuid import UUID

from data.custom_fields import CustomField
from logic.core.errors import Denied
from logic.core.language import _
from logic.core.service import service
from logic.core.work import Work
from logic.custom_fields import put_values
from logic.members.domain import VIEW
from logic.members.visibility import Level, sight, visible_member


@service(VIEW)
async def set_custom_values(work: Work, member_id: UUID, values: dict[UUID, str | None]) -> None:
    """Write fields of a person; None or empty text takes a value away. Raises Denied, and Invalid by field id."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)

    def allow(field: CustomField) -> None:
        if not seen.may_edit_level(Level.PRIVATE if field.is_private else Level.FILE, member_id):
            raise Denied(_('You may not change {field} of {name}.', field=field.name, name=member.name))

    await put_values(work, 'Member', member_id, values, allow)
    await work.flush()
