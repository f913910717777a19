"""Charts as the places of their shapes: drawn as SVG by the macros `ui.chart_…`, by typst on paper.

What differs differs in pattern, not in colour alone; every chart has its numbers in words or in a table beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

# px; the name stands above its bar, so that both are as wide as a phone
ROW, TEXT, BAR_TOP, BAR_HEIGHT = (46, 16, 22, 14)
TREND_HEIGHT, TREND_EDGE = (48, 4)  # px; the edge leaves room for half a line

FULL, HATCHED, DOTTED, EMPTY = PATTERNS = ("full", "hatched", "dotted", "empty")


class Kind(NamedTuple):
    """What a stretch of a bar stands for. `pattern`: one of PATTERNS."""

    key: str
    word: Any  # a text, which may be lazy
    pattern: str = FULL


class Row(NamedTuple):
    """A bar to be drawn. `counts`: {key of a kind: how many}; `figures`: what stands at its right end in words."""

    name: str
    counts: Mapping[str, int]
    figures: str = ""
    url: str = ""  # where the table behind the chart leads


@dataclass(frozen=True)
class Part:
    """A stretch of a bar; start and width in percent of the room."""

    kind: str
    pattern: str
    word: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A bar with its places in px from the top of the chart; `width` in percent of the room."""

    name: str
    figures: str
    url: str
    text_y: int
    bar_y: int
    width: float
    parts: list[Part]
    counts: list[int]


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, each of stretches of several kinds."""

    title: str
    says: str
    kinds: Sequence[Kind]
    bars: list[Bar]
    bar_height = BAR_HEIGHT

    @classmethod
    def of(
        cls, title: str, rows: Iterable[Row], kinds: Sequence[Kind], *, says: str = "", most: int | None = None
    ) -> "Bars":
        """`most`: how many fill the room; without it each bar is as wide as the room, whatever it counts.

        `says`: what the bars are of, for who hears the page.
        """
        return cls(title, says, kinds, [bar_of(row, place, kinds, most) for place, row in enumerate(rows)])

    @property
    def height(self) -> int:
        return len(self.bars) * ROW


def bar_of(row: Row, place: int, kinds: Sequence[Kind], most: int | None) -> Bar:
    counted = sum(row.counts.get(kind.key, 0) for kind in kinds)
    room = counted if most is None else most
    return Bar(
        name=row.name,
        figures=row.figures or str(counted),
        url=row.url,
        text_y=place * ROW + TEXT,
        bar_y=place * ROW + BAR_TOP,
        width=100 if most is None else percent(counted, room),
        parts=list(parts_of(row.counts, kinds, room)),
        counts=[row.counts.get(kind.key, 0) for kind in kinds],
    )


def parts_of(counts: Mapping[str, int], kinds: Sequence[Kind], room: int) -> Iterable[Part]:
    """Nobody of a kind: no stretch of it."""
    start = 0
    for kind in kinds:
        if count := counts.get(kind.key, 0):
            yield Part(kind.key, kind.pattern, str(kind.word), count, percent(start, room), percent(count, room))
            start += count


def percent(part: float, whole: float) -> float:
    return round(part * 100 / whole, 3) if whole else 0


@dataclass(frozen=True)
class Trend:
    """A share that rises and falls over days; a day that nobody counted is bridged by a straight line."""

    title: str
    points: list[tuple[date, int]]  # days in order, each with a percentage
    first: date
    last: date
    height = TREND_HEIGHT

    @classmethod
    def of(
        cls, title: str, points: Iterable[tuple[date, int]], *, first: date | None = None, last: date | None = None
    ) -> "Trend":
        """`first` and `last`: the days at the ends of the room, the same in charts that are to be compared."""
        known = sorted(points)
        today = known[-1][0] if known else date.min
        return cls(title, known, first or (known[0][0] if known else today), last or today)

    @property
    def now(self) -> int | None:
        """The last percentage; None before anything was counted."""
        return self.points[-1][1] if self.points else None

    @property
    def before(self) -> int | None:
        return self.points[0][1] if self.points else None

    def x(self, day: date) -> float:
        """In percent of the room; a single day stands at its end."""
        days = (self.last - self.first).days
        return percent((day - self.first).days, days) if days else 100

    def y(self, value: int) -> float:
        """In px from the top."""
        return round(TREND_EDGE + (100 - value) * (TREND_HEIGHT - 2 * TREND_EDGE) / 100, 2)

    @property
    def line(self) -> str:
        """The `points` of a polyline in a room of 100 by `height`."""
        return " ".join(f"{self.x(day)},{self.y(value)}" for day, value in self.points)

    @property
    def area(self) -> str:
        """The same, closed along the bottom."""
        if not self.points:
            return ""
        bottom = TREND_HEIGHT - TREND_EDGE
        return f"{self.x(self.points[0][0])},{bottom} {self.line} {self.x(self.points[-1][0])},{bottom}"

    @property
    def end(self) -> tuple[float, float]:
        """Where the last day stands: percent of the room, px from the top."""
        day, value = self.points[-1]
        return self.x(day), self.y(value)
