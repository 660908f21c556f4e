"""Every use of cryptography, as `main.py map --crypto` prints it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """One use of cryptography: what for, with which algorithm and key, where it stands in the code."""

    purpose: str
    algorithm: str
    key: str
    rotation: str
    module: str


INVENTORY = (
    Use('Passwords', 'Argon2id m=19 MiB t=2 p=1', 'salt per password', 'at sign-in', 'logic.identity.passwords'),
    Use(
        'Sessions, refresh tokens, invitations, resets, API keys, recovery codes',
        'SHA-256 of at least 120 random bits',
        'none',
        'each is used for a limited time',
        'logic.identity.tokens',
    ),
    Use('Access tokens', 'Ed25519 (JWS, RFC 9864)', 'secrets/jwt.key', 'replace the file', 'logic.identity.tokens'),
    Use('One-time codes', 'TOTP, HMAC-SHA-1 of RFC 6238', '160 bit, sealed', 'enrol again', 'logic.identity.totp'),
    Use(
        'Sealed values',
        'AES-256-GCM, 96-bit random nonce, place as associated data',
        'data key per organization and purpose',
        'main.py rotate-keys --values; the key alone by itself after 2^31 values',
        'logic.core.secrets.envelope',
    ),
    Use(
        'Data keys',
        'AES-256-GCM',
        'secrets/kek or LOGBOOK_KEK',
        'main.py rotate-keys',
        'logic.core.secrets.envelope',
    ),
    Use(
        'Blind index',
        'HMAC-SHA-256, first 16 bytes',
        'HKDF-SHA-256 of a data key, per column and organization',
        'none: equality would be lost',
        'logic.core.secrets.envelope',
    ),
    Use(
        'Form tokens',
        'HMAC-SHA-256',
        'HKDF of secrets/session.key, one for each purpose',
        'replace the file',
        'logic.core.secrets.keys',
    ),
    Use(
        'What forms and cookies carry between two screens',
        'AES-256-GCM, purpose as associated data, for at most 30 minutes',
        'HKDF of secrets/session.key',
        'replace the file',
        'ui.front.tokens',
    ),
    Use(
        'Links that change an address',
        'HMAC-SHA-256',
        'HKDF of secrets/session.key',
        'replace the file; links end after 30 minutes',
        'logic.identity.addresses',
    ),
    Use(
        'Links that end mails',
        'HMAC-SHA-256, first 16 bytes',
        'HKDF of secrets/session.key',
        'replace the file; older links then do nothing',
        'logic.notifications.links',
    ),
    Use(
        'Push messages',
        'ECDH on P-256 and AES-128-GCM (RFC 8291), signed by ECDSA with SHA-256 (RFC 8292)',
        'HKDF of secrets/session.key; a fresh key for each message',
        'replace the file; browsers subscribe anew',
        'logic.notifications.push.encryption',
    ),
    Use(
        'Backups',
        'AES-256-GCM in chunks that count (C2SP age, STREAM); its key locked by X25519 or Argon2id m=64 MiB t=3',
        'secrets/backup.key, or a passphrase of at least 12 characters',
        'replace the file; older backups need the older key',
        'logic.backup.archive',
    ),
    Use(
        'Passkeys',
        'WebAuthn: ES256, EdDSA or RS256, user verification required',
        'public key per passkey',
        'remove and register again',
        'logic.identity.passkeys',
    ),
    Use(
        'Personal values beside the audit log',
        'AES-256-GCM under a key per person; SHA-256 of salt and value in the log',
        'wrapped with secrets/kek or LOGBOOK_KEK',
        'main.py rotate-keys, with the master key',
        'logic.audit.personal',
    ),
    Use(
        'Audit checkpoints',
        'Ed25519 (C2SP signed note)',
        'secrets/audit.key',
        'name the old public key in secrets/audit.pub',
        'logic.audit.note',
    ),
    Use('Audit log', 'SHA-256 in a Merkle tree (RFC 9162)', 'none', 'none', 'logic.audit.tree'),
)
