"""The query string of a screen as its view state."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode


class Query:
    """What is behind the question mark of the current screen. Everything in it came from outside: never trust it."""

    def __init__(self, path: str, write: Callable[[str], None]) -> None:
        self.path = path.partition('?')[0].partition('#')[0]
        text = path.partition('#')[0].partition('?')[2]
        self._values: dict[str, list[str]] = {}
        for name, value in parse_qsl(text[:4000], max_num_fields=100) if text.count('&') < 100 else []:
            self._values.setdefault(name, []).append(value[:400])
        self._write = write

    def get(self, name: str, default: str = '') -> str:
        """Return the first value of a name."""
        return self._values.get(name, [default])[0]

    def all(self, name: str) -> list[str]:
        """Return every value of a name."""
        return list(self._values.get(name, ()))

    def names(self) -> list[str]:
        """Return the names that are present."""
        return list(self._values)

    def number(self, name: str, default: int, *, lowest: int = 1, highest: int = 1_000_000) -> int:
        """Return a whole number within limits; anything else is the default."""
        text = self.get(name)
        return max(lowest, min(highest, int(text))) if text.isascii() and text.isdigit() and len(text) < 10 else default

    def set(self, **values: str | int | list[str] | None) -> None:
        """Rewrite the address in place: what reload, back and a copied link restore. None or [] removes a name."""
        before = self.address
        for name, value in values.items():
            if value is None or value in ('', []):
                self._values.pop(name, None)
            else:
                self._values[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
        if self.address != before:
            self._write(self.address)

    @property
    def address(self) -> str:
        """The path with its query string."""
        text = urlencode(self._values, doseq=True)
        return f'{self.path}?{text}' if text else self.path
