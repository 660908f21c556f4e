"""LR11: what must not cross the socket letter by letter is typed on the plain forms of the front door."""

import ast
import re
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Source, argument, constant, method

FIELDS = re.compile(r'(^|_)(input|textarea|number|field|otp|pin)(_|$)')
SECRET = re.compile(
    r'\b(password|passphrase|one-time code|recovery code|authenticator code|otp|totp|ballot)\b', re.IGNORECASE
)


@rule('LR11', 'No password, one-time code or ballot in a NiceGUI field: it would be sent letter by letter.')
def secret_fields(source: Source) -> Iterator[ast.AST]:
    if source.floor != 'ui' or source.within('ui/front/', 'ui/api/'):
        return
    for call in source.calls:
        name = method(call)
        if any(k.arg in {'password', 'password_toggle_button'} and constant(k.value) is True for k in call.keywords):
            yield call
        elif name == 'props' and any('type=password' in str(constant(part)) for part in call.args):
            yield call
        elif FIELDS.search(name):
            label = constant(argument(call, 0, 'label'))
            if isinstance(label, str) and SECRET.search(label):
                yield call
