"""Querysets whose SQL is built once: half of what a small query costs is Django putting its statement together.

    @compiled(student=int, on=date)
    def bindings_standing(student, on):
        return Binding.objects.standing(on=on).filter(student=student)

    bindings_standing(student=5, on=today)  # a list, as the queryset would give it

The queryset stays the source of truth. It is built once a database, with two sets of stand-ins: whatever differs between
both and is no stand-in comes from elsewhere, as from the clock, and is refused. A time is an argument. Tests build
each on two days (tests/core/test_compiled.py) and run each beside its queryset (tests/test_compiled_beside.py).
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models import query as made_by_django
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesIterable, ValuesListIterable

ALL: list["Compiled"] = []
LARGEST_KEY = 2**63 - 1
FAR_AWAY = datetime.datetime(2531, 3, 17, 5, 43, 21, 987654, tzinfo=datetime.UTC)


class NotCompilable(Exception):
    """The queryset depends on more than its arguments, or its SQL on their values."""


def compiled(**kinds: type) -> Callable[[Callable[..., QuerySet]], "Compiled"]:
    """Decorate a function from values (of these types: int, str, date, datetime, UUID) to a queryset."""

    def decorate(build: Callable[..., QuerySet]) -> Compiled:
        one = Compiled(build, kinds)
        ALL.append(one)
        return one

    return decorate


@dataclass
class Compiled:
    """Called with its values by name, it runs the statement and returns a list of what the queryset yields."""

    queryset: Callable[..., QuerySet]
    kinds: dict[str, type]
    _statements: dict[str, "_Statement"] = field(default_factory=dict)

    def __call__(self, using: str = "default", **values: Any) -> list[Any]:
        statement = self._statements.get(using)
        if statement is None:
            statement = self._statements[using] = _Statement.of(self, using)
        return statement.run(values)

    def first(self, using: str = "default", **values: Any) -> Any:
        """The first of them, or None. The queryset itself says how many are read."""
        return next(iter(self(using, **values)), None)

    @property
    def model(self) -> type[Model]:
        return self.queryset(**_stand_ins(self.kinds, 0)).model

    @property
    def name(self) -> str:
        return f"{self.queryset.__module__}.{self.queryset.__qualname__}"


def keep_fetched(instance: Any, name: str, rows: list[Any]) -> None:
    """Let `instance.<name>.all()` give `rows`, as if they had been prefetched."""
    related = getattr(instance, name).get_queryset()
    related._result_cache, related._prefetch_done = rows, True
    if not hasattr(instance, "_prefetched_objects_cache"):
        instance._prefetched_objects_cache = {}
    instance._prefetched_objects_cache[name] = related


@dataclass
class _Statement:
    """The SQL of one database, what stands at each of its placeholders, and how rows become what the queryset yields."""

    using: str
    sql: str
    params: tuple[Any, ...]
    places: list[tuple[int, str]]
    convert: Callable[[list[Any]], Iterable[Any]]
    prefetch: tuple[Any, ...]

    @classmethod
    def of(cls, one: Compiled, using: str) -> "_Statement":
        first, second = _stand_ins(one.kinds, 0), _stand_ins(one.kinds, 1)
        queryset: Any = one.queryset(**first)
        compiler = queryset.query.get_compiler(using)
        sql, params = compiler.as_sql()
        other_sql, other_params = one.queryset(**second).query.get_compiler(using).as_sql()
        if sql != other_sql:
            raise NotCompilable(f"the SQL of {one.name} depends on its values")
        places = _places(one, using, first, second, list(zip(params, other_params, strict=True)))
        return cls(
            using, sql, tuple(params), places, _converter(queryset, compiler), queryset._prefetch_related_lookups
        )

    def run(self, values: dict[str, Any]) -> list[Any]:
        if any(isinstance(value, int) and value > LARGEST_KEY for value in values.values()):
            return []  # as Django answers where no row can have such a key
        connection = connections[self.using]
        params = list(self.params)
        for place, name in self.places:
            params[place] = _adapted(connection, values[name])
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = list(self.convert(cursor.fetchall()))
        if self.prefetch:
            prefetch_related_objects(found, *self.prefetch)
        return found


def _stand_ins(kinds: dict[str, type], turn: int) -> dict[str, Any]:
    """A value of each kind that stands nowhere else."""
    made: dict[str, Any] = {}
    for number, (name, kind) in enumerate(kinds.items(), start=1):
        odd = 700_000_000 + turn * 100_000_000 + number * 7919
        made[name] = {
            int: odd,
            uuid.UUID: uuid.UUID(int=odd),
            str: f"stand-in %_\\ {odd}",  # a lookup that escapes its value, as `iexact` does, is refused
            datetime.date: datetime.date(2200 + turn, 1, 1) + datetime.timedelta(days=number),
            datetime.datetime: FAR_AWAY + datetime.timedelta(days=1000 * turn + number, microseconds=number),
        }[kind]
    return made


def _places(
    one: Compiled, using: str, first: dict[str, Any], second: dict[str, Any], pairs: list[tuple[Any, Any]]
) -> list[tuple[int, str]]:
    connection = connections[using]
    named = {(_adapted(connection, first[name]), _adapted(connection, second[name])): name for name in one.kinds}
    places = []
    for place, pair in enumerate(pairs):
        if pair in named:
            places.append((place, named[pair]))
        elif pair[0] != pair[1]:
            raise NotCompilable(f"{one.name} takes {pair[0]!r} from elsewhere than its arguments")
    if missing := set(one.kinds) - {name for _place, name in places}:
        raise NotCompilable(f"{one.name} does not use {', '.join(sorted(missing))}")
    return places


def _adapted(connection: Any, value: Any) -> Any:
    """A value as this database's driver takes it, which is what fields prepare it to."""
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _converter(queryset: QuerySet, compiler: Any) -> Callable[[list[Any]], Iterable[Any]]:
    """Rows of the driver to objects, to tuples for `values_list`, or to dictionaries for `values`."""
    converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])

    def converted(rows: list[Any]) -> Iterable[Any]:
        return compiler.apply_converters(rows, converters) if converters else rows

    if queryset._iterable_class is ModelIterable:
        made = _Objects(compiler)
        return lambda rows: made(converted(rows))
    if queryset._iterable_class is FlatValuesListIterable:
        return lambda rows: (row[0] for row in converted(rows))
    if queryset._iterable_class is ValuesListIterable:
        return lambda rows: (tuple(row) for row in converted(rows))
    if queryset._iterable_class is ValuesIterable:
        names = list(queryset.query.selected or {})
        return lambda rows: (dict(zip(names, row, strict=True)) for row in converted(rows))
    raise NotCompilable("only objects, values and values_list")


class _Objects:
    """Rows to objects with their related ones, as `ModelIterable` makes them."""

    def __init__(self, compiler: Any) -> None:
        info = compiler.klass_info
        self.model: type[Model] = info["model"]
        self.own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        self.names = [one[0].target.attname for one in compiler.select[self.own]]
        self.related = made_by_django.get_related_populators(  # type: ignore[attr-defined]
            info, compiler.select, compiler.using
        )
        self.annotations = list((compiler.annotation_col_map or {}).items())
        self.using = compiler.using

    def __call__(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            made = self.model.from_db(self.using, self.names, row[self.own])
            for populator in self.related:
                populator.populate(row, made)
            for name, place in self.annotations:
                setattr(made, name, row[place])
            yield made
