"""How much processor time have processes used?"""

import os
import time
from pathlib import Path

TICK = 1_000_000 / os.sysconf("SC_CLK_TCK")
"""The kernel counts in these, here in microseconds."""
PAUSE, BUSY = 0.1, 0.1
"""A process rests when it has used less than this share of so many seconds."""
LONGEST = 60.0


def cpu(pid: int) -> float:
    """The microseconds that a process, all its threads included, has used so far."""
    user, system, *_ = _times(pid)
    return user + system


def cpu_with_children(pid: int) -> float:
    """The same of a process and its children, such as PostgreSQL's."""
    own = sum(_times(pid))  # those of children that have ended among them
    return own + sum(cpu(child) for child in children(pid))


def await_rest(pid: int) -> None:
    """Wait until a process has done what it still had to do, a minute at most: it would disturb the next one."""
    deadline = time.monotonic() + LONGEST
    used = cpu(pid)
    while time.monotonic() < deadline:
        time.sleep(PAUSE)
        before, used = used, cpu(pid)
        if used - before < BUSY * PAUSE * 1e6:
            return


def children(pid: int) -> list[int]:
    """The living children of a process."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in listed for child in path.read_text().split()]


def _times(pid: int) -> list[float]:
    """User and system time, then both of the children that have ended. The program's name may hold blanks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(field) * TICK for field in fields[11:15]]
