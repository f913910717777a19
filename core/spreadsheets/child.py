"""The process that measures workbooks; run by `core.spreadsheets.workbook`, knows nothing of the site.

python child.py < file      prints, as JSON, of each sheet [name, its type, its visibility, rows, columns], the last
two from A1 to the last cell of a visible worksheet, else 0
Exit status 2: no workbook that can be read, or one that asks for a password. It dies where a sheet does not fit
into its memory: a file of 5 KB may hold one cell in A1 and one in XFD1048576.
"""

import io
import json
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

MEMORY = 1024 * 1024 * 1024  # bytes; a roster of 200,000 students with guardians needs half of it
SECONDS = 20


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        found = [
            [one.name, last(one.typ), last(one.visible), *size_of(book, index, one)]
            for index, one in enumerate(book.sheets_metadata)
        ]
    except (CalamineError, OSError, ValueError, IndexError):
        sys.exit(2)
    sys.stdout.write(json.dumps(found))


def size_of(book: "CalamineWorkbook", index: int, sheet: "SheetMetadata") -> tuple[int, int]:
    if (last(sheet.typ), last(sheet.visible)) != ("WorkSheet", "Visible"):
        return 0, 0
    end = book.get_sheet_by_index(index).end
    return (end[0] + 1, end[1] + 1) if end else (0, 0)


def last(value: object) -> str:
    """The name of an enumeration's value, which says SheetTypeEnum.WorkSheet and nothing else."""
    return str(value).rpartition(".")[2]


if __name__ == "__main__":
    main()
