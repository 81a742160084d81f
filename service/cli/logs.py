"""What does the program say of its own work, and in which form? One line per event, on standard error."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

QUIET = ("strawberry.execution", "uvicorn.access")
"""The first would log every refused query with its trace: what is unforeseen is logged once, by schema.errors."""

SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure(level: str, form: str = "auto") -> None:
    """Log from this level on, as `text`, as `json`, or whichever suits where standard error leads."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=_rendered(text)))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _rendered(text: bool) -> list[Processor]:
    """Traces come without the values of local variables, among which are secrets."""
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    json = structlog.processors.JSONRenderer(ensure_ascii=False)
    last = [console] if text else [structlog.processors.format_exc_info, json]
    return [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
