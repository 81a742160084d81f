"""How are the peers written in Python served? As the product is: one process, the same uvicorn and options."""

import os

from starlette.types import ASGIApp

from service.web.server import listening, serve_on


def serve(application: ASGIApp) -> None:
    """Serve on the port that the environment names."""
    with listening("127.0.0.1", int(os.environ["PORT"])) as socket:
        serve_on(socket, application)
