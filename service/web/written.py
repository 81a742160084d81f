"""How is an answer that is known as a whole written: its status, its headers, its body?

A question put with GET gets an ETag with its answer, and 304 alone when the caller has that answer already.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

from starlette.types import Send

from service.web.edge import REQUEST_ID, SAFE, fresh_id, request_id
from service.web.endpoint import ANSWERED_BY
from service.web.errors import JSON

ID = REQUEST_ID.lower().encode()
FIXED = {"Content-Type": JSON, ANSWERED_BY: "compiled", **SAFE}
REVALIDATED = FIXED | {"Cache-Control": "private, no-cache", "Vary": "authorization, accept"}
"""Of an answer to GET: whoever asked may keep it, and asks again whether it still holds."""


class Written(NamedTuple):
    """An answer with its headers as they are on the wire."""

    status: int
    headers: bytes
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it as ASGI has it."""
        headers = [tuple(line.split(b": ", 1)) for line in self.headers.splitlines()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def posted(headers: Mapping[bytes, bytes], body: bytes) -> Written:
    """The answer to a POST with these headers."""
    return Written(200, b"%bx-request-id: %b\r\ncontent-length: %d\r\n" % (_POSTED, _id(headers), len(body)), body)


def gotten(headers: Mapping[bytes, bytes], body: bytes) -> Written:
    """The answer to a GET with these headers: 304 alone when the caller says that he has this very one."""
    tag = b'"%b"' % blake2b(body, digest_size=12).hexdigest().encode()
    kept = {each.strip().removeprefix(b"W/") for each in headers.get(b"if-none-match", b"").split(b",")}
    written = b"%betag: %b\r\nx-request-id: %b\r\n" % (_GOTTEN, tag, _id(headers))
    if kept & {tag, b"*"}:
        return Written(304, written, b"")  # its length would be that of the whole answer
    return Written(200, b"%bcontent-length: %d\r\n" % (written, len(body)), body)


def _id(headers: Mapping[bytes, bytes]) -> bytes:
    given = headers.get(ID)
    return (str(request_id(given.decode("latin-1"))) if given else fresh_id()).encode()


def _lines(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items()).encode()


_POSTED, _GOTTEN = _lines(FIXED), _lines(REVALIDATED)
