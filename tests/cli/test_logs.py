"""Does the log say enough, and not too much?"""

import logging

import orjson
import pytest
import structlog

from service.cli.logs import configure


def fail(password: str) -> None:
    raise RuntimeError(f"refused {len(password)}")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_trace_shows_no_values_of_variables(capsys: pytest.CaptureFixture[str], form: str) -> None:
    configure("INFO", form)
    try:
        fail("hunter" + "2")
    except RuntimeError:
        structlog.get_logger().exception("unforeseen", request_id="7")
    logged = capsys.readouterr().err
    assert "refused 7" in logged
    assert "hunter2" not in logged


def test_other_peoples_log_lines_take_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json")
    logging.getLogger("uvicorn.error").info("Started 服务")
    line = orjson.loads(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("Started 服务", "info")


def test_what_is_below_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    configure("WARNING", "text")
    structlog.get_logger().info("unheard")
    assert capsys.readouterr().err == ""
