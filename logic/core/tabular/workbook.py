"""Reads the sheets of a workbook on standard input: a program of its own, so that a bad file ends only it.

The first line says, as JSON, which `sheet` is wanted and how many letters at `most` of a cell; then the file follows. A
library that makes room for what a file claims ends the whole process when there is none.
"""

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY_BYTES, CPU_SECONDS = 1_000_000_000, 20
MOST_LETTERS = 100_000_000
DAMAGED, TOO_MUCH = 2, 3


def read(content: bytes, sheet: str | None, most: int) -> dict[str, Any]:
    """Return the names of the sheets, and the filled rows of the one that is wanted, or of all, with their lines."""
    from python_calamine import CalamineWorkbook

    book, left = CalamineWorkbook.from_filelike(io.BytesIO(content)), MOST_LETTERS
    names = list(book.sheet_names)
    found: dict[str, list[Any]] = {}
    for name in names if sheet is None else [one for one in names if one == sheet]:
        for line, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1):
            cells = [text_of(value)[: most + 1] for value in row]
            if any(cell.strip() for cell in cells):
                left -= sum(map(len, cells)) + len(cells)
                if left < 0:
                    raise MemoryError
                found.setdefault(name, []).append((line, cells))
    return {'names': names, 'rows': found}


def text_of(value: Any) -> str:
    """Return the value of a cell as a table in text would hold it."""
    match value:
        case None:
            return ''
        case bool():
            return 'yes' if value else 'no'
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=' ')
        case date() | time() | timedelta():
            return str(value)
        case _:
            return str(value)


def main() -> int:
    """Read and write; says how it went."""
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        found = read(sys.stdin.buffer.read(), asked['sheet'], asked['most'])
        sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode('utf-8', errors='replace'))
    except MemoryError:
        return TOO_MUCH
    except BaseException:  # noqa: BLE001  a fault inside the Rust library is no Exception
        return DAMAGED
    return 0


if __name__ == '__main__':
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.exit(main())
