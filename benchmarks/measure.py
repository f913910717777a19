"""Figures beside their yardsticks, and the goals they are held to.

What is measured is CPU, not time, beside a yardstick: a bare view, bare statements, a bare hash. Both are taken in turns,
and the middle of the ratios of all rounds counts: another load on the machine slows both.
"""

import resource
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What was measured. `value` and `yardstick` in `unit`; `queries` of a page with BEGIN and COMMIT, as Django logs them."""

    what: str
    value: float
    yardstick: float | None = None
    unit: str = "ms"
    queries: int | None = None


@dataclass(frozen=True)
class Goal:
    """At most `times` the yardstick, at most `most` of the figure's unit, at most so many `queries`."""

    times: float | None = None
    most: float | None = None
    queries: int | None = None


@dataclass(frozen=True)
class Row:
    """A figure and its goal, judged: one line of the table."""

    what: str
    figure: str
    yardstick: str
    ratio: str
    goal: str
    queries: str
    is_met: bool

    def __str__(self) -> str:
        cells = f"{self.figure:>12} {self.yardstick:>12} {self.ratio:>8} {self.goal:>10} {self.queries:>9}"
        return f"  {self.what:34} {cells}  {'ok' if self.is_met else 'NOT MET'}"


HEADING = f"  {'':34} {'figure':>12} {'yardstick':>12} {'ratio':>8} {'goal':>10} {'queries':>9}"


def judge(goals: dict[str, Goal], figures: Iterable[Figure]) -> Iterable[Row]:
    """A row for each figure as it comes, and one for each goal that nothing was measured for: it is not met."""
    left = dict(goals)
    for figure in figures:
        yield _row(figure, left.pop(figure.what, Goal()))
    for what, goal in left.items():
        yield Row(what, "not measured", "", "", _words(goal, ""), "", is_met=False)


def _row(figure: Figure, goal: Goal) -> Row:
    ratio = figure.value / figure.yardstick if figure.yardstick else None
    is_met = all(
        limit is None or (value is not None and value <= limit)
        for value, limit in ((ratio, goal.times), (figure.value, goal.most), (figure.queries, goal.queries))
    )
    ceiling = f"/{goal.queries}" if goal.queries is not None else ""
    return Row(
        figure.what,
        f"{_number(figure.value)} {figure.unit}",
        f"{_number(figure.yardstick)} {figure.unit}" if figure.yardstick else "",
        f"×{_number(ratio)}" if ratio else "",
        _words(goal, figure.unit),
        f"{figure.queries}{ceiling}" if figure.queries is not None else "",
        is_met,
    )


def _words(goal: Goal, unit: str) -> str:
    parts = [f"≤ ×{goal.times:g}" if goal.times else "", f"≤ {goal.most:g} {unit}".strip() if goal.most else ""]
    return " ".join(filter(None, parts))


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def spent(work: Callable[[], Any]) -> float:
    """Milliseconds of CPU that `work` took: of this process, of its children that ended, of the database's process."""
    before = _cpu()
    work()
    return (_cpu() - before) * 1000


def beside(what: str, work: Callable[[], Any], bare: Callable[[], Any], *, rounds: int = 5, **more: Any) -> Figure:
    """`work` and `bare`, in turns in this process."""
    return middle(what, [(spent(work), spent(bare)) for _round in range(rounds)], **more)


def once(what: str, work: Callable[[], Any], bare: Callable[[], Any]) -> Figure:
    """`work` that happens once only, with `bare` some times before and after it."""
    cost: list[float] = []
    yardsticks = [spent(bare) for _before in range(3)]
    queries = queries_of(lambda: cost.append(spent(work)))
    yardsticks += [spent(bare) for _after in range(3)]
    return middle(what, [(cost[0], statistics.median(yardsticks))], queries=queries)


def middle(what: str, pairs: list[tuple[float, float]], **more: Any) -> Figure:
    """The figure of the middle ratio of `pairs` (milliseconds of the work, of its yardstick)."""
    ratio = statistics.median(work / bare for work, bare in pairs)
    yardstick = statistics.median(bare for _work, bare in pairs)
    return Figure(what, ratio * yardstick, yardstick, **more)


def _cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + _cpu_of_database()


def _cpu_of_database() -> float:
    """Of the process that serves this connection; it runs on this machine."""
    from django.db import connection

    connection.ensure_connection()
    return cpu_of(connection.connection.info.backend_pid)


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has had so far."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def private_megabytes(pid: int) -> float:
    """Memory that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def peak_megabytes() -> float:
    """The most memory that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def queries_of(work: Callable[[], Any]) -> int:
    """How many statements `work` asks, however many; BEGIN and COMMIT are none here."""
    from django.db import connection

    asked = 0

    def count(execute: Callable[..., Any], *about: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*about)

    with connection.execute_wrapper(count):
        work()
    return asked
