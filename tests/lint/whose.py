"""LR15: nobody is not somebody, whom rows without an owner belong to."""

import ast
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Source, method

OWN = {'member_id', 'account_id'}
ACTING = {'actor', 'seen'}


@rule(
    'LR15',
    'Who acts may be no member: ask `actor.owns(x)`, to refuse `actor.is_member(x)`, in SQL `belongs_to(column, id)`.',
)
def compared_with_nobody(source: Source) -> Iterator[ast.AST]:
    for node in source.nodes:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        sides, comparison = (node.left, node.comparators[0]), node.ops[0]
        own = [name for side in sides if (name := _own_id(source, side))]
        asks_rows = any(_is_column(side) for side in sides)
        match comparison:
            case ast.Eq() if own and (asks_rows or 'member_id' in own):
                yield node
            case ast.NotEq() if 'member_id' in own and not asks_rows:
                yield node
            case ast.In() | ast.NotIn() if 'member_id' in own and isinstance(sides[1], ast.Tuple | ast.List | ast.Set):
                yield node


def _own_id(source: Source, node: ast.expr, depth: int = 3) -> str:
    """Which id of whoever acts an expression is, directly or by a name that it was given; or nothing."""
    match node:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=attr):
            return attr if attr in OWN and name in ACTING else ''
        case ast.Name() if depth:
            values = source.value_of(node)
            return next((found for value in values if (found := _own_id(source, value, depth - 1))), '')
        case ast.IfExp(body=body, orelse=other):
            return _own_id(source, body, depth) or _own_id(source, other, depth)
    return ''


def _is_column(node: ast.expr) -> bool:
    match node:
        case ast.Call():
            return method(node) == 'col'
        case ast.Attribute(value=ast.Name(id=name)):
            return name[:1].isupper()
    return False
