"""The command serve: answer questions until told to stop."""

from __future__ import annotations

import typer

from schema.schema import build
from service.cli.database import bring_views_up_to_date
from service.cli.options import Data, Host, Json, Port, settings
from service.cli.output import show
from service.config import Settings
from service.main import Service
from service.resources import Database
from service.web.server import Listening, listening, serve_on


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(serve)


def serve(host: Host = None, port: Port = None, data: Data = None, as_json: Json = False) -> None:
    """启动服务 | Serve the API until told to stop."""
    chosen = settings(data, serving=True, host=host, port=port)
    database = Database(chosen)
    with listening(chosen.host, chosen.port) as socket:
        try:
            bring_views_up_to_date(database.prepare())
            show({"url": socket.url}, f"{socket.url}/graphql", as_json)
            answer(socket, chosen, database)
        finally:
            database.stop()


def answer(socket: Listening, chosen: Settings, database: Database) -> None:
    """Serve the API on a socket until a signal comes. The database must have been prepared."""
    serve_on(socket, Service(chosen, database).application(build()))
