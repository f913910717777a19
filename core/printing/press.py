"""The process that sets sheets; run by `core.printing.typesetting`, knows nothing of the site.

python press.py ROOT FONTS < wishes: each a line of JSON with the path of a `template`, its `data` and the `options` of
typst's compiler. Answered by a line of JSON, the `lengths` of the files that follow it, or the `error`.
"""

import json
import sys
from pathlib import Path

import typst

EMPTY = Path(__file__).with_name("empty.typ")
# typst keeps what it has laid out for this many further compilations, about 1 MB a form.
REMEMBERED = 12


def main() -> None:
    root, folder = sys.argv[1:]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    empty = typst.Compiler(EMPTY, root=root, font_paths=fonts)
    for line in sys.stdin.buffer:
        wish = json.loads(line)
        compiler = typst.Compiler(wish["template"], root=root, font_paths=fonts)
        try:
            made = compiler.compile(sys_inputs={"data": wish["data"]}, **wish["options"])
            answer(made if isinstance(made, list) else [made])  # type: ignore[list-item]
        except typst.TypstError as error:
            answer([], error=str(error))
        for _ in range(REMEMBERED):  # it forgets the pages
            empty.compile(format="svg")


def answer(files: list[bytes], **more: str) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps({"lengths": list(map(len, files)), **more}).encode() + b"\n")
    for one in files:
        out.write(one)
    out.flush()


if __name__ == "__main__":
    main()
