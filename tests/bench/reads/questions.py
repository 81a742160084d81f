"""What is asked of each server, and do two servers answer the same?

The names and shapes of the product's answers are the measure; a peer's question gives its own fields those names.
What GraphQL servers rightly do differently is made equal before answers are compared: lists with or without `nodes`,
opaque ids, 64-bit numbers as text, the offset of a time.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from schema.scalars import decode_id, encode_id
from service.domain.identifiers import name_id

ONE = name_id("bench/chamber/1")
ITEMS = "name state uscc registeredOn domicile unitMembers version"
DIVISION = "code name"
INSPECTION = "year state late result since"
MEMBER = "kind name uscc admittedOn"
CHANGE = "position recordedAt kind actor recordId"


class Question(NamedTuple):
    """A document and its variables."""

    query: str
    variables: Mapping[str, object]

    @property
    def body(self) -> bytes:
        """The body of the request."""
        return orjson.dumps({"query": self.query, "variables": self.variables})


OURS = {
    "Q1": Question(
        f"query Q1($id: ID!) {{ chamber(by: {{id: $id}}) {{ id {ITEMS} }} }}", {"id": encode_id("Chamber", ONE)}
    ),
    "Q2": Question(f"query Q2($first: Int!) {{ chambers(first: $first) {{ nodes {{ id {ITEMS} }} }} }}", {"first": 50}),
    "Q3": Question(
        f"""query Q3($first: Int!, $members: Int!) {{ chambers(first: $first) {{ nodes {{
            id name state division {{ id {DIVISION} }}
            inspections(first: 1) {{ nodes {{ {INSPECTION} }} }}
            members(first: $members) {{ nodes {{ {MEMBER} }} }} }} }} }}""",
        {"first": 50, "members": 10},
    ),
    "Q4": Question(
        f"""query Q4($first: Int!) {{ changes(first: $first) {{ nodes {{
            {CHANGE} fields {{ path before after }} }} }} }}""",
        {"first": 100},
    ),
}
LISTS = {
    "Q1": Question(f"query Q1($id: ID!) {{ chamber(id: $id) {{ id {ITEMS} }} }}", {"id": str(ONE)}),
    "Q2": Question(f"query Q2($first: Int!) {{ chambers(first: $first) {{ id {ITEMS} }} }}", {"first": 50}),
    "Q3": Question(
        f"""query Q3($first: Int!, $members: Int!) {{ chambers(first: $first) {{
            id name state division {{ id {DIVISION} }}
            inspections(first: 1) {{ {INSPECTION} }}
            members(first: $members) {{ {MEMBER} }} }} }}""",
        {"first": 50, "members": 10},
    ),
    "Q4": Question(
        f"query Q4($first: Int!) {{ changes(first: $first) {{ {CHANGE} fields {{ path before after }} }} }}",
        {"first": 100},
    ),
}
UUIDS = {name: each._replace(query=each.query.replace("$id: ID!", "$id: UUID!")) for name, each in LISTS.items()}
POSTGRAPHILE = {
    "Q1": Question(
        f"query Q1($id: UUID!) {{ chamber: chamberByRowId(rowId: $id) {{ id: rowId {ITEMS} }} }}", {"id": str(ONE)}
    ),
    "Q2": Question(
        f"""query Q2($first: Int!) {{ chambers: allChambers(first: $first, orderBy: [NAME_ASC, ROW_ID_ASC]) {{
            nodes {{ id: rowId {ITEMS} }} }} }}""",
        {"first": 50},
    ),
    "Q3": Question(
        f"""query Q3($first: Int!, $members: Int!) {{
            chambers: allChambers(first: $first, orderBy: [NAME_ASC, ROW_ID_ASC]) {{ nodes {{
            id: rowId name state division {{ id: rowId {DIVISION} }}
            inspections(first: 1, orderBy: YEAR_DESC) {{ nodes {{ {INSPECTION} }} }}
            members(first: $members, orderBy: [NAME_ASC, ROW_ID_ASC]) {{ nodes {{ {MEMBER} }} }} }} }} }}""",
        {"first": 50, "members": 10},
    ),
    "Q4": Question(
        f"""query Q4($first: Int!) {{ changes: allChanges(first: $first, orderBy: PRIMARY_KEY_DESC) {{ nodes {{
            {CHANGE} fields: differences }} }} }}""",
        {"first": 100},
    ),
}


def same(answer: bytes, other: bytes) -> bool:
    """Whether two answers say the same."""
    return bool(normal(orjson.loads(answer)) == normal(orjson.loads(other)))


def normal(value: Any) -> Any:
    """An answer without what servers rightly do differently."""
    if isinstance(value, list):
        return [normal(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"nodes"}:
        return normal(value["nodes"])
    return {key: _read(key, each) for key, each in value.items()}


def _read(key: str, value: Any) -> object:
    return SPELLED[key](value) if key in SPELLED else normal(value)


def _id(text: str) -> str:
    decoded = decode_id(text)
    return str(decoded[1]) if decoded else text


SPELLED: Mapping[str, Callable[[Any], object]] = {
    "id": _id,
    "recordId": _id,
    "recordedAt": datetime.fromisoformat,
    **dict.fromkeys(("unitMembers", "version", "year", "position"), int),
}
"""How the fields are read that servers write in different ways."""
