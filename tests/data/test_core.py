"""Rows begin as SQLModel would have them begin, though it is not asked."""

from typing import Any

import pytest
from sqlmodel import SQLModel

import data  # noqa: F401  makes every table known
from data.core import Model
from data.organizations import Organization

TABLES = sorted(
    (mapper.class_ for mapper in SQLModel._sa_registry.mappers if issubclass(mapper.class_, Model)),
    key=lambda kind: str(kind.__name__),
)


def _plain(row: Model) -> dict[str, Any]:
    """Return the values of a row, of what is made anew for each row only the kind."""
    made = {name for name, field in type(row).__pydantic_fields__.items() if field.default_factory is not None}
    values = {name: value for name, value in row.__dict__.items() if name != '_sa_instance_state'}
    return {name: type(value) if name in made else value for name, value in values.items()}


@pytest.mark.parametrize('kind', TABLES)
def test_a_row_begins_with_what_sqlmodel_would_give_it(kind: type[Model]) -> None:
    ours, theirs = kind(version=7), kind()
    for name in _plain(theirs):
        theirs.__dict__.pop(name)
    SQLModel.__init__(theirs, version=7)
    assert _plain(ours) == _plain(theirs)
    assert ours.version == 7
    assert ours.model_fields_set == theirs.model_fields_set == {'version'}
    assert not kind.__sqlmodel_relationships__, 'of these it would take nothing'


def test_two_rows_share_no_value_that_can_be_changed() -> None:
    one, other = Organization(), Organization()
    assert one.settings == other.settings
    assert one.settings is not other.settings


def test_a_value_that_is_no_field_is_left_out() -> None:
    assert 'shoe_size' not in Organization(shoe_size=44).__dict__
