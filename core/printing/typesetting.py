"""Sets a typst template as PDF: facts in, bytes out, in a process of its own, whose memory goes with it."""

import json
import subprocess  # noqa: S404 – our own program, without a shell
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from core.printing.glyphs import FONTS, missing_in

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
MISSING = "〓"  # what printers put where a character is missing
_idle: list["Press"] | None = None


class NotSet(Exception):
    """typst refused the template or its data, or its process died."""


def typeset(template: Path, data: object, **options: Any) -> Any:
    """`template` (a .typ file, may import others by /room/file) with `data` as the JSON in sys.inputs.data: bytes.

    Options as typst has them; a list of pictures where the format is png and there are more pages. Raises NotSet.
    """
    if _idle is None:
        with Press() as press:
            return press.set(template, data, options)
    press = _idle.pop() if _idle else Press()
    files = press.set(template, data, options)
    _idle.append(press)
    return files


@contextmanager
def kept_presses() -> Iterator[None]:
    """While many documents are set, the processes that set them are used again; for the worker's own process."""
    global _idle
    presses: list[Press] = []
    _idle = presses
    try:
        yield
    finally:
        _idle = None
        for press in presses:
            press.close()


class Press:
    """A process of `press.py`. It is ended without waiting: it owes nobody anything."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(FOLDER / "press.py"), str(ROOT), str(FONTS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={},
        )  # fmt: skip

    def set(self, template: Path, data: object, options: dict[str, Any]) -> Any:
        wish = {"template": str(template), "data": with_marks(json.dumps(data, ensure_ascii=False)), "options": options}
        ask, told = self.process.stdin, self.process.stdout
        try:
            ask.write(json.dumps(wish).encode() + b"\n")
            ask.flush()
            answer = json.loads(told.readline())
            files = [told.read(length) for length in answer["lengths"]]
        except (OSError, ValueError):
            self.close()
            raise NotSet(template.name) from None
        if not files:
            self.close()
            raise NotSet(answer["error"])
        return files if len(files) > 1 else files[0]

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def with_marks(text: str) -> str:
    """`text` with a mark in the place of each character that no font has, which would be printed as nothing or a box.

    Names leave a place to write it by hand instead (`glyphs.pieces_of`).
    """
    return text.translate(dict.fromkeys(map(ord, missing_in(text)), MISSING))
