"""Signed passes: what a card's QR code says, believed at a door without asking us.

ECDSA on P-256 with SHA-256, the signature as r and s (as WebCrypto has it). The key is derived from SECRET_KEY, so that
nothing more is to be kept; a new SECRET_KEY ends all passes, and the next look at a card makes a new one.
"""

import base64
import hashlib
import json
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.conf import settings

CURVE, HASH, HALF = ec.SECP256R1(), hashes.SHA256(), 32
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
MARK = "C1"


@cache
def _key(secret: str) -> ec.EllipticCurvePrivateKey:
    seed = int.from_bytes(hashlib.sha512(f"comptoir.pass:{secret}".encode()).digest())
    return ec.derive_private_key(seed % (ORDER - 1) + 1, CURVE)


def sign(payload: dict[str, Any]) -> str:
    """C1.payload.signature, short enough for a QR code."""
    body = _pack(json.dumps(payload, separators=(",", ":"), sort_keys=True).encode())
    r, s = utils.decode_dss_signature(_key(settings.SECRET_KEY).sign(body.encode(), ec.ECDSA(HASH)))
    return f"{MARK}.{body}.{_pack(r.to_bytes(HALF) + s.to_bytes(HALF))}"


def read(token: str) -> dict[str, Any] | None:
    """What a pass says, or None for what we never signed. Says nothing of its end: see `payload["until"]`."""
    try:
        mark, body, signature = token.split(".")
        raw = _unpack(signature)
        proof = utils.encode_dss_signature(int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))
        if mark != MARK or len(raw) != 2 * HALF:
            return None
        _key(settings.SECRET_KEY).public_key().verify(proof, body.encode(), ec.ECDSA(HASH))
        found: dict[str, Any] = json.loads(_unpack(body))
    except (ValueError, InvalidSignature):
        return None
    return found


def public_jwk() -> dict[str, str]:
    """The key with which a door checks passes, as WebCrypto imports it."""
    point = _key(settings.SECRET_KEY).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _pack(point.x.to_bytes(HALF)), "y": _pack(point.y.to_bytes(HALF))}


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
