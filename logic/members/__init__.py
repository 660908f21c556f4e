"""People: the directory, and each person's file."""

from data.members import MemberStatus
from logic.members.batches import BatchResult, BatchRow, Refusal, list_batches, undo_batch
from logic.members.custom_fields import (
    CustomFieldInput,
    add_custom_field,
    archive_custom_field,
    list_custom_fields,
    set_custom_values,
    update_custom_field,
)
from logic.members.directory import Facet, Label, MemberRow, list_facets, list_members, matching_ids
from logic.members.domain import (
    MemberAdded,
    MemberAnonymised,
    MemberArchived,
    MemberLeft,
    MemberReturned,
    MembersMerged,
    MemberStatusChanged,
    domain,
)
from logic.members.figures import Figures, OrgChart, org_chart, people_figures
from logic.members.inputs import JobInput, MemberInput, ProfileInput
from logic.members.job_changes import JobRow, change_job, correct_job_change, list_job_changes, remove_job_change
from logic.members.person import PersonView, PrivateData, get_member, get_own, service_length, view_private_data
from logic.members.profile import Duplicate, add_member, find_duplicates, update_member
from logic.members.statuses import ALLOWED, StatusRow, change_status, list_status_changes
from logic.members.tags import TagInput, add_tag, list_tags, remove_tag, set_tags, update_tag
from logic.members.visibility import Level, Sight, sight, visible_member

__all__ = [
    'ALLOWED', 'BatchResult', 'BatchRow', 'CustomFieldInput', 'Duplicate', 'Facet', 'Figures', 'JobInput', 'JobRow',
    'Label', 'Level', 'MemberAdded', 'MemberAnonymised', 'MemberArchived', 'MemberInput', 'MemberLeft',
    'MemberReturned', 'MemberRow', 'MemberStatus', 'MemberStatusChanged', 'MembersMerged', 'OrgChart', 'PersonView',
    'PrivateData', 'ProfileInput', 'Refusal', 'Sight', 'StatusRow', 'TagInput', 'add_custom_field', 'add_member',
    'add_tag', 'archive_custom_field', 'change_job', 'change_status', 'correct_job_change', 'domain',
    'find_duplicates', 'get_member', 'get_own', 'list_batches', 'list_custom_fields', 'list_facets',
    'list_job_changes', 'list_members', 'list_status_changes', 'list_tags', 'matching_ids', 'org_chart',
    'people_figures', 'remove_job_change', 'remove_tag', 'service_length', 'set_custom_values', 'set_tags', 'sight',
    'undo_batch', 'update_custom_field', 'update_member', 'update_tag', 'view_private_data', 'visible_member',
]  # fmt: skip
