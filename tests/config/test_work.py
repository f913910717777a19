"""The supervisor of the workers: all run, one that ends is started again, and all end when told to."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings


@pytest.fixture
def supervisor(tmp_path):
    """A supervisor of its own, over an empty database, whose workers are running."""
    env = os.environ | {"ENVIRONMENT": "development", "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=settings.BASE_DIR, env=env, check=True)
    started = subprocess.Popen([*manage, "work"], cwd=settings.BASE_DIR, env=env, start_new_session=True)
    wait_until(lambda: len(children_of(started.pid)) == 3)
    yield started
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as listed:
        return {int(one) for one in listed.read().split()}


def wait_until(holds, seconds=40):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="children are read from /proc")
def test_a_worker_that_dies_is_started_again_and_all_end_when_told_to(supervisor):
    before = children_of(supervisor.pid)
    os.kill(min(before), signal.SIGKILL)

    wait_until(lambda: len(children_of(supervisor.pid) - before) == 1)
    children = children_of(supervisor.pid)
    assert len(children) == 3

    time.sleep(1)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(40) == 0
    assert not [pid for pid in children if os.path.exists(f"/proc/{pid}")]
