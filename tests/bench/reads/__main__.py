"""How do reads compare with those of other servers on the same database? `python -m tests.bench.reads NAME…`

A line for each ratio goes to standard output, `name ratio low high rounds`; the loads it follows from go to standard
error.
"""

from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer

from tests.bench.measured import FEWEST_ROUNDS
from tests.bench.reads.comparisons import Comparison, chosen
from tests.bench.reads.install import Unavailable
from tests.bench.reads.load import Failed
from tests.bench.reads.measure import CACHE, SECONDS, Different, Plan, measured

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    names: Annotated[list[str] | None, typer.Argument(help="reads, cached, reads.Q3, reads.Q3.mercurius …")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="How often each server is measured.")] = FEWEST_ROUNDS,
    seconds: Annotated[int, typer.Option(min=1, help="How long, each time.")] = SECONDS,
    connections: Annotated[list[int] | None, typer.Option(help="Only over so many connections.")] = None,
    cache: Annotated[Path, typer.Option(help="Where the city and the peers are kept.")] = CACHE,
) -> None:
    """Measure reads."""
    comparisons = [each for each in known(names or []) if not connections or each.ratio.connections in connections]
    plan = Plan(rounds, seconds, partial(typer.echo, err=True))
    try:
        for each in measured(comparisons, plan, cache):
            typer.echo(orjson.dumps(each._asdict()).decode() if as_json else str(each))
    except (Unavailable, Different, Failed) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def known(names: list[str]) -> list[Comparison]:
    """The comparisons of these names.

    Raises typer.BadParameter for one that is unknown.
    """
    try:
        return chosen(names)
    except LookupError as error:
        raise typer.BadParameter(str(error)) from error


if __name__ == "__main__":
    app()
