"""What proves a figure or a deed: which document, with which bytes?"""

from __future__ import annotations

from service.domain.value import Value


class Evidence(Value, frozen=True):
    """证明材料 | A document that proves something: its title and the SHA-256 of its bytes."""

    title: str
    sha256: str
