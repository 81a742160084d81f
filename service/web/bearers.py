"""Who is behind a bearer token? A token that was checked a moment ago is not checked again."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import NamedTuple

from schema.context import Reading
from service.access.tokens import Authenticator, Unauthenticated
from service.domain.roles import Actor

TRUSTED_SECONDS = 5.0
"""For how long a token that was checked is not checked again."""
MOST_TOKENS = 1_000


class Bearer(NamedTuple):
    """Who asks, how far he may read, and until when he is believed to be who he says."""

    actor: Actor
    reading: Reading
    until: float


class Bearers:
    """The bearers of the tokens that came last."""

    def __init__(self, tokens: Authenticator) -> None:
        self._tokens = tokens
        self._known: OrderedDict[bytes, Bearer] = OrderedDict()

    def of(self, authorization: bytes) -> Bearer:
        """Who sends this header.

        Raises Unauthenticated, or Forbidden for one who may not read at all.
        """
        known, now = self._known.get(authorization), time.monotonic()
        if known is not None and known.until > now:
            return known
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated(scheme)
        actor = self._tokens.authenticate(token.strip())
        found = self._known[authorization] = Bearer(actor, Reading.of(actor), now + TRUSTED_SECONDS)
        if len(self._known) > MOST_TOKENS:
            self._known.popitem(last=False)
        return found
