"""Commands that serve: serve, demo."""

from __future__ import annotations

import typer

from projections.engine.rebuild import RebuildRunning, ensure
from schema.schema import build
from service.cli.options import Data, Host, Json, Port, settings
from service.cli.output import meter, note, show
from service.main import Database, Service, acting, views
from service.web.server import listening, serve_on


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
            application = Service(chosen, database).application(build())
            show({"url": socket.url}, f"{socket.url}/graphql", as_json)
            serve_on(socket, application)
        finally:
            database.stop()


def bring_views_up_to_date(uri: str) -> None:
    """Rebuild the views, visibly, if they are missing or not those of this release: before, no question makes sense."""
    try:
        with meter("建立视图 | Building the views") as tell:
            ensure(acting(uri), views(), lambda p: tell(p.position, p.upto))
    except RebuildRunning:
        note("另一个进程正在建立视图 | Another process is building the views")
