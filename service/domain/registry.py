"""Which records are there, and which facts? All modules of this package are imported: each record registers itself."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import service.domain
from service.domain.record import FACTS, RECORDS

for module in iter_modules(service.domain.__path__, "service.domain."):
    if module.name != __name__:
        import_module(module.name)

__all__ = ["FACTS", "RECORDS"]
