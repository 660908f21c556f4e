"""Words that programs use, as a person says them."""

from data.later import Later

PAST = {
    'begin': 'began', 'found': 'founded', 'give': 'gave', 'let': 'let', 'make': 'made', 'put': 'put', 'set': 'set',
    'sign': 'signed', 'take': 'took', 'undo': 'undid', 'send': 'sent', 'apply': 'applied', 'withdraw': 'withdrew',
    'carry': 'carried', 'drop': 'dropped', 'open': 'opened', 'write': 'wrote',
}  # fmt: skip
MAKING = frozenset({'add', 'ask', 'import', 'invite', 'make', 'plan', 'upload', 'write'})
"""What these bring about is new, so it is "a", not "the"."""
BARE = frozenset({'sign', 'put'})
"""No thing follows these: "signed in"."""


def in_words(action: str) -> Later:
    """Return an action as a person says it after a name: `members.change_status` is "changed the status"."""
    verb, _, rest = action.partition('.')[2].partition('_')
    past = PAST.get(verb) or (f'{verb}d' if verb.endswith('e') else f'{verb}ed')
    before, thing = ('for ', rest[4:]) if rest.startswith('for_') else ('', rest)
    return Later(f'{past} {before}{_article(verb, thing)}{thing.replace("_", " ")}'.strip(), 'what somebody did')


def _article(verb: str, thing: str) -> str:
    is_many = thing.endswith('s') and not thing.endswith(('status', 'ss'))
    if not thing or is_many or verb in BARE:
        return ''
    if verb not in MAKING:
        return 'the '
    return 'an ' if thing[0] in 'aeio' else 'a '
