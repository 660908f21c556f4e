"""The table of figures: what is to be reached, what is now, and what the run before said."""

import json
from dataclasses import dataclass, field
from pathlib import Path

PREVIOUS = Path(__file__).with_name('.previous.json')


@dataclass(frozen=True)
class Figure:
    """A figure to reach; `most` is in the unit that `unit` names."""

    name: str
    most: float | None
    unit: str


@dataclass
class Table:
    """The figures of one run, printed as they come."""

    previous: dict[str, float] = field(default_factory=dict)
    now: dict[str, float] = field(default_factory=dict)
    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if PREVIOUS.exists():
            self.previous = json.loads(PREVIOUS.read_text())

    def add(self, name: str, value: float, most: float | None = None, unit: str = '') -> None:
        """Take a figure; `most` is what it should reach."""
        self.now[name] = round(value, 3)
        reach = '' if most is None else written(most, unit)
        mark = '' if most is None or value <= most else 'over'
        before = written(self.previous[name], unit) if name in self.previous else ''
        self.rows.append((name, reach, written(value, unit), before, mark))
        print(f'  {name}: {written(value, unit)}{f" (reach {reach})" if reach else ""}', flush=True)

    def text(self) -> str:
        """Return the table."""
        head = ('what', 'reach', 'now', 'previous run', '')
        rows = [head, *self.rows]
        widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
        lines = [
            ' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        ]
        return '\n'.join([lines[0], '-|-'.join('-' * width for width in widths), *lines[1:]])

    def keep(self) -> None:
        """Keep the figures for the next run."""
        PREVIOUS.write_text(json.dumps(self.previous | self.now, indent=1))


def written(value: float, unit: str) -> str:
    """Return a figure with its unit."""
    number = (
        f'{value:,.0f}'
        if abs(value) >= 100 or value == int(value)
        else f'{value:.1f}'
        if value >= 10
        else f'{value:.2f}'
    )
    return f'{number} {unit}'.strip()
