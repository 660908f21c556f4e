"""One-time codes of an authenticator app (RFC 6238), and the recovery codes for when the phone is lost."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A phone's clock may be half a minute off, either way."""
SECRET_CHARACTERS = 32
"""Base32 characters: 160 bit, as RFC 4226 recommends."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 15
"""120 bit: 24 base32 characters, so that a plain SHA-256 is enough to store."""
# Characters that base32 does not have, and what a person meant who read them from paper.
MISREAD = str.maketrans('018', 'OIB')


def new_totp_secret() -> str:
    """Return a new secret of 160 bit in base32."""
    return pyotp.random_base32(SECRET_CHARACTERS)


def totp_address(secret: str, account: str, issuer: str) -> str:
    """Return the `otpauth://` address that an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def qr_code(text: str) -> str:
    """Return a QR code as an SVG element without styles or scripts, fit for a page under a strict policy."""
    import segno

    return str(segno.make(text, error='m', micro=False).svg_inline(scale=4, border=2, dark='#000', light='#fff'))


def accepted_step(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """Return the time step that a code belongs to; None when it is wrong, or not newer than the last accepted step.

    The caller stores the step by a conditional update, so that no code is accepted twice, not even at the same moment.
    """
    digits = re.sub(r'[\s-]', '', code)
    if not re.fullmatch(r'[0-9]{6}', digits):
        return None
    generator, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(generator.generate_otp(step), digits) and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return ten codes to print, in groups of four characters."""
    texts = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    return ['-'.join(re.findall('.{4}', text)) for text in texts]


def recovery_hash(code: str) -> str:
    """Return what is stored of a recovery code. Case, spaces and dashes do not matter, nor a zero typed for an O."""
    text = re.sub(r'[\s-]', '', code).upper().translate(MISREAD)
    return hashlib.sha256(text.encode(errors='replace')).hexdigest()
