"""What every record has beside its own fields: comments, links, a watch switch, who else is here, and its activity.

    await here('Member', member_id)                  # at the head of the record's screen: who else has it open
    await furniture('Member', member_id)             # in a tab named `comments`: comments, files, links, watching
    await activity('Member', member_id)              # in a tab named `activity`

    comment_actions.append(CommentAction(later('Make a task'), 'sym_o_add_task', make, may_make))

A kind of record takes part by declaring itself in `logic.core.records`. Whoever may not see what hangs on a record is
refused by the services, so ask `records.discuss` (or the field that says so) before offering the tab.
"""

from ui.components.furniture.activity import activity
from ui.components.furniture.around import furniture
from ui.components.furniture.comments import CommentAction, comment_actions
from ui.components.furniture.here import here

__all__ = ['CommentAction', 'activity', 'comment_actions', 'furniture', 'here']
