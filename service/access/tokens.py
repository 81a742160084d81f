"""Whose token is this, and what was its bearer granted?

Development tokens: JSON Web Tokens signed with the service's own key. A real identity provider will stand behind the
same seam, `Authenticator`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from service.domain.roles import Actor, Grant

ISSUER = "urn:shanghui:development"
ALGORITHM = "HS256"
LIFETIME = timedelta(days=30)


class Unauthenticated(Exception):
    """No token, or one that nobody should believe. The text is `中文 | English`."""


class Authenticator(Protocol):
    """Tells who the bearer of a token is."""

    def authenticate(self, token: str) -> Actor:
        """The actor whose token this is.

        Raises Unauthenticated.
        """
        ...


class DevelopmentTokens:
    """Issues and reads signed development tokens."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("密钥至少 32 字节 | the key must have at least 32 bytes")
        self._key = OctKey.import_key(secret)
        self._claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER}, sub={"essential": True}, exp={"essential": True}
        )

    def issue(self, account: str, grants: Iterable[Grant], lifetime: timedelta = LIFETIME) -> str:
        """A token for this account."""
        now = datetime.now(UTC)
        claims = {"iss": ISSUER, "sub": account, "iat": now, "exp": now + lifetime}
        return jwt.encode({"alg": ALGORITHM}, claims | {"grants": msgspec.to_builtins(list(grants))}, self._key)

    def authenticate(self, token: str) -> Actor:
        """The actor in a token of ours that has not expired.

        Raises Unauthenticated.
        """
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            self._claims.validate(claims)
            return Actor(claims["sub"], msgspec.convert(claims.get("grants", []), tuple[Grant, ...]))
        except (JoseError, ValueError, msgspec.ValidationError) as error:
            raise Unauthenticated("令牌无效或已过期 | The token is not valid, or has expired") from error
