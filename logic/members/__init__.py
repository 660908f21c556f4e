"""People: the directory, and each person's file."""

from data.members import MemberStatus
from logic.members import (  # noqa: F401  they register what of people is found, what waits, and what one leaves open
    finding,
    open_things,
    waiting,
)
from logic.members.archive import (
    archive_member,
    ask_to_anonymise,
    decide_anonymise,
    list_anonymise_requests,
    restore_member,
)
from logic.members.batches import BatchResult, BatchRow, Refusal, list_batches, undo_batch
from logic.members.bulk import BulkAction, BulkInput, change_many
from logic.members.checklists import (
    ItemRow,
    Template,
    TemplateInput,
    TemplateItemInput,
    add_template,
    archive_template,
    get_template,
    list_checklist,
    list_templates,
    start_checklist,
    tick_item,
    update_template,
)
from logic.members.custom_fields import set_custom_values
from logic.members.directory import (
    Facet,
    Label,
    MemberRow,
    list_directory,
    list_facets,
    list_members,
    matching_ids,
    name_members,
    present_unless_asked,
)
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
from logic.members.history import MembershipHistory, membership_history
from logic.members.inputs import JobInput, MemberInput, ProfileInput
from logic.members.job_changes import JobRow, change_job, correct_job_change, remove_job_change
from logic.members.leaving import (
    DepartureInput,
    DepartureRow,
    DepartureView,
    Giving,
    OpenGroup,
    OpenThing,
    cancel_departure,
    change_departure,
    departure_overview,
    hand_over,
    plan_departure,
    what_is_open,
)
from logic.members.merge import (
    MergeField,
    Pair,
    ToldApart,
    compare_members,
    compare_private,
    list_duplicates,
    list_told_apart,
    merge_members,
    take_back_apart,
    tell_apart,
)
from logic.members.neighbours import get_member_in_list
from logic.members.person import PersonView, PrivateData, get_member, service_length, view_private_data
from logic.members.profile import Duplicate, add_member, find_duplicates, update_member
from logic.members.profile_changes import (
    FIELDS,
    Wish,
    ask_for_change,
    decide_change,
    list_own_changes,
    list_waiting_changes,
    withdraw_change,
)
from logic.members.reaching import Refused, release_address
from logic.members.record_kind import MEMBER_RECORD
from logic.members.statuses import ALLOWED, StatusRow, change_status
from logic.members.tags import TagInput, add_tag, list_tags, remove_tag, set_tags, update_tag
from logic.members.visibility import Level, Sight, may_merge, sight, visible_member

__all__ = [
    'ALLOWED', 'FIELDS', 'MEMBER_RECORD', 'BatchResult', 'BatchRow', 'BulkAction', 'BulkInput',
    'DepartureInput', 'DepartureRow', 'DepartureView', 'Duplicate', 'Facet', 'Figures', 'Giving', 'ItemRow', 'JobInput',
    'JobRow', 'Label', 'Level', 'MemberAdded', 'MemberAnonymised', 'MemberArchived', 'MemberInput', 'MemberLeft',
    'MemberReturned', 'MemberRow', 'MemberStatus', 'MemberStatusChanged', 'MembersMerged', 'MembershipHistory',
    'MergeField', 'OpenGroup', 'OpenThing', 'OrgChart', 'Pair', 'PersonView', 'PrivateData', 'ProfileInput',
    'Refusal', 'Refused', 'Sight', 'StatusRow', 'TagInput', 'Template', 'TemplateInput',
    'TemplateItemInput', 'ToldApart', 'Wish', 'add_member', 'add_tag', 'add_template', 'archive_member',
    'archive_template', 'ask_for_change', 'ask_to_anonymise', 'cancel_departure', 'change_departure', 'change_job',
    'change_many', 'change_status', 'compare_members', 'compare_private', 'correct_job_change',
    'decide_anonymise', 'decide_change',
    'departure_overview', 'domain', 'find_duplicates', 'get_member', 'get_member_in_list', 'get_template',
    'hand_over', 'list_anonymise_requests', 'list_batches', 'list_checklist',
    'list_directory', 'list_duplicates', 'list_facets', 'list_members', 'list_own_changes',
    'list_tags', 'list_templates', 'list_told_apart', 'list_waiting_changes', 'matching_ids', 'may_merge',
    'membership_history', 'merge_members', 'name_members', 'org_chart', 'people_figures', 'plan_departure',
    'present_unless_asked', 'release_address', 'remove_job_change', 'remove_tag', 'restore_member',
    'service_length',
    'set_custom_values', 'set_tags', 'sight', 'start_checklist', 'take_back_apart', 'tell_apart', 'tick_item',
    'undo_batch', 'update_member',
    'update_tag', 'update_template', 'view_private_data', 'visible_member', 'what_is_open', 'withdraw_change',
]  # fmt: skip
