"""What of a person is found by search, and by whom: names and numbers by all who see him, contacts by their rule."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from data.members import Member
from data.organizations import PeerContact
from logic.core import indexing
from logic.core.actor import ActorKind
from logic.core.indexing import Piece
from logic.core.language import later
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.members.domain import EDIT, VIEW, VIEW_FILES
from logic.members.inputs import HIDING_FIELDS
from logic.members.visibility import HIDDEN_BY, KIND_OF, MEMBER, Sight, sight

HIDDEN = 'hidden_contacts'
PEERS = {kind: f'peer_{kind}' for kind in PeerContact}
"""The level of what colleagues find of each kind, where the department shows it and the person does not hide it."""
NAMES = ('preferred_name', 'first_name', 'last_name', 'number', 'former_number')
EMAILS = ('email', 'personal_email')
PHONES = ('phone', 'home_phone')


def _pieces(member: Member) -> Sequence[Piece]:
    if member.merged_into_id is not None or member.anonymised_at is not None:
        return []
    names = ' '.join(value for name in NAMES if (value := getattr(member, name)))
    pieces = [Piece(head=names, title=member.name, detail=member.number)]
    hidden = {name for name, switch in HIDDEN_BY.items() if member.hides_contacts or getattr(member, switch)}
    open_to_peers = {
        level: {name for name in KIND_OF.keys() - hidden if KIND_OF[name] is kind} for kind, level in PEERS.items()
    }
    for level, shown in {**open_to_peers, HIDDEN: hidden}.items():
        emails = [value for name in EMAILS if name in shown and (value := getattr(member, name))]
        phones = [value for name in PHONES if name in shown and (value := getattr(member, name))]
        if emails or phones:
            head = ' '.join([names, *emails])
            pieces.append(Piece(head=head, numbers=phones, title=member.name, detail=member.number, level=level))
    return pieces


async def _visible(work: Work) -> Mapping[str, Any]:
    if not work.actor.may(VIEW):
        return {}
    seen = await sight(work)
    here: sa.ColumnElement[bool] = col(Member.archived_at).is_(None)
    here = sa.true() if seen.sees_archived else sa.or_(here, belongs_to(Member.id, work.actor.member_id))
    return {
        indexing.EVERYBODY: here,
        indexing.DISCUSSION: sa.and_(here, _sees_file(seen)),
        **{
            level: sa.and_(here, sa.true() if kind in seen.peer_contacts else seen.known_clause())
            for kind, level in PEERS.items()
        },
        HIDDEN: sa.and_(here, seen.known_clause()),
    }


def _sees_file(seen: Sight) -> sa.ColumnElement[bool]:
    """What is said about a person is part of his file."""
    if seen.actor.may(VIEW_FILES) or seen.actor.may(EDIT):
        return sa.true()
    own = seen.actor.member_id if seen.actor.kind is ActorKind.ACCOUNT else None
    ids = [*seen.reports, *([own] if own else [])]
    return col(Member.id).in_(ids) if ids else sa.false()


indexing.register(
    MEMBER,
    label=later('People'),
    fields={*NAMES, *EMAILS, *PHONES, *HIDING_FIELDS, 'merged_into_id', 'anonymised_at'},
    pieces=_pieces,
    visible=_visible,
)
