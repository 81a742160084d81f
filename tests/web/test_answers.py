"""Are answers kept only while nothing changes, and no more of them than asked for?"""

import asyncio

import pytest

from service.web.answers import OVERHEAD, Answers, Freshness

pytestmark = pytest.mark.anyio


class Views:
    """A position that moves, and answers that say at which one they were computed."""

    def __init__(self) -> None:
        self.position, self.readings, self.computed = 0, 0, 0
        self.reading = asyncio.Event()

    async def read(self) -> bytes:
        self.readings += 1
        position = self.position
        self.reading.set()
        await asyncio.sleep(0)
        return str(position).encode()

    async def compute(self) -> bytes:
        self.computed += 1
        return f"at {self.position}".encode()


@pytest.fixture
def views() -> Views:
    return Views()


@pytest.fixture
def answers(views: Views) -> Answers:
    return Answers(10 * (OVERHEAD + 4), views.read)


async def test_an_answer_is_kept_from_the_second_time_on(views: Views, answers: Answers) -> None:
    for _ in range(5):
        assert await answers.answer("q", views.compute) == b"at 0"
    assert (views.computed, views.readings) == (2, 4)


async def test_an_answer_is_computed_anew_once_the_views_have_moved(views: Views, answers: Answers) -> None:
    for _ in range(3):
        await answers.answer("q", views.compute)
    views.position = 1
    assert await answers.answer("q", views.compute) == b"at 1"


async def test_what_changes_while_an_answer_is_computed_is_seen_by_the_next(views: Views, answers: Answers) -> None:
    async def overtaken() -> bytes:
        answer = await views.compute()
        views.position = 1
        return answer

    await answers.answer("q", views.compute)
    assert await answers.answer("q", overtaken) == b"at 0"
    assert await answers.answer("q", views.compute) == b"at 1"


async def test_those_who_ask_at_once_share_a_reading_that_began_after_them(views: Views, answers: Answers) -> None:
    for _ in range(2):
        await answers.answer("q", views.compute)
    before = views.readings
    await asyncio.gather(*(answers.answer("q", views.compute) for _ in range(50)))
    assert views.readings == before + 1


async def test_a_reading_under_way_is_no_good_to_whoever_comes_later(views: Views, answers: Answers) -> None:
    for _ in range(2):
        await answers.answer("q", views.compute)
    first = asyncio.create_task(answers.answer("q", views.compute))
    views.reading.clear()
    await views.reading.wait()
    views.position = 1
    assert await answers.answer("q", views.compute) == b"at 1"
    assert await first == b"at 0"


async def test_a_reading_that_fails_is_told_to_all_who_asked_and_to_none_later() -> None:
    readings = 0

    async def read() -> bytes:
        nonlocal readings
        readings += 1
        if readings == 1:
            raise ValueError("gone")
        return b"at 1"

    fresh = Freshness(read)
    asked = await asyncio.gather(*(fresh.position() for _ in range(3)), return_exceptions=True)
    assert ([str(each) for each in asked], await fresh.position()) == (["gone"] * 3, b"at 1")


async def test_who_asks_no_longer_keeps_none_from_the_answer(views: Views) -> None:
    fresh = Freshness(views.read)
    gone, other = (asyncio.create_task(fresh.position()) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await other == b"0"


async def test_the_answers_unused_for_longest_make_room(views: Views, answers: Answers) -> None:
    for name in range(11):
        for _ in range(2):
            await answers.answer(name, views.compute)
    computed = views.computed
    await answers.answer(10, views.compute)
    assert views.computed == computed
    await answers.answer(0, views.compute)
    assert views.computed == computed + 1


async def test_no_answer_is_not_kept(views: Views, answers: Answers) -> None:
    async def none() -> None:
        views.computed += 1

    for _ in range(4):
        assert await answers.answer("q", none) is None
    assert views.computed == 4


async def test_nothing_is_kept_when_nothing_may_be(views: Views) -> None:
    answers = Answers(0, views.read)
    for _ in range(4):
        await answers.answer("q", views.compute)
    assert (views.computed, views.readings) == (4, 0)
