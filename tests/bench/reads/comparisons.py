"""Which ratios are measured, under which names, and from which loads does each follow?

`reads.Q1.mercurius` is how many times as fast as Mercurius the product answers Q1. The higher a ratio, the better:
those of latency and of processor time are the peer's by ours.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.bench.measured import Measured, summary
from tests.bench.reads.load import Load

QUESTIONS = ("Q1", "Q2", "Q3", "Q4")


class Ratio(NamedTuple):
    """How a load of ours is held against a load of the peer's, over so many connections."""

    suffix: str
    connections: int
    of: Callable[[Load, Load], float]


class Comparison(NamedTuple):
    """One ratio of one question against one peer."""

    family: str
    question: str
    peer: str
    ratio: Ratio

    @property
    def name(self) -> str:
        """What it is called on the command line and in what it prints."""
        return f"{self.family}.{self.question}.{self.peer}{self.ratio.suffix}"

    @property
    def ours(self) -> str:
        """Which of our servers is measured."""
        return OURS[self.family]


class Cell(NamedTuple):
    """What is measured at once: a question over so many connections, for these comparisons."""

    question: str
    connections: int
    comparisons: Sequence[Comparison]


def faster(ours: Load, theirs: Load) -> float:
    """Answers a second, ours by theirs."""
    return ours.rate / theirs.rate


def leaner(ours: Load, theirs: Load) -> float:
    """The server's processor time an answer, theirs by ours."""
    return theirs.cpu / ours.cpu


def leaner_with_database(ours: Load, theirs: Load) -> float:
    """The server's and PostgreSQL's processor time an answer, theirs by ours."""
    return (theirs.cpu + theirs.database) / (ours.cpu + ours.database)


def steadier(ours: Load, theirs: Load) -> float:
    """The latency that one in a hundred exceeds, theirs by ours."""
    return theirs.p99 / ours.p99


SPEED, CPU = Ratio("", 16, faster), Ratio("_cpu", 16, leaner)
TOTAL, TAIL = Ratio("_cpu_with_database", 16, leaner_with_database), Ratio("_p99", 16, steadier)
ALONE, CROWD = Ratio("_1", 1, faster), Ratio("_64", 64, faster)
OURS = {"reads": "ours", "cached": "cached"}
PEERS: Mapping[str, Mapping[str, Sequence[Ratio]]] = {
    "reads": {
        "mercurius": (SPEED, CPU, TOTAL, TAIL, ALONE, CROWD),
        "postgraphile": (SPEED, CPU),
        "strawberry": (CPU,),
    },
    "cached": {"static": (SPEED,)},
}
COMPARISONS = [
    Comparison(family, question, peer, ratio)
    for family, peers in PEERS.items()
    for question in QUESTIONS
    for peer, ratios in peers.items()
    for ratio in ratios
]


def chosen(names: Sequence[str]) -> list[Comparison]:
    """The comparisons of these names, or of the families, questions and peers that begin them; all when none is given.

    Raises LookupError for a name that begins none.
    """
    for name in names:
        if not any(_begins(name, each.name) for each in COMPARISONS):
            raise LookupError(f"没有这项测量 | There is no such benchmark: {name}")
    return [each for each in COMPARISONS if not names or any(_begins(name, each.name) for name in names)]


def found(comparison: Comparison, rounds: Sequence[Mapping[str, Load]]) -> Measured:
    """What the rounds of a comparison's cell came to, each load under its server's name."""
    ratios = [comparison.ratio.of(each[comparison.ours], each[comparison.peer]) for each in rounds]
    return summary(comparison.name, ratios)


def cells(comparisons: Sequence[Comparison]) -> list[Cell]:
    """The comparisons, those together that follow from the same loads."""
    together: dict[tuple[str, int], list[Comparison]] = {}
    for each in comparisons:
        together.setdefault((each.question, each.ratio.connections), []).append(each)
    return [Cell(*key, found) for key, found in together.items()]


def _begins(name: str, whole: str) -> bool:
    return whole == name or whole.startswith(f"{name}.")
