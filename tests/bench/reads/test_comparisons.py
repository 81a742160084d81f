"""Do the names mean what they say, and do ratios follow from loads as they should?"""

import os
import subprocess
import time

import pytest
from graphql import parse, validate

from schema.schema import build
from tests.bench.reads.comparisons import COMPARISONS, SPEED, TAIL, Comparison, cells, chosen, found
from tests.bench.reads.load import Load
from tests.bench.reads.questions import OURS, Question, same
from tests.bench.reads.usage import children, cpu

SLOW, FAST = Load(100, 9, 90, 50, 5), Load(200, 5, 30, 10, 5)
AGAINST_MERCURIUS = Comparison("reads", "Q1", "mercurius", SPEED)


def test_every_comparison_has_a_name_of_its_own() -> None:
    assert len({each.name for each in COMPARISONS}) == len(COMPARISONS)


def test_a_name_stands_for_all_that_it_begins() -> None:
    assert {each.peer for each in chosen(["reads.Q3"])} == {"mercurius", "postgraphile", "strawberry"}
    assert [each.name for each in chosen(["reads.Q1.mercurius"])] == ["reads.Q1.mercurius"]


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(LookupError, match=r"reads\.Q9"):
        chosen(["reads.Q9"])


def test_a_ratio_is_the_median_of_its_rounds() -> None:
    rounds = [{"ours": FAST._replace(rate=rate), "mercurius": SLOW} for rate in (200.0, 100.0, 700.0)]
    assert found(AGAINST_MERCURIUS, rounds) == ("reads.Q1.mercurius", 2, 1, 7, 3)


def test_a_shorter_wait_is_a_higher_ratio() -> None:
    assert found(AGAINST_MERCURIUS._replace(ratio=TAIL), [{"ours": FAST, "mercurius": SLOW}]).ratio == 3


def test_what_follows_from_the_same_loads_is_measured_once() -> None:
    assert [(cell.question, cell.connections) for cell in cells(chosen(["reads.Q2"]))] == [
        ("Q2", 16),
        ("Q2", 1),
        ("Q2", 64),
    ]


@pytest.mark.parametrize("question", OURS.values(), ids=OURS.keys())
def test_the_schema_knows_what_is_asked(question: Question) -> None:
    assert validate(build()._schema, parse(question.query)) == []


def test_answers_are_the_same_that_differ_in_spelling_only() -> None:
    ours = b'{"data": {"a": {"nodes": [{"version": 9, "recordedAt": "2025-03-01T08:00:00.100000Z"}]}}}'
    theirs = b'{"data": {"a": [{"version": "9", "recordedAt": "2025-03-01T08:00:00.1+00:00"}]}}'
    assert same(ours, theirs)


def test_answers_that_differ_in_a_value_are_not_the_same() -> None:
    assert not same(b'{"data": {"a": [{"version": 9}]}}', b'{"data": {"a": [{"version": 8}]}}')


def test_work_is_counted() -> None:
    before = cpu(os.getpid())
    deadline = time.process_time() + 0.1
    while time.process_time() < deadline:
        pass
    assert cpu(os.getpid()) - before >= 80_000


def test_children_are_found() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        assert child.pid in children(os.getpid())
        child.kill()
