"""Is a token believed only when it is ours, whole and fresh?"""

from datetime import timedelta

import pytest

from service.access.tokens import DevelopmentTokens, Unauthenticated
from service.domain.roles import Actor, Grant, Role

GRANT = Grant(Role.REGISTRAR, "410225", "兰考县民政局")
TOKENS = DevelopmentTokens(b"k" * 32)
OTHERS = DevelopmentTokens(b"x" * 32)


def test_a_token_brings_back_its_account_and_grants() -> None:
    assert TOKENS.authenticate(TOKENS.issue("zhang", [GRANT])) == Actor("zhang", (GRANT,))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "garbage",
        "a.b.c",
        OTHERS.issue("zhang", [GRANT]),
        TOKENS.issue("zhang", [GRANT], timedelta(seconds=-1)),
        TOKENS.issue("zhang", [GRANT])[:-2],
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ6aGFuZyJ9.",
    ],
)
def test_what_is_not_a_fresh_token_of_ours_is_not_believed(token: str) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.authenticate(token)


def test_a_short_key_is_not_accepted() -> None:
    with pytest.raises(ValueError, match="32"):
        DevelopmentTokens(b"short")
