"""How the headers of our mails are written."""

from email.message import EmailMessage
from email.policy import EmailPolicy

MOST_IN_LINE = 998
"""Letters (RFC 5322, 2.1.1)."""


class _Policy(EmailPolicy):
    """That of SMTP, but an address that programs follow stays in one piece: to them encoded words mean nothing."""

    def fold(self, name: str, value: str) -> str:
        whole = f'{name}: {value}{self.linesep}'
        is_whole = name == 'List-Unsubscribe' and whole.isascii() and len(whole) < MOST_IN_LINE
        return whole if is_whole else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode('ascii', 'surrogateescape')


POLICY: 'EmailPolicy[EmailMessage]' = _Policy(linesep='\r\n')  # type: ignore[assignment]
