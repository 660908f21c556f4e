"""Every connection that Logbook opens to another machine, as `main.py map --connections` prints it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Connection:
    """One kind of server that is spoken to: what goes there, who names it, how it is protected, where in the code."""

    server: str
    purpose: str
    named_by: str
    protection: str
    modules: tuple[str, ...]


CONNECTIONS = (
    Connection(
        'Database server',
        'all records; none with SQLite',
        'LOGBOOK_DATABASE_URL',
        'verified TLS; without on this machine, and where LOGBOOK_PLAIN_CONNECTIONS allows it',
        ('data.transport',),
    ),
    Connection(
        'Redis',
        'which records changed, for the other copies of Logbook, and how often somebody called',
        'LOGBOOK_REDIS_URL',
        'verified TLS; without on this machine, and where LOGBOOK_PLAIN_CONNECTIONS allows it',
        ('logic.core.live', 'logic.status', 'ui.limits'),
    ),
    Connection(
        'File store',
        'uploaded files; none with a folder',
        'LOGBOOK_STORAGE_URL',
        'verified TLS alone',
        ('logic.core.files.places',),
    ),
    Connection(
        'Mail server',
        'e-mail to people',
        'LOGBOOK_SMTP_URL',
        'verified TLS where the server offers it; without it no password is sent, and the status says so',
        ('logic.mail.smtp',),
    ),
    Connection(
        'Giver of tokens for the mail server',
        'id and secret of the application, for a token; only where the mail server takes no password',
        'LOGBOOK_SMTP_OAUTH',
        'verified TLS; public addresses alone, no redirects',
        ('logic.core.outbound',),
    ),
    Connection(
        'Virus scanner',
        'every file that is uploaded',
        'LOGBOOK_CLAMD',
        'none, since clamd knows none: on this machine, or in a network that nobody else listens in',
        ('logic.core.files.scanning',),
    ),
    Connection(
        'Push services of browsers',
        'short notices, encrypted for the one browser that asked for them',
        'each browser whose owner switches notices on',
        'verified TLS; public addresses alone, no redirects',
        ('logic.core.outbound',),
    ),
)
