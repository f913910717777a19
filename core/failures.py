"""Failures in the log: where they happened and of which kind, never the values.

The message of an exception may quote what was written ("Failing row contains (王小明, …)"), so it is left out; a
traceback names files, lines and our own code, which are nobody's data.
"""

import logging
import traceback


def log_failure(
    logger: logging.Logger, words: str, *args: object, error: BaseException, level: int = logging.ERROR
) -> None:
    """Log `words % args`, the types of `error` and of what led to it, and its traceback without messages."""
    logger.log(level, f"{words}: %s\n%s", *args, kinds_of(error), trace_of(error))


def kinds_of(error: BaseException) -> str:
    """ "ValueError from IntegrityError": the type of each exception of a chain, the last one first."""
    return " from ".join(type(one).__name__ for one in _chain(error))


def trace_of(error: BaseException) -> str:
    """The traceback of each exception of a chain, the first one first; the types stand for the messages."""
    parts = []
    for one in reversed(_chain(error)):
        parts += [*traceback.format_tb(one.__traceback__), f"{type(one).__name__}\n"]
    return "".join(parts).rstrip()


def _chain(error: BaseException | None) -> list[BaseException]:
    chain = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain
