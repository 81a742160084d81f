"""Is every benchmark found by its name, and is its result what it says?"""

from collections.abc import Callable
from importlib import import_module

import pytest
from typer.testing import CliRunner

from service.cli import bench as command
from service.cli import program
from tests.bench.__main__ import MODULES
from tests.bench.measured import ratio, summary


@pytest.mark.parametrize("name", MODULES)
def test_every_name_leads_to_a_benchmark(name: str) -> None:
    assert callable(import_module(MODULES[name]).benchmark(name))


def test_rounds_are_interleaved_and_their_median_counts() -> None:
    calls: list[str] = []

    def measured(name: str, *values: float) -> Callable[[], float]:
        left = iter(values)

        def measure() -> float:
            calls.append(name)
            return next(left)

        return measure

    found = ratio("a", measured("ours", 4, 6, 20), measured("theirs", 2, 2, 2), 3, lambda _: None)
    assert found == ("a", 3.0, 2.0, 10.0, 3)
    assert calls == ["ours", "theirs"] * 3


def test_a_result_is_one_line() -> None:
    assert str(summary("append.64", [0.5, 0.61, 0.7])) == "append.64 0.61 0.5 0.7 3"


def test_without_a_name_the_command_lists_what_there_is() -> None:
    shown = CliRunner().invoke(program(["bench"]), ["bench"])
    assert shown.exit_code == 0
    assert "append.64" in shown.stderr


def test_an_unknown_name_is_a_wrong_question() -> None:
    assert CliRunner().invoke(program(["bench"]), ["bench", "nothing"]).exit_code == 2


def test_without_the_source_tree_the_command_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PROGRAM", "tests.nowhere")
    shown = CliRunner().invoke(program(["bench"]), ["bench", "append.64"])
    assert shown.exit_code == 2
    assert "./run bench" in shown.stderr
