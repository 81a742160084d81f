"""Does what was acknowledged survive when processes are killed at random moments?"""

import random
import time

from tests.ledger.faults.crowd import Crowd
from tests.ledger.faults.server import Server

SERVICE_KILLS, CHILD_KILLS, SERVER_KILLS = 60, 30, 12
"""More than a hundred in all."""
LONGEST_LIFE = 0.25


def test_a_writing_process_may_be_killed_at_any_moment(crowd: Crowd, soak: int) -> None:
    for _ in range(SERVICE_KILLS * soak):
        process = crowd.writer()
        crowd.progress()
        time.sleep(random.uniform(0, LONGEST_LIFE))
        crowd.kill(process)
    crowd.check()


def test_any_process_of_postgresql_may_be_killed_at_any_moment(crowd: Crowd, server: Server, soak: int) -> None:
    crowd.writer()
    for _ in range(CHILD_KILLS * soak):
        crowd.progress()
        time.sleep(random.uniform(0, LONGEST_LIFE))
        server.kill_one(random.randrange(100))
    crowd.progress()
    crowd.check()


def test_the_whole_of_postgresql_may_be_killed_at_any_moment(crowd: Crowd, server: Server, soak: int) -> None:
    crowd.writer()
    for _ in range(SERVER_KILLS * soak):
        crowd.progress()
        time.sleep(random.uniform(0, LONGEST_LIFE))
        server.kill()
    crowd.progress()
    crowd.check()
