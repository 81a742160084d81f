"""Can every fact that was ever written still be read, and does none change its form unnoticed?"""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from service.domain.record import FACTS, Fact
from service.ledger.mapper import upcast
from tests.golden.events import Line, facts, line_of, lines

LINES = lines()


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.topic} v{line.version}")
def test_what_was_written_can_be_read(line: Line) -> None:
    facts()
    read = upcast(FACTS[line.topic], line.version, line.fact)
    if line.version == read.class_version:
        assert msgspec.json.decode(msgspec.json.encode(read)) == line.fact


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact.topic)
def test_a_fact_changes_its_fields_only_with_its_version(fact: type[Fact]) -> None:
    # A fact that is missing here is new or has a new version: run `python -m tests.golden`.
    assert line_of(fact) in LINES


def test_each_version_has_one_line() -> None:
    counts = Counter((line.topic, line.version) for line in LINES)
    assert set(counts.values()) == {1}


def test_a_sample_leaves_nothing_out() -> None:
    assert all(set(line.fields) == set(line.fact) for line in LINES)
