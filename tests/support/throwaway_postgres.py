"""Runs a command against a PostgreSQL of its own: `python -m tests.support.throwaway_postgres pytest …`.

The cluster lives in a temporary folder, listens on a Unix socket only, and goes when the command ends.
Under CI a missing PostgreSQL is a failure, elsewhere a loud skip.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

# Nothing here outlives the command: no write waits for a disk, and no process tidies up what goes anyway. The last one is
# what docs/operations.md asks for.
CARELESS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
            "autovacuum=off", "shared_buffers=256MB", "max_wal_size=4GB",
            "random_page_cost=1.1"]  # fmt: skip


def find_programs():
    """The newest folder with `initdb` and `postgres`, or None."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: -int(bin.parent.name))
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def unprivileged():
    """PostgreSQL refuses to run as root: who else it runs as then."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise SystemExit("No unprivileged user to run PostgreSQL as.")


@contextmanager
def cluster(programs):
    """Start a cluster; yields its DATABASE_URL."""
    who = unprivileged()
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:  # noqa: S108
        home = Path(folder)
        if who:
            os.chown(home, who["user"], who["group"])
        data = home / "data"
        run = {"check": True, "cwd": home, "stdout": subprocess.DEVNULL, **who}
        init = ["--auth=trust", "--username=tests", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([programs / "initdb", "-D", data, *init], **run)
        settings = ["listen_addresses=''", "max_connections=300", *CARELESS]
        options = " ".join([f"-k {home}", *(f"-c {one}" for one in settings)])
        subprocess.run([programs / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start"], **run)
        try:
            yield f"postgres://tests@/postgres?host={home}"
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)


def main():
    programs = find_programs()
    if programs is None:
        message = "PostgreSQL's server programs are not installed: the tests on PostgreSQL did not run."
        if os.environ.get("CI"):
            raise SystemExit(message)
        sys.stderr.write(f"\n*** SKIPPED: {message} ***\n\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(programs) as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
