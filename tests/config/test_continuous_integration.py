""".ci/run brings along what it needs, on a machine that has nothing of it and on one that has everything."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = Path(settings.BASE_DIR) / ".ci" / "run"
TOOLS = ("chromium", "pdftoppm", "xgettext")


@pytest.fixture
def machine(tmp_path):
    """A machine of stubs: `run(missing)` gives the commands that were called, in order."""

    def run(*missing):
        programs, log = tmp_path / "bin", tmp_path / "log"
        programs.mkdir()
        for name in ("bash", "dirname", "grep"):
            (programs / name).symlink_to(shutil.which(name))

        def stub(name, words):
            (programs / name).write_text(f"#!{shutil.which('bash')}\n{words}\n")
            (programs / name).chmod(0o755)

        for name in {*TOOLS} - {*missing}:
            stub(name, ":")
        stub("python3", "exit 1" if "postgresql" in missing else "exit 0")
        stub("fc-list", ":" if "fonts" in missing else "echo NotoSansCJK")
        stub("apt-get", f'echo apt-get "$@" >> {log}')
        stub("make", f'echo make "$@" >> {log}')
        subprocess.run([programs / "bash", SCRIPT], env={"PATH": str(programs)}, check=True)
        return log.read_text().splitlines()

    return run


@pytest.mark.parametrize("missing", [*TOOLS, "postgresql", "fonts"])
def test_what_is_missing_is_installed_before_the_tests(machine, missing):
    update, install, tests = machine(missing)

    assert update.startswith("apt-get update")
    assert {"chromium", "poppler-utils", "gettext", "fonts-noto-cjk", "postgresql"} < set(install.split())
    assert tests == "make test"


def test_a_machine_that_has_everything_installs_nothing(machine):
    assert machine() == ["make test"]
