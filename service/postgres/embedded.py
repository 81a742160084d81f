"""How does a private PostgreSQL live exactly as long as the process that needs it?

One folder holds one server. The first process to start it owns it; the others attach and never stop it. When the
owner ends in any way, SIGKILL included, the server shuts down in order, and attached processes lose their
connections: whoever then calls `start` first owns the next server, and the others attach to that one.

Two locks, both released by the kernel, replace guesses from process ids:

- `owner.lock` is held by the owner (and its forks): whoever gets it answers for the server;
- `server.lock` is inherited by every process of the server and of `initdb`: whoever gets it knows that none is left.
"""

import fcntl
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from service.postgres import tuning
from service.postgres.account import Account
from service.postgres.binaries import EmbeddedError, find_bindir
from service.postgres.cluster import ensure_cluster
from service.postgres.postmaster import Postmaster, ensure_database

POLL_SECONDS = 0.02
LONGEST_SOCKET_FOLDER = 85  # bytes: a socket's path has 104 on macOS, and PostgreSQL adds /.s.PGSQL.5432

# The shell reads a pipe that only the owner and its forks can write to. A line in it, or its end because all of them
# are gone, sends the server SIGINT, its "fast" shutdown. If the server ends first, so does the shell.
SUPERVISOR = """
leave=$1
shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
trap '' HUP INT TERM
{ read -r _; kill -INT "$server"; } <&3 3<&- 2>/dev/null &
watch=$!
exec 3<&- </dev/null 2>/dev/null
wait "$server"
code=$?
kill -KILL "$watch"
wait "$watch"
[ -z "$leave" ] || rmdir "$leave"
exit "$code"
"""


class Embedded:
    """A PostgreSQL server of our own in one folder, reached by a Unix socket only.

    Args:
        folder: where data, log and locks live; made if absent.
        bindir: the folder of PostgreSQL's programs; `find_bindir` looks for it otherwise.
        settings: server settings, in addition to those of `tuning` or in their place.
    """

    def __init__(self, folder: Path, bindir: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "pgdata"
        self.log = self.folder / "postgres.log"
        self._bindir = bindir
        self._settings = settings or {}
        self._account = Account.for_server()
        self._owner_lock: int | None = None
        self._owner_pid = 0
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def owned(self) -> bool:
        """Whether this process answers for the server; a fork of the owner, or an attached process, does not."""
        return self._owner_lock is not None and self._owner_pid == os.getpid()

    def start(self, timeout: float = 60) -> str:
        """Return the libpq URI of the folder's running server: a new one, or the one that another process owns.

        Waits for another process's start or shutdown. Calling it again is cheap, and after a server has gone it
        brings the next one.

        Args:
            timeout: seconds until it gives up.

        Raises:
            EmbeddedError: no server can run on the folder; the message says why.
        """
        deadline = time.monotonic() + timeout
        self._account.open_way(self.folder)
        while not (self.owned or self._become_owner()):
            if uri := self._answering():
                return uri
            self._pause(deadline)
        while self._server and self._server.poll() is None:
            if uri := self._answering():
                return uri
            self._pause(deadline)
        return self._serve(deadline)

    def stop(self) -> None:
        """Stop the server and wait for its orderly end, if this process owns it; otherwise do nothing."""
        if self._owner_lock is None or not self.owned:
            return
        # The lock goes first: whoever starts from now on waits for this server's end instead of attaching to it.
        fcntl.flock(self._owner_lock, fcntl.LOCK_UN)
        os.close(self._owner_lock)
        self._owner_lock = None
        if self._server:
            self._server.communicate(b"stop\n")
        self._server = None

    def __enter__(self) -> str:
        """Start, and return the URI."""
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop, if owned."""
        self.stop()

    def _become_owner(self) -> bool:
        self._owner_lock = self._lock("owner.lock")
        self._owner_pid = os.getpid()
        return self._owner_lock is not None

    def _lock(self, name: str) -> int | None:
        """Return the descriptor that holds a lock, or None while somebody else holds it."""
        try:
            descriptor = os.open(self.folder / name, os.O_CREAT | os.O_RDWR, 0o600)
        except PermissionError as error:
            raise EmbeddedError(f"{self.folder} 属于另一个账户 | {self.folder} belongs to another account.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def _serve(self, deadline: float) -> str:
        if self._server:
            self._server.communicate()  # it has crashed: close what is left of it
        try:
            server_lock = self._await_former_server(deadline)
            try:
                self._launch(server_lock, deadline)
            finally:
                os.close(server_lock)
            return self._await_answer(deadline)
        except BaseException:
            self.stop()
            raise

    def _await_former_server(self, deadline: float) -> int:
        while (lock := self._lock("server.lock")) is None:
            self._pause(deadline)
        if (stranger := Postmaster.of(self.data)) and stranger.listens():
            os.close(lock)
            raise EmbeddedError(
                f"{self.data} 正由另一个 PostgreSQL(进程 {stranger.pid})使用 | "
                f"{self.data} is in use by a PostgreSQL started by other means, process {stranger.pid}."
            )
        # What is left is a crash's trace. Its process id may by now be another's, and PostgreSQL would not start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        return lock

    def _launch(self, server_lock: int, deadline: float) -> None:
        bindir = self._account.reachable_programs(self._bindir or find_bindir(), self.folder / "programs")
        ensure_cluster(self.data, bindir, self._account, deadline - time.monotonic(), server_lock)
        short = self._short_socket_folder()
        settings = {**tuning.settings(bindir), **self._settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        postgres: list[Path | str] = [bindir / "postgres", "-D", self.data, "-k", short or self.data, *options]
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            supervisor = ("/bin/sh", "-c", SUPERVISOR, "sh", short or "")
            self._server = self._account.spawn(*supervisor, *postgres, log=log, keep=server_lock)

    def _short_socket_folder(self) -> Path | None:
        """Return a new folder for the socket when its path in the data folder would be too long."""
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return None
        short = Path(tempfile.mkdtemp(prefix="shanghui-", dir="/tmp"))
        self._account.take(short)
        return short

    def _await_answer(self, deadline: float) -> str:
        while not (postmaster := Postmaster.of(self.data)) or not postmaster.answers("postgres"):
            if self._server and self._server.poll() is not None:
                raise EmbeddedError(f"PostgreSQL 未能启动 | PostgreSQL did not start: {self._last_words()}")
            self._pause(deadline)
        ensure_database(postmaster)
        return postmaster.uri()

    def _answering(self) -> str | None:
        postmaster = Postmaster.of(self.data)
        return postmaster.uri() if postmaster and postmaster.answers() else None

    def _pause(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"等待 {self.folder} 中的 PostgreSQL 超时,见 {self.log} | "
                f"PostgreSQL in {self.folder} did not become ready in time: see {self.log}."
            )
        time.sleep(POLL_SECONDS)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return next((line for line in reversed(lines) if "FATAL" in line), lines[-1] if lines else "")
