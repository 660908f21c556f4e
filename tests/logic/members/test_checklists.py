"""Checklists of joining and leaving: kept by their templates, item by item."""

import pytest

from data.members import ChecklistKind, ItemOwner
from logic import members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, NotFound
from logic.members import Template, TemplateInput, TemplateItemInput


async def joining(chief: Actor) -> Template:
    template = (await members.list_templates(chief, ChecklistKind.JOINING))[0]
    return await members.get_template(chief, template.id)


def given(template: Template, *items: TemplateItemInput) -> TemplateInput:
    return TemplateInput(kind=template.kind, name=template.name, items=items)


def as_input(template: Template) -> list[TemplateItemInput]:
    names = TemplateItemInput.model_fields
    return [TemplateItemInput(**{name: getattr(item, name) for name in names}) for item in template.items]


async def test_items_are_changed_moved_added_and_removed_and_those_that_stay_keep_their_ids(chief: Actor) -> None:
    before = await joining(chief)
    first, second, *_, last = as_input(before)
    changed = first.model_copy(update={'title': 'Tour of the house', 'day_offset': -1})
    new = TemplateItemInput(title='Order a jacket', owner=ItemOwner.MANAGER)
    await members.update_template(chief, before.id, given(before, second, changed, last, new), before.version)
    after = await joining(chief)
    assert [item.title for item in after.items] == [second.title, 'Tour of the house', last.title, 'Order a jacket']
    assert [item.id for item in after.items[:3]] == [second.id, first.id, last.id]
    assert after.items[1].day_offset == -1


async def test_who_read_an_older_checklist_does_not_overwrite_a_newer_one(chief: Actor) -> None:
    old = await joining(chief)
    await members.update_template(chief, old.id, given(old, *as_input(old)[1:]), old.version)
    with pytest.raises(Conflict, match='changed'):
        await members.update_template(chief, old.id, given(old, *as_input(old)), old.version)
    newer = await joining(chief)
    with pytest.raises(Conflict, match='meanwhile'):
        await members.update_template(chief, old.id, given(old, *as_input(old)), newer.version)
    assert len((await joining(chief)).items) == len(old.items) - 1


async def test_what_runs_already_stays_when_its_checklist_changes(chief: Actor) -> None:
    template = await joining(chief)
    assert chief.member_id is not None
    today = (await members.get_member(chief, chief.member_id)).status_since_on
    await members.start_checklist(chief, chief.member_id, template.id, today)
    await members.update_template(chief, template.id, given(template))
    assert len(await members.list_checklist(chief, chief.member_id)) == len(template.items)


async def test_checklists_are_kept_by_those_who_may_and_only_in_their_own_department(
    chief: Actor, member: Actor, stranger: Actor
) -> None:
    template = await joining(chief)
    with pytest.raises(Denied):
        await members.get_template(member, template.id)
    with pytest.raises(NotFound):
        await members.get_template(stranger, template.id)
