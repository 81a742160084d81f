"""Which chambers stand registered at the end of the demonstration, unit by unit, and since when?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from service.demo.cast import diaries, fates
from service.demo.diary import Diary
from service.demo.life import registered_on
from service.demo.places import plans


@cache
def standing() -> Mapping[str, tuple[Diary, ...]]:
    """The diaries of the registered chambers by their unit's code, the oldest first."""
    codes = {plan.unit: {place.code for place in fates(plan)[0]} for plan in plans()}
    found: dict[str, list[Diary]] = {unit: [] for unit in codes}
    for diary in diaries():
        if diary.township.code in codes[diary.unit.code] and _is_registered(diary):
            found[diary.unit.code].append(diary)
    return {unit: tuple(sorted(each, key=registered_on)) for unit, each in found.items()}


def _is_registered(diary: Diary) -> bool:
    return any(step.request.command.name == "grant_registration" for step in diary.steps)
