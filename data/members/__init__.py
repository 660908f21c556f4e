"""People: the member, his file, and what was done to many at once."""

from data.members.batches import (
    BatchKind,
    ChecklistItem,
    ChecklistKind,
    ChecklistTemplate,
    ChecklistTemplateItem,
    ItemOwner,
    MemberBatch,
    MemberBatchRow,
)
from data.members.file import (
    CustomField,
    CustomValue,
    Dependant,
    Education,
    EmergencyContact,
    Experience,
    FieldKind,
    Licence,
    MemberDocument,
    MemberLanguage,
    MemberTag,
    ProfileChange,
    ProfileChangeStatus,
    ProtectedKind,
    ProtectedNumber,
    Skill,
    SkillLevel,
    Tag,
)
from data.members.person import (
    Departure,
    DepartmentHead,
    EmploymentType,
    Engagement,
    JobChange,
    LeaveOfAbsence,
    Member,
    MemberStatus,
    StatusChange,
)

__all__ = [
    'BatchKind', 'ChecklistItem', 'ChecklistKind', 'ChecklistTemplate', 'ChecklistTemplateItem', 'CustomField', 'CustomValue',
    'Departure', 'DepartmentHead', 'Dependant', 'Education', 'EmergencyContact', 'EmploymentType', 'Engagement', 'Experience',
    'FieldKind', 'ItemOwner', 'JobChange', 'LeaveOfAbsence', 'Licence', 'Member', 'MemberBatch', 'MemberBatchRow',
    'MemberDocument', 'MemberLanguage', 'MemberStatus', 'MemberTag', 'ProfileChange', 'ProfileChangeStatus', 'ProtectedKind',
    'ProtectedNumber', 'Skill', 'SkillLevel', 'StatusChange', 'Tag',
]  # fmt: skip
