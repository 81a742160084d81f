"""Is everything that the README says to type true?"""

import re
import subprocess
from pathlib import Path

import pytest
from graphql import parse, validate

from schema.schema import build

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("text", blocks("graphql"), ids=lambda text: text.split()[1])
def test_every_query_is_one_of_this_schema(text: str) -> None:
    assert validate(build()._schema, parse(text)) == []


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("command", re.findall(r"\./run ((?!test)[a-z]+(?: [a-z]+)?)", README))
def test_every_command_exists(command: str) -> None:
    words = [word for word in command.split() if word.isalpha()]
    run = subprocess.run([*PYTHON, *words, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
