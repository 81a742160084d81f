"""Is everything that the README says to type true?"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from graphql import parse, validate

from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import opened

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def typed() -> list[str]:
    """The lines to type, but for the two that set everything up and the one that needs a server."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("./run ") and not re.match(r"./run (demo|test)\b", line)]


@pytest.fixture(scope="session")
def demonstration(session_folder: Path) -> dict[str, str]:
    """The environment of somebody who has run the demonstration, and an interpreter in the place of `./run`."""
    programs, data = session_folder / "readme-programs", session_folder / "readme"
    programs.mkdir(mode=0o755)
    stand_in = programs / "run"
    stand_in.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m service "$@"\n')
    stand_in.chmod(0o755)
    environment = {**os.environ, "SHANGHUI_DATA": str(data), "RUN": str(stand_in)}
    done = subprocess.run(
        [stand_in, "demo", "--exit", "--json"], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["coverage"] == {
        "units": 10, "townships": 116, "registered": 98, "in_progress": 12, "none": 6,
    }  # fmt: skip
    return environment


@pytest.mark.parametrize("text", blocks("graphql"), ids=lambda text: text.split()[1])
def test_every_query_is_one_of_this_schema(text: str) -> None:
    assert validate(build()._schema, parse(text)) == []


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("line", typed())
def test_every_line_to_type_does_what_it_says(demonstration: dict[str, str], line: str) -> None:
    command = line.replace("./run ", '"$RUN" ')
    done = subprocess.run(["sh", "-c", command], env=demonstration, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.anyio
@pytest.mark.parametrize("text", blocks("graphql"), ids=lambda text: text.split()[1])
async def test_every_query_is_answered_by_the_demonstration(city: str, text: str) -> None:
    async with opened(city) as api:
        data = await api.ask(text, Actor("reader", (Grant(Role.AUDITOR), Grant(Role.COUNTY_FIC, "410225"))))
    assert all(answer is not None for answer in data.values())


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
