"""Adds the facts that the golden file does not have yet: `python -m tests.golden`."""

from __future__ import annotations

import sys

import msgspec

from tests.golden.events import FILE, facts, line_of, lines


def main() -> None:
    """Append what is new; never touch what is there."""
    known = {(line.topic, line.version) for line in lines()}
    new = [line_of(fact) for fact in facts() if (fact.topic, fact.class_version) not in known]
    with FILE.open("ab") as file:
        file.writelines(msgspec.json.encode(line) + b"\n" for line in new)
    sys.stdout.write("".join(f"+ {line.topic} v{line.version}\n" for line in new))


if __name__ == "__main__":
    main()
