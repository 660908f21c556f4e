"""An authenticator in software, for tests: makes passkeys (ES256, no attestation) and signs with them."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    """Base64url without padding, as browsers send it."""
    return urlsafe_b64encode(data).decode().rstrip('=')


class Authenticator:
    """One passkey at a time, as a phone or a stick holds it."""

    def __init__(self, origin: str = 'http://localhost:8080', host: str = 'localhost') -> None:
        self.origin, self.host = origin, host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.user_handle = b''
        self.count = 0

    def create(self, options: str, *, flags: int = PRESENT | VERIFIED) -> str:
        """Answer `navigator.credentials.create`."""
        asked = json.loads(options)
        self.user_handle = urlsafe_b64decode(asked['user']['id'] + '==')
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, 'big'), -3: numbers.y.to_bytes(32, 'big')})
        attested = bytes(16) + len(self.credential_id).to_bytes(2, 'big') + self.credential_id + cose
        data = self._data(flags | HAS_KEY) + attested
        statement = cbor2.dumps({'fmt': 'none', 'attStmt': {}, 'authData': data})
        response = {
            'clientDataJSON': b64(self._client('webauthn.create', asked['challenge'])),
            'attestationObject': b64(statement),
        }
        return self._answer(response)

    def sign(self, options: str, *, flags: int = PRESENT | VERIFIED) -> str:
        """Answer `navigator.credentials.get`."""
        asked = json.loads(options)
        self.count += 1
        client = self._client('webauthn.get', asked['challenge'])
        data = self._data(flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                'clientDataJSON': b64(client),
                'authenticatorData': b64(data),
                'signature': b64(signature),
                'userHandle': b64(self.user_handle),
            }
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({'type': kind, 'challenge': challenge, 'origin': self.origin, 'crossOrigin': False}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, 'big')

    def _answer(self, response: dict[str, Any]) -> str:
        credential = b64(self.credential_id)
        return json.dumps(
            {
                'id': credential,
                'rawId': credential,
                'type': 'public-key',
                'response': response,
                'clientExtensionResults': {},
            }
        )
