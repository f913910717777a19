"""The supervisor of the workers: all run, one that ends is started again, all end when told to, in little memory."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.databases import KEPT

MEMORY = 120  # megabytes that all of them hold of their own; 101 were measured on SQLite
SOME_WORK = """
import django
django.setup()
from accounts.tasks import mail_way_in
from config.mail_samples import samples
from core import crypto
from notifications.models import Message
Message.objects.bulk_create(samples("en")[:3])
mail_way_in.enqueue(crypto.encrypt("zoe@example.com"), "en")
"""
needs_proc = pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="is read from /proc")


@pytest.fixture
def supervisor(tmp_path, django_db_setup):
    """A supervisor of its own, over an empty database, whose workers are running."""
    if "path" not in KEPT:
        pytest.skip("the workers run on a copy of SQLite's first database")
    shutil.copy(KEPT["path"], tmp_path / "db.sqlite3")
    env = os.environ | {"ENVIRONMENT": "development", "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    manage = [sys.executable, "manage.py"]
    started = subprocess.Popen([*manage, "work"], cwd=settings.BASE_DIR, env=env, start_new_session=True)
    started.env = env
    wait_until(lambda: len(children_of(started.pid)) == 3)
    yield started
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as listed:
        return {int(one) for one in listed.read().split()}


def own_memory(pid):
    """Megabytes of a process that no file backs, each page shared out among those that have it."""
    kept = dict(line.split(":") for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return int(kept["Pss_Anon"].split()[0]) / 1024


def wait_until(holds, seconds=40):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@needs_proc
def test_a_worker_that_dies_is_started_again_and_all_end_when_told_to(supervisor):
    killed = min(children_of(supervisor.pid))
    os.kill(killed, signal.SIGKILL)

    # The reminders' first look may be over meanwhile: theirs is another process then, too.
    wait_until(lambda: killed not in (children := children_of(supervisor.pid)) and len(children) == 3)
    children = children_of(supervisor.pid)

    time.sleep(1)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(40) == 0
    assert not [pid for pid in children if os.path.exists(f"/proc/{pid}")]


@needs_proc
def test_what_was_needed_for_a_mail_and_a_task_is_given_back(supervisor):
    mail, tasks, _reminders = sorted(children_of(supervisor.pid))  # in the order they were started

    subprocess.run([sys.executable, "-c", SOME_WORK], cwd=settings.BASE_DIR, env=supervisor.env, check=True)

    wait_until(lambda: not {mail, tasks} & children_of(supervisor.pid))
    time.sleep(2)
    assert sum(map(own_memory, [supervisor.pid, *children_of(supervisor.pid)])) < MEMORY
