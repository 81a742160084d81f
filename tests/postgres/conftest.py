"""Which PostgreSQL releases is the embedded server tested on?"""

from pathlib import Path

import pytest

from service.postgres.binaries import find_bindir

OLDEST = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(None, id="found"),
        pytest.param(OLDEST, id="15", marks=pytest.mark.skipif(not OLDEST.exists(), reason="no PostgreSQL 15 here")),
    ],
)
def bindir(request: pytest.FixtureRequest, pgbin: Path | None) -> Path:
    """The programs of the release that a user gets, then of the oldest one that must work."""
    chosen: Path | None = request.param
    return chosen or pgbin or find_bindir()
