"""SHA-256 of bytes, for keys that are made of many: what was hashed before is not read again."""

from hashlib import sha256


class Hash(bytes):
    """The SHA-256 of some bytes; stands for them where keys are made."""


def hashed(part: bytes) -> bytes:
    """The SHA-256 of ``part``, or of what it stands for."""
    return part if isinstance(part, Hash) else sha256(part).digest()
