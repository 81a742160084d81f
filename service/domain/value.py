"""What is a value: the parts of facts and records that no one changes?"""

import msgspec


class Value(msgspec.Struct, frozen=True, gc=False):
    """A part of a fact or a record. It holds no cycles, so the garbage collector passes over it."""
