"""A whole city: a few pattern schools, and copies of them in several processes."""

import multiprocessing

from django.core.management.base import CommandError
from django.db import connection, connections

from config.synthetic_city import copying
from config.synthetic_city.patterns import make_pattern
from config.synthetic_city.people import SERIALS, People


def make_patterns(count, *, seed, password, note, **sizes):
    """([Pattern], strides): the first `count` schools, made by the real steps; `password` in its stored form.

    `sizes`: students, class_size and families of each; `note` is told of each school.
    """
    people = People(seed)
    first = people.serial
    patterns = []
    for number in range(1, count + 1):
        patterns.append(make_pattern(number, people, password=password, **sizes))
        note(f"school {number} by the real steps")
    strides = copying.last_keys() | {People: people.serial - first + 1}
    return patterns, strides


def copy_schools(patterns, strides, *, schools, processes, note):
    """Copy the patterns in turn until there are `schools`."""
    copying.check_rules()
    if strides[People] * -(-schools // len(patterns)) > SERIALS // 2:
        raise CommandError("There are not enough ID numbers for so many people.")
    sources = [copying.Source(one) for one in patterns]
    numbers = range(len(patterns) + 1, schools + 1)
    if processes == 1 or connection.vendor == "sqlite":
        write_copies(sources, strides, numbers, note)
    else:
        in_parallel(processes, lambda place: write_copies(sources, strides, numbers[place::processes], note))
    copying.set_sequences()


def write_copies(sources, strides, numbers, note):
    for number in numbers:
        round, place = divmod(number - 1, len(sources))
        copying.Copy(sources[place], number, round=round, strides=strides).write()
        note(f"school {number}")


def in_parallel(processes, work):
    """Fork: what was read of the patterns is there for each, connections are not."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=work, args=[place]) for place in range(processes)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    if any(one.exitcode for one in workers):
        raise CommandError("A copy failed: what it said stands above. The database is not a whole city.")
