"""The nation is collected only when it is asked for: `pytest tests/bench --nation`."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nation", action="store_true", help="load all townships of the nation (fetches a package)")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Neither run nor skipped: what is not collected cannot fail CI for having been left out."""
    wanted = collection_path.name != "test_nation.py" or config.getoption("--nation", default=False)
    return None if wanted else True


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
