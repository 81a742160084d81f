"""Is every line of the article covered by a question that the README names and the demonstration city answers?"""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate

from schema.schema import build
from service.domain.roles import Actor, Grant, Role
from tests.schema.conftest import opened

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "service/demo/data/article.graphql").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = 31
QUERIES = [
    str(each.name.value)
    for each in parse(TEXT).definitions
    if isinstance(each, OperationDefinitionNode) and each.name is not None
]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def says_something(answer: Any) -> bool:
    """Whether an answer holds at least one item, or one count that is not nought."""
    if isinstance(answer, list):
        return bool(answer) and all(map(says_something, answer))
    if isinstance(answer, dict) and "totalCount" in answer:
        return bool(answer["totalCount"])
    if isinstance(answer, dict) and "nodes" in answer:
        return bool(answer["nodes"])
    if isinstance(answer, dict):
        return any(map(says_something, answer.values()))
    return bool(answer)


def test_the_readme_names_the_question_of_each_line() -> None:
    rows = re.findall(r"^\| (\d+) \| .+ \| `(\w+)` \|$", README, re.MULTILINE)
    assert [(int(number), name) for number, name in rows] == list(enumerate(QUERIES, 1))
    assert len(QUERIES) == LINES


def test_all_of_them_are_questions_of_this_schema() -> None:
    assert validate(build()._schema, parse(TEXT)) == []


@pytest.mark.anyio
async def test_the_demonstration_city_answers_each_of_them(city: str) -> None:
    auditor = Actor("auditor", (Grant(Role.AUDITOR),))
    async with opened(city) as api:
        for name in QUERIES:
            result = await build().execute(TEXT, context_value=api.context(auditor), operation_name=name)
            assert result.errors is None, (name, result.errors)
            assert result.data is not None
            assert all(map(says_something, result.data.values())), (name, result.data)
