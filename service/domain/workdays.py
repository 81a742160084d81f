"""Which days are working days in China?

The State Council moves holidays and weekends about for each year: `chinesecalendar` carries what it has published. For
years it does not know, before 2004 and after the last arrangement published, every Monday to Friday counts.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import chinese_calendar  # type: ignore[import-untyped]  # it declares no types

SATURDAY = 5


@cache
def is_workday(day: date) -> bool:
    """Whether offices work on a day, holidays and made-up weekends included as far as they are known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # how it says that it does not know the year
        return day.weekday() < SATURDAY
