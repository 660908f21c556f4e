"""Days that a person types in forms of tasks: what is centuries away is said beside its field."""

from datetime import UTC, date, datetime

import pytest
from pydantic import BaseModel, ValidationError

from logic.tasks import TaskBulkAction
from ui.api.tasks_templates import FromTemplate
from ui.pages.tasks.adding import TaskForm
from ui.pages.tasks.many_form import ManyForm
from ui.pages.tasks.task.facts import TaskFacts
from ui.pages.tasks.task.reminding import AT, ReminderForm
from ui.pages.tasks.task.repeating import RepeatForm
from ui.pages.tasks.task.timing import DueForm
from ui.pages.tasks.templates import FromTemplateForm


@pytest.mark.parametrize('year', [26, 9999])
@pytest.mark.parametrize(
    ('form', 'field', 'beside'),
    [
        (TaskForm, 'due_on', {'title': 'Check hose'}), (DueForm, 'due_on', {}), (TaskFacts, 'due', {}),
        (TaskFacts, 'start', {}), (ManyForm, 'due', {'action': TaskBulkAction.DUE}), (ReminderForm, 'at', {'when': AT}),
        (RepeatForm, 'until', {}), (FromTemplateForm, 'begins_on', {'title': 'Fair'}),
        (FromTemplate, 'begins_on', {'title': 'Fair'}),
    ],
)  # fmt: skip
def test_a_year_that_is_half_typed_is_said_beside_its_field(
    form: type[BaseModel], field: str, beside: dict[str, str], year: int
) -> None:
    far = datetime(year, 12, 31, tzinfo=UTC) if form is ReminderForm else date(year, 12, 31)
    with pytest.raises(ValidationError, match='1970 and 2199') as refused:
        form.model_validate({**beside, field: far})
    assert [error['loc'] for error in refused.value.errors()] == [(field,)]
