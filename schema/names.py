"""How are names of the domain written in GraphQL?"""

from __future__ import annotations

from service.domain.command import Command


def camel(name: str) -> str:
    """`submit_to_supervisor` as `submitToSupervisor`."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def pascal(name: str) -> str:
    """`submit_to_supervisor` as `SubmitToSupervisor`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def mutation_name(command: Command) -> str:
    """`chamberSubmitToSupervisor`."""
    return camel(f"{command.record.type_name}_{command.name}")


def command_name(command: Command) -> str:
    """`ChamberSubmitToSupervisor`, which the names of its input and payload begin with."""
    return pascal(f"{command.record.type_name}_{command.name}")
