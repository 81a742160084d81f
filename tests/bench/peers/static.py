"""How fast is Starlette on uvicorn with answers that are known beforehand, in the folder that STATIC names?"""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bench.peers.served import serve

ANSWERS = {path.stem: path.read_bytes() for path in Path(os.environ["STATIC"]).glob("*.json")}


async def answer(request: Request) -> Response:
    """The answer that the path names, once the question has been received."""
    await request.body()
    return Response(ANSWERS[request.path_params["name"]], media_type="application/json")


if __name__ == "__main__":
    serve(Starlette(routes=[Route("/{name}", answer, methods=["POST"])]))
