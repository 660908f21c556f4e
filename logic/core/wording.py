"""Words that programs use, as a person says them."""

PAST = {
    'begin': 'began', 'found': 'founded', 'give': 'gave', 'let': 'let', 'make': 'made', 'put': 'put', 'set': 'set',
    'sign': 'signed', 'take': 'took', 'undo': 'undid', 'send': 'sent', 'apply': 'applied', 'withdraw': 'withdrew',
    'carry': 'carried', 'drop': 'dropped', 'open': 'opened', 'write': 'wrote',
}  # fmt: skip


def in_words(action: str) -> str:
    """Return an action as a person says it: `members.change_status` is "changed status"."""
    verb, _, rest = action.partition('.')[2].partition('_')
    past = PAST.get(verb) or (f'{verb}d' if verb.endswith('e') else f'{verb}ed')
    return f'{past} {rest.replace("_", " ")}'.strip()
