"""The process that measures workbooks; run by `registry.roster.workbook`, knows nothing of the site.

python workbook_child.py < file      prints the rows and the columns of the first sheet, from A1 to its last cell
Exit status 2: no workbook that can be read, or one that asks for a password. It dies where the sheet does not fit
into its memory: a file of 5 KB may hold one cell in A1 and one in XFD1048576.
"""

import io
import resource
import sys

MEMORY = 1024 * 1024 * 1024  # bytes; a roster of 200,000 students with guardians needs half of it
SECONDS = 20


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, load_workbook

    try:
        sheet = load_workbook(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError):
        sys.exit(2)
    sys.stdout.write(f"{sheet.height} {sheet.width}")


if __name__ == "__main__":
    main()
