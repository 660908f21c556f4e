"""Plain containers: columns, rows and the twelve-column grid."""

from nicegui import ui


class Stack(ui.element):
    """Children below each other."""

    def __init__(self) -> None:
        super().__init__('div')
        self.classes('lb-stack')


class Row(ui.element):
    """Children beside each other, wrapping."""

    def __init__(self) -> None:
        super().__init__('div')
        self.classes('lb-row')


class Grid(ui.element):
    """Twelve columns, rows of equal height; children take `span` of them (`Card(span=8)`), all of them on a phone."""

    def __init__(self) -> None:
        super().__init__('div')
        self.classes('lb-grid')


class Narrow(ui.element):
    """Text and forms at a readable width."""

    def __init__(self) -> None:
        super().__init__('div')
        self.classes('lb-stack lb-narrow')


class Text(ui.element):
    """A paragraph; `quiet` for a secondary one."""

    def __init__(self, text: str, *, quiet: bool = False) -> None:
        super().__init__('p')
        self._text = text
        if quiet:
            self.classes('lb-secondary')
