"""Charts in the colours of the theme, each with a table that says the same, and the organization chart."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nicegui.elements import echart  # registers the ECharts module that chart.js imports when it is shown

from ui.components.base import Component, plain

ECHARTS = echart.__name__


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers; without a tone it takes the next colour of the chart palette."""

    name: str
    data: Sequence[int]
    tone: Literal['', 'red', 'amber', 'green', 'blue', 'violet', 'grey'] = ''


@dataclass(frozen=True, slots=True)
class Node:
    """One box of an organization chart."""

    name: str
    detail: str = ''
    href: str | None = None
    children: list['Node'] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = {'name': self.name, 'detail': self.detail}
        if self.href:
            data['href'] = self.href
        return data | ({'children': [child.data for child in self.children]} if self.children else {})


class Chart(Component, component='chart.js', dependencies=['logbook.js', 'symbols.js']):
    """Bars. `label` says what it shows; `heading` names the categories in the table."""

    def __init__(
        self,
        label: str,
        categories: Sequence[str],
        series: Sequence[Series],
        *,
        stacked: bool = False,
        heading: str = '',
        legend: bool = False,
    ) -> None:
        super().__init__()
        self._props.update({'label': str(label), 'stacked': stacked, 'heading': str(heading), 'legend': legend})
        self.change(categories, series)

    def change(self, categories: Sequence[str], series: Sequence[Series]) -> None:
        """Show other numbers."""
        self._props['categories'] = plain(categories)
        self._props['series'] = [{'name': str(one.name), 'data': list(one.data), 'tone': one.tone} for one in series]
        self.update()


class OrganizationChart(Component, component='tree.js', dependencies=['logbook.js', 'symbols.js']):
    """Who reports to whom, as an outline to open, close and search; up to 60 boxes also as a diagram."""

    def __init__(self, label: str, root: Node) -> None:
        super().__init__()
        self._props['label'] = str(label)
        self.change(root)

    def change(self, root: Node) -> None:
        """Show another tree."""
        self._props['tree'] = root.data
        self.update()
