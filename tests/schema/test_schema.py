"""Is the schema what it says it is: committed, explained, the same in the past?"""

from graphql import GraphQLObjectType, is_introspection_type, is_specified_scalar_type

from schema.audit import Node
from schema.names import mutation_name
from schema.schema import COMMITTED, build, sdl
from schema.views import VIEWS
from service.domain.record import RECORDS

NOT_IN_THE_PAST = {"asOf", "position", "projections", "query", "viewer", "vocabulary", "runs"}
"""What has no past: the doors to a moment, how far the views are, who asks, what words mean."""


def fields(name: str) -> dict[str, str]:
    kind = build()._schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return {name: f"{field.type} {sorted(map(str, field.args))}" for name, field in kind.fields.items()}


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == sdl(), "run: ./run schema print --write"


def test_every_question_can_be_asked_of_the_past() -> None:
    now, past = fields("Query"), fields("Snapshot")
    assert {name: kind for name, kind in past.items() if name in now and name not in NOT_IN_THE_PAST} == {
        name: kind for name, kind in now.items() if name not in NOT_IN_THE_PAST
    }


def test_every_command_is_a_mutation_with_its_own_input_and_payload() -> None:
    mutations = fields("Mutation")
    for record in (record for record in RECORDS.values() if record.__name__ in VIEWS):
        for command in record.commands.values():
            name = mutation_name(command)
            assert mutations[name].startswith(name[0].upper() + name[1:] + "Payload!")


def test_everything_is_explained_in_both_languages() -> None:
    for kind in build()._schema.type_map.values():
        if not (is_introspection_type(kind) or is_specified_scalar_type(kind)):
            assert " | " in (kind.description or ""), kind.name
            for name, element in {**getattr(kind, "fields", {}), **getattr(kind, "values", {})}.items():
                assert " | " in element.description, f"{kind.name}.{name}"
                for argument, each in getattr(element, "args", {}).items():
                    assert " | " in each.description, f"{kind.name}.{name}({argument})"


def test_every_record_is_a_node_that_tells_its_history() -> None:
    for name in (record.__name__ for record in RECORDS.values() if record.__name__ in VIEWS):
        assert issubclass(VIEWS[name], Node)
        assert {"version", "history", "diff", "availableCommands", "lastChange"} <= set(fields(name))


def test_every_scalar_of_ours_says_what_specifies_it() -> None:
    assert "scalar DateTime @specifiedBy" in sdl()
