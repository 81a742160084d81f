"""What is each thing called, in Chinese and in English?

`glossary.csv` is the only source: codes of enumerations, names of types, fields and arguments, each with two labels.
"""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Term(StrEnum):
    """An enumeration whose values are their own names, as GraphQL and the glossary write them."""

    @staticmethod
    def _generate_next_value_(name: str, *_: object) -> str:
        return name


class Label(NamedTuple):
    """A term of the glossary."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} | {self.en}"


class UnknownTerm(LookupError):
    """A name that the glossary does not explain."""


@cache
def glossary() -> dict[str, Label]:
    """All labels by code. A code may be qualified by its owner, as in `ChamberState.REGISTERED`."""
    text = files(__package__).joinpath("glossary.csv").read_text(encoding="utf-8")
    terms = [(code, row) for row in csv.DictReader(text.splitlines()) for code in row["code"].split(" / ")]
    return {code: Label(code, row["zh"], row["en"]) for code, row in terms}


def label(code: str, owner: str = "") -> Label:
    """The label of `code`, the owner's own first.

    Raises UnknownTerm when the glossary has neither.
    """
    terms = glossary()
    found = terms.get(f"{owner}.{code}") or terms.get(code)
    if found is None:
        raise UnknownTerm(f"{owner}.{code}" if owner else code)
    return found
