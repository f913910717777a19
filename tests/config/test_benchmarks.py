"""`make bench` runs every benchmark, and fails beneath a goal. The benchmarks themselves are too long for tests."""

from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from django.conf import settings

from benchmarks import __main__ as runner
from benchmarks import site
from benchmarks.measure import Figure, Goal, judge, middle

FOLDER = Path(settings.BASE_DIR) / "benchmarks"


def test_every_benchmark_is_run():
    written = {path.stem for path in FOLDER.glob("*.py") if "\nGOALS" in path.read_text()}

    assert written == {*runner.BENCHMARKS, *runner.BY_HAND}


@pytest.mark.parametrize("name", runner.BENCHMARKS)
def test_each_benchmark_states_a_goal(name):
    module = import_module(f"benchmarks.{name}")

    assert module.GOALS
    assert all(isinstance(goal, Goal) and goal != Goal() for goal in module.GOALS.values())
    assert "Goal" in module.__doc__


@pytest.mark.parametrize(
    ("goal", "figure", "is_met"),
    [
        (Goal(times=2), Figure("page", 4, 2), True),
        (Goal(times=2), Figure("page", 5, 2), False),
        (Goal(times=2), Figure("page", 1), False),  # a yardstick that nobody measured holds no goal
        (Goal(most=28), Figure("page", 28, unit="MB"), True),
        (Goal(most=28), Figure("page", 29, unit="MB"), False),
        (Goal(times=9, queries=6), Figure("page", 4, 2, queries=6), True),
        (Goal(times=9, queries=6), Figure("page", 4, 2, queries=7), False),
    ],
)
def test_a_figure_is_held_to_its_goal(goal, figure, is_met):
    (row,) = judge({"page": goal}, [figure])

    assert row.is_met == is_met
    assert str(row).endswith("ok" if is_met else "NOT MET")


def test_a_goal_that_nothing_was_measured_for_is_not_met():
    (row,) = judge({"page": Goal(times=2)}, [])

    assert not row.is_met


def test_the_middle_round_counts():
    figure = middle("page", [(10, 1), (30, 1), (12, 1)])

    assert (figure.value, figure.yardstick) == (12, 1)


@pytest.mark.parametrize(("value", "code"), [(3, 1), (2, 0)])
def test_the_runner_ends_with_1_beneath_a_goal(monkeypatch, capsys, value, code):
    fake = ModuleType("benchmarks.fake")
    fake.GOALS, fake.measure = {"page": Goal(times=2)}, lambda: iter([Figure("page", value, 1)])
    monkeypatch.setitem(runner.sys.modules, "benchmarks.fake", fake)
    monkeypatch.setattr(site, "filled_site", no_site)
    monkeypatch.setattr(runner, "run_one", lambda module, environment: runner.measure_here(module))

    assert runner.run(["fake"]) == code
    assert ("NOT MET: fake" in capsys.readouterr().out) == bool(code)


@contextmanager
def no_site():
    @contextmanager
    def copy(name):
        yield {}

    yield SimpleNamespace(copy=copy)
