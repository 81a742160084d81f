"""Who are the people, firms and societies of the demonstration? Nobody: seeds make them, the same ones each time.

Surnames that nobody bears, a word for "pretended" in every firm, and organisation codes that begin with letters which
no office has issued keep them apart from the living.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

from service.domain.identifiers import name_id
from service.domain.uscc import check_digit, organisation_digit

SURNAMES = ("拟", "例", "演", "样", "设", "虚", "试", "模")
GIVEN = ("文", "明", "志", "海", "建", "春", "立", "晓", "思", "国", "玉", "庆")
GIVEN_TOO = ("远", "涛", "华", "实", "安", "宁", "林", "川", "勤", "和", "田", "丰")
BRANDS = ("拟丰", "拟禾", "拟盛", "拟源", "拟恒", "拟达", "拟嘉", "拟信", "拟泰", "拟宏")
TRADES = ("农机", "食品", "建材", "纺织", "物流", "电商", "木业", "园艺", "商贸", "餐饮", "机械", "包装")
SOCIETY, COMPANY = "51", "91"
T = TypeVar("T")


class Person(NamedTuple):
    """An invented person."""

    id: UUID
    name: str


def number(seed: str, below: int) -> int:
    """A number from 0 that only the seed decides, on every machine and in every release of Python."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % below


def pick(seed: str, choices: Sequence[T]) -> T:
    """One of the choices."""
    return choices[number(seed, len(choices))]


def digest(seed: str) -> str:
    """The SHA-256 of a document that nobody wrote."""
    return hashlib.sha256(f"demo/{seed}".encode()).hexdigest()


def person(seed: str) -> Person:
    """A person with an id of his own."""
    name = pick(f"{seed}/1", SURNAMES) + pick(f"{seed}/2", GIVEN) + pick(f"{seed}/3", GIVEN_TOO)
    return Person(name_id(f"demo/person/{seed}"), name)


def firm(place: str, seed: str) -> str:
    """The name of a firm at a place."""
    brand = pick(f"{seed}/1", BRANDS) + pick(f"{seed}/2", GIVEN_TOO)
    return f"{place}{brand}{pick(f'{seed}/3', TRADES)}有限公司"


def credit_code(kind: str, region: str, serial: int) -> str:
    """A well-formed credit code; serials of one kind and region must differ."""
    organisation = f"{'YX' if kind == SOCIETY else 'YQ'}{serial:06d}"
    body = f"{kind}{region}{organisation}{organisation_digit(organisation)}"
    return body + check_digit(body)
