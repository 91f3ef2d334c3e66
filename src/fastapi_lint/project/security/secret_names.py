"""Which names stand for a secret: a password, a token, a key.

Whole words count, and a name says what it is by its end: `access_token` is a token, `token_count` a count.
"""

from __future__ import annotations

from functools import lru_cache

from fastapi_lint.project.layers.role_names import words

_ENDS: tuple[tuple[str, ...], ...] = tuple(
    tuple(end.split("_"))
    for end in "password passwd passphrase secret token apikey api_key secret_key private_key signing_key "
    "encryption_key secret_access_key card_number credit_card cvv cvc".split()
)
_REPEATED = frozenset("confirm confirmation repeat repeated again check verify new old current".split())
"""Words behind `password` that make it no other thing (`password_confirm`)."""

_NOT_ITSELF = frozenset(
    "has is was use uses using with without needs need requires require required allow allowed enable "
    "enabled disable disabled show num count number max min total hash hashed encrypted masked redacted "
    "obfuscated hidden anonymized next prev previous page sync continuation cursor start end eos bos pad unk "
    "mask stop special first per input output prompt completion csrf xsrf invalid missing wrong bad expired "
    "reset forgot forgotten change update auto dummy fake sample example "
    "captcha recaptcha hcaptcha turnstile".split()
)
"""Words before it that make it something else, or something less."""

_REMEMBERED = 20_000
"""Answers that are kept: the same names stand in many modules."""

_PASSWORDS = frozenset("password passwd passphrase pwd pass passcode pin".split())
_HASHES = frozenset("hash hashed digest encrypted salt salted crypted bcrypt".split())


def is_password_hash(name: str) -> bool:
    """Whether a name stands for a hash of a password, or its salt: `hashed_password`, `passwordHash`."""
    parts = frozenset(words(name))
    if parts in ({"salt"}, {"passhash"}, {"pwhash"}):
        return True
    return bool(parts & _PASSWORDS and parts & _HASHES) and parts <= _PASSWORDS | _HASHES | {"user", "the"}


def is_social_security_number(name: str) -> bool:
    """Whether a name stands for a social security number."""
    return words(name)[-1:] == ("ssn",) or words(name)[-3:] == ("social", "security", "number")


@lru_cache(_REMEMBERED)
def is_secret(name: str) -> bool:
    """Whether a variable, attribute, field or key of this name holds a secret."""
    parts = [word.rstrip("0123456789") or word for word in words(name)]
    while len(parts) > 1 and parts[-1] in _REPEATED:
        parts.pop()
    for end in _ENDS:
        if tuple(parts[-len(end) :]) == end:
            return not _NOT_ITSELF.intersection(parts[: -len(end)])
    return False
