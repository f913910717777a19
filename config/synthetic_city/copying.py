"""Copies of pattern schools: the same rows under other keys, of other people, written as fast as the database takes them.

Constraints and triggers of the database stay on and check every row. A copy is one transaction: foreign keys are
checked at its end, so that the order of tables does not matter.
"""

from functools import cached_property

from django.core.management.base import CommandError
from django.core.management.color import no_style
from django.db import connection, transaction

from config.synthetic_city.people import LEVELS, People, complete, other_name
from config.synthetic_city.renewing import codes_of, is_read_as_it_is, reference_of, rule_of, without_a_rule
from config.synthetic_city.school import facts_of
from config.synthetic_city.tables import SHARED, copied_models, has_number, uniques_of
from core import crypto
from registry.models import School
from registry.models.person import HasIdentityNumber


class Table:
    """The rows that one pattern has in one table, by column."""

    def __init__(self, model, after, up_to):
        self.model = model
        self.fields = model._meta.concrete_fields
        columns = ", ".join(_as_read(field) for field in self.fields)
        key = f'"{model._meta.pk.column}"'
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {key} > %s AND {key} <= %s ORDER BY {key}',  # noqa: S608 # nosec B608
                [after, up_to],
            )
            rows = cursor.fetchall()
        self.columns = dict(zip((field.attname for field in self.fields), zip(*rows, strict=True), strict=False))
        self.rules = {field.attname: rule for field in self.fields if (rule := rule_of(field)) is not None}
        self.count = len(rows)

    def __len__(self):
        return self.count

    def __getitem__(self, attname):
        return self.columns[attname]

    def rows(self, *attnames):
        return zip(*(self.columns[one] for one in attnames), strict=True)

    def copied(self, copy):
        """Rows of the copy, in the order of the columns."""
        columns = [
            self.rules[field.attname](copy, self) if field.attname in self.rules else self.columns[field.attname]
            for field in self.fields
        ]
        return zip(*columns, strict=True)


def _as_read(field):
    """PostgreSQL's own text of a value goes back as it came."""
    column = f'"{field.column}"'
    return f"{column}::text" if connection.vendor == "postgresql" and not is_read_as_it_is(field) else column


class Source:
    """A pattern in memory: its tables, and its people."""

    def __init__(self, pattern):
        self.number = pattern.number
        self.keys = pattern.keys
        self.tables = {model: Table(model, *keys) for model, keys in pattern.keys.items() if keys[1] > keys[0]}
        self.level = LEVELS[pattern.number % len(LEVELS)][0]
        self.numbers = dict(self._numbers())

    def _numbers(self):
        """(fingerprint, ID number) of everybody."""
        for model, table in self.tables.items():
            if issubclass(model, HasIdentityNumber):
                for mark, cipher in table.rows("identity_fingerprint", "identity_cipher"):
                    if cipher:
                        yield mark, crypto.decrypt(cipher)


class Copy:
    """The city's `number`-th school, a copy of the pattern in `source`."""

    def __init__(self, source, number, *, round, strides):
        self.source, self.number, self.round, self.strides = source, number, round, strides
        self.school = facts_of(number, source.level)
        self.pattern_school = facts_of(source.number, source.level)
        self.persons = {"": ("", "")}
        self.known_names = {}

    def table(self, model):
        return self.source.tables[model]

    def moved(self, model, key):
        """The copy's key for a key of the pattern; what all share stays. Raises CommandError for another school's."""
        if key is None or model._meta.label in SHARED:
            return key
        after, up_to = self.source.keys[model]
        if not after < key <= up_to:
            raise CommandError(f"A row refers to {model._meta.label} {key}, which is not of its school.")
        return key + self.round * self.strides[model]

    def moved_all(self, model, keys):
        return [self.moved(model, key) for key in keys] if isinstance(keys, list) else self.moved(model, keys)

    def person(self, mark):
        """(cipher, fingerprint) of the copy's person for the fingerprint of the pattern's."""
        if mark not in self.persons:
            old = self.source.numbers[mark]
            number = complete(f"{old[:2]}{int(old[2:9]) + self.round * self.strides[People]:07d}")
            self.persons[mark] = crypto.encrypt(number), crypto.fingerprint(number)
        return self.persons[mark]

    def name(self, old):
        if old not in self.known_names:
            self.known_names[old] = other_name(old, self.round)
        return self.known_names[old]

    def email(self, old):
        return f"{self.number}.{old}" if old else ""

    def reference(self, old):
        return reference_of(self, old)

    def names_by_key(self, model):
        return dict(self.table(model).rows("id", "name"))

    @cached_property
    def codes(self):
        return codes_of(self)

    @transaction.atomic
    def write(self):
        for table in self.source.tables.values():
            write_rows(table.model, table.copied(self))


def write_rows(model, rows):
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    into = f'"{model._meta.db_table}" ({columns})'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copying:
                for row in rows:
                    copying.write_row(row)
        else:
            places = ", ".join(["%s"] * len(model._meta.concrete_fields))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)  # noqa: S608 # nosec B608


def check_rules():
    """Raises CommandError for a table that a second copy of a school could not be written to."""
    for model in copied_models():
        if names := without_a_rule(model, uniques_of(model)):
            raise CommandError(
                f"{model._meta.label}: nothing makes {names[0]} new (config/synthetic_city/renewing.py)."
            )


def last_keys():
    """{model: its last key}: so far apart the copies of a key lie."""
    with connection.cursor() as cursor:
        strides = {}
        for model in filter(has_number, copied_models()):
            cursor.execute(f'SELECT MAX("{model._meta.pk.column}") FROM "{model._meta.db_table}"')  # noqa: S608 # nosec B608
            strides[model] = cursor.fetchone()[0] or 0
    return strides


def set_sequences():
    """New rows come after the copies."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*copied_models(), School]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
