"""Under which account does PostgreSQL run, given that it refuses to run as root?"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from service.postgres.binaries import EmbeddedError, copy_programs

UNPRIVILEGED = "nobody"
KEEPING_MEMORY = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(8 << 20))
"""Has glibc keep up to 8 MiB a process between statements: given back, the kernel hands it out anew page by page."""


@dataclass(frozen=True)
class Account:
    """The account of the server's processes; without ids it is the account of this process."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def for_server(cls) -> Self:
        """Return this process's own account, or `nobody` when this process is root."""
        if os.geteuid() != 0:
            return cls()
        unprivileged = pwd.getpwnam(UNPRIVILEGED)
        return cls(unprivileged.pw_uid, unprivileged.pw_gid)

    @property
    def differs(self) -> bool:
        """Whether the server runs under another account than this process."""
        return self.uid is not None

    def run(
        self, *command: Path | str, timeout: float | None = None, keep: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end under the account, with descriptor `keep` left open.

        Raises:
            PermissionError: the account cannot reach the program.
            subprocess.TimeoutExpired: it took longer than `timeout` seconds.
        """
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=timeout,
            pass_fds=[] if keep is None else [keep],
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=server_environment(),
            user=self.uid,
            group=self.gid,
            extra_groups=[] if self.differs else None,
        )

    def spawn(self, *command: Path | str, log: IO[bytes], keep: int) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own, with a pipe as its input and descriptor `keep` left open."""
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[keep],
            start_new_session=True,
            cwd="/",
            env=server_environment(),
            user=self.uid,
            group=self.gid,
            extra_groups=[] if self.differs else None,
        )

    def make_private_folder(self, folder: Path) -> None:
        """Make a folder that only the account (and root) can enter."""
        folder.mkdir(mode=0o700)
        self.take(folder)

    def take(self, folder: Path) -> None:
        """Make the account the owner of a folder that this process has made."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def open_way(self, folder: Path) -> None:
        """Make a folder that the account can pass through, touching no folder above it.

        Raises:
            EmbeddedError: a folder above it is closed to the account.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.differs and not any(folder.iterdir()):
            folder.chmod(0o711)
        if self.differs and self.run("/bin/sh", "-c", 'cd "$0"', folder).returncode:
            raise EmbeddedError(
                f"以 root 运行时数据库使用 {UNPRIVILEGED} 账户,而它无法进入 {folder}:请换一个数据文件夹 | "
                f"Run by root, PostgreSQL works as {UNPRIVILEGED}, who cannot enter {folder}: choose another folder."
            )

    def reachable_programs(self, bindir: Path, copies: Path) -> Path:
        """Return a folder of the same programs that the account can run: `bindir`, or a copy of it below `copies`.

        A virtual environment often lies in a home folder that is closed to others.
        """
        try:
            reachable = self.run(bindir / "postgres", "-V").returncode == 0
        except PermissionError:
            reachable = False
        return bindir if reachable else copy_programs(bindir, copies)


def server_environment() -> dict[str, str]:
    """Return this process's environment without libpq's variables, and with English messages for the log.

    It keeps memory between statements, unless this process's own environment says how much.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return KEEPING_MEMORY | kept | {"LC_ALL": "C"}
