"""With which settings does a private server run? Durable ones, all memory that is its due, and warm from the start."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

DURABLE: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_permissions": "0700",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
)
LEAST_BUFFERS, MOST_BUFFERS = 128, 4_096
"""MiB of PostgreSQL's own cache, taken as they are used."""
CONTAINER = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where a container reads its limit, in bytes: those of today, and those before."""
PREWARM = "pg_prewarm"


def settings(bindir: Path) -> dict[str, str]:
    """The settings of a server with these programs."""
    return {**DURABLE, "shared_buffers": f"{buffers(memory())}MB", **_prewarmed(bindir)}


def buffers(memory: int) -> int:
    """MiB of so many: a quarter, as PostgreSQL's manual advises, but no more than a city can use."""
    return min(max(memory // 4, LEAST_BUFFERS), MOST_BUFFERS)


def memory(limits: Iterable[Path] = CONTAINER) -> int:
    """MiB that the machine has, or that its container may take."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for limit in limits:
        with suppress(OSError, ValueError):  # there is no such file, or no limit in it
            found.append(int(limit.read_text()))
    return min(found) // 2**20


def _prewarmed(bindir: Path) -> dict[str, str]:
    """Have the server note what its cache holds, and take that in again when it starts: else the past is cold."""
    there = any((bindir.parent / "lib").glob(f"{PREWARM}.*"))
    return {"shared_preload_libraries": PREWARM} if there else {}
