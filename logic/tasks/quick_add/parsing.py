"""Reading lines of quick add: what is the title, and which words say when, where, who and how (rule 15)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from data.tasks import AnchorMode, TaskPriority
from logic.core.errors import Invalid
from logic.core.formats import number_text, when_text
from logic.core.language import _, later
from logic.members.names import clean, fold
from logic.tasks.inputs import RepeatInput
from logic.tasks.quick_add import words
from logic.tasks.quick_add.days import Here, read_rule, read_when

MOST_LINES = 200
MOST_LETTERS = 60_000
MOST_WORDS = 300
MOST_NAMES = 4
TOKEN = re.compile(r'(?P<mark>[#@*!]?)"(?P<quoted>[^"]*)"|(?P<word>\S+)')
BULLET = re.compile(r'(?:[-•]\s+|\*\s+)?(?:\[[ xX]?\]\s+)?')
TAB = 4
LONGEST_TITLE = 200


class ChipKind(StrEnum):
    """What a word of quick add says."""

    DUE = 'due'
    START = 'start'
    REPEAT = 'repeat'
    LIST = 'list'
    PERSON = 'person'
    PRIORITY = 'priority'
    LABEL = 'label'


@dataclass(frozen=True, slots=True)
class Chip:
    """Words that were understood, or that were meant to be, and where they stand in their line."""

    kind: ChipKind
    text: str
    """What was understood, as a person reads it."""
    start: int
    end: int
    problem: str = ''
    """Why it could not be taken; empty when it is resolved."""

    @property
    def is_resolved(self) -> bool:
        """Say whether it will be taken."""
        return not self.problem


@dataclass(slots=True)
class Line:
    """One line: a task, or with `is_part` a sub-task of the last line that is none."""

    number: int
    title: str = ''
    is_part: bool = False
    due: date | datetime | None = None
    is_time_alone: bool = False
    """Only a time of day was said of when it is due: the day is guessed."""
    start: date | datetime | None = None
    repeat: RepeatInput | None = None
    priority: TaskPriority | None = None
    list_name: str = ''
    people: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    kept: dict[Chip, str] = field(default_factory=dict)
    """The words of lists and people, which become part of the title again where they are not found."""
    problem: str = ''


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str
    """Small letters without accents; empty for what stands in quotes, which is never a command."""
    mark: str
    start: int
    end: int


def read_lines(text: str, here: Here, names: frozenset[str] = frozenset()) -> list[Line]:
    """Read all lines that are not empty. Raises Invalid, before it reads any, for more than may be typed at once.

    `names` are the folded names of people, which may have spaces after a @.
    """
    count = text.count('\n') + 1
    if len(text) > MOST_LETTERS or count > 5 * MOST_LINES:
        raise _too_many(count)
    rows = [(number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    if len(rows) > MOST_LINES:
        raise _too_many(len(rows))
    found: list[Line] = []
    base = min((_indent(row) for _, row in rows), default=0)
    for number, row in rows:
        line = read_line(row, here, number, names)
        line.is_part = bool(found) and _indent(row) > base
        found.append(line)
    return found


def _too_many(count: int) -> Invalid:
    text = later('These are {count} lines. At most {most} tasks are added at once; import longer lists from a file.')
    refused = _(text, count=number_text(count), most=MOST_LINES)
    return Invalid(refused, {'text': _('At most {count} lines.', count=MOST_LINES)})


def _indent(row: str) -> int:
    spaces = row[: len(row) - len(row.lstrip())]
    return sum(TAB if letter == '\t' else 1 for letter in spaces)


def _split(row: str) -> Iterator[_Word]:
    bullet = BULLET.match(row.lstrip())
    begin = len(row) - len(row.lstrip()) + (bullet.end() if bullet else 0)
    for match in TOKEN.finditer(row, begin):
        quoted = match['quoted']
        if quoted is not None:
            yield _Word(quoted, '', match['mark'], *match.span())
        else:
            word = match['word']
            mark = word[0] if word[0] in '#@*!' and len(word) > 1 else ''
            yield _Word(word[1:] if mark else word, '' if mark else fold(word), mark, *match.span())


def _whole(words: Sequence[_Word], names: frozenset[str]) -> list[_Word]:
    """Put together the words of a name that was typed after a @ with spaces: the longest that somebody answers to."""
    whole: list[_Word] = []
    at = 0
    while at < len(words):
        word, count = words[at], 1
        for more in range(MOST_NAMES, 1, -1) if word.mark == '@' else ():
            given = words[at : at + more]
            text = ' '.join(one.text for one in given)
            if len(given) == more and all(one.folded for one in given[1:]) and fold(text) in names:
                word, count = _Word(text, '', '@', word.start, given[-1].end), more
                break
        whole.append(word)
        at += count
    return whole


def read_line(row: str, here: Here, number: int = 1, names: frozenset[str] = frozenset()) -> Line:
    """Read one line."""
    line = Line(number)
    tokens = _whole(list(_split(row)), names)
    if len(tokens) > MOST_WORDS:
        line.title = clean(row)[:LONGEST_TITLE]
        line.problem = _('A task has at most {count} words. Say less.', count=MOST_WORDS)
        return line
    title: list[str] = []
    at = 0
    while at < len(tokens):
        taken = _marked(line, tokens[at]) or _timed(line, tokens[at:], here, is_first=not title)
        if not taken:
            title.append(_as_typed(tokens[at]))
        at += taken or 1
    line.title = clean(' '.join(title))
    _check(line)
    return line


def _as_typed(word: _Word) -> str:
    return f'{word.mark}{word.text}'


def _check(line: Line) -> None:
    if not line.title:
        line.problem = _('Say what is to be done.')
    elif len(line.title) > LONGEST_TITLE:
        line.problem = too_long(line.title)


def too_long(title: str) -> str:
    """Say that a title is too long."""
    return _('A title has at most {most} letters; this one has {count}.', most=LONGEST_TITLE, count=len(title))


def _marked(line: Line, word: _Word) -> int:
    """Take a word with a mark: #list, @person, !priority, *label."""
    text = clean(word.text)
    match word.mark:
        case '!':
            known = words.PRIORITIES.get(fold(text))
            if known is None or line.priority is not None:
                return 0
            line.priority = TaskPriority(known)
            line.chips.append(Chip(ChipKind.PRIORITY, str(line.priority.label), word.start, word.end))
        case '*':
            if not text or len(text) > 40 or not any(letter.isalnum() for letter in text):
                return 0
            line.labels.append(text)
            line.chips.append(Chip(ChipKind.LABEL, text, word.start, word.end))
        case '#' if not line.list_name and text:
            line.list_name = text
            _keep(line, Chip(ChipKind.LIST, text, word.start, word.end), word)
        case '@' if text:
            line.people.append(text)
            _keep(line, Chip(ChipKind.PERSON, text, word.start, word.end), word)
        case _:
            return 0
    return 1


def _keep(line: Line, chip: Chip, word: _Word) -> None:
    line.chips.append(chip)
    line.kept[chip] = _as_typed(word)


def _timed(line: Line, tokens: Sequence[_Word], here: Here, *, is_first: bool) -> int:
    """Take words that say when, and how often."""
    given = [word.folded for word in tokens[:12]]
    if '' in given:
        given = given[: given.index('')]
    if not given:
        return 0
    if line.repeat is None and (rule := read_rule(given, here)) is not None:
        mode = AnchorMode.COMPLETION if rule.after_completion else AnchorMode.SCHEDULE
        line.repeat = RepeatInput(rule=rule.rule, mode=mode)
        shown = ' '.join(given[: rule.count])
        line.chips.append(Chip(ChipKind.REPEAT, shown, tokens[0].start, tokens[rule.count - 1].end))
        return rule.count
    kind, skip = ChipKind.DUE, 0
    if given[0].rstrip(':') in words.DUE:
        skip = 1
    elif given[0].rstrip(':') in words.START:
        kind, skip = ChipKind.START, 1
    if (line.due if kind is ChipKind.DUE else line.start) is not None or (is_first and not skip and len(tokens) == 1):
        return 0
    read = read_when(given[skip:], here, is_repeated=line.repeat is not None)
    if read is None or (not skip and given[0] in words.ON and read.count < 2):
        return 0
    assert read.on is not None
    when: date | datetime = datetime.combine(read.on, read.at) if read.at else read.on
    if kind is ChipKind.DUE:
        line.due, line.is_time_alone = when, read.is_time_alone
    else:
        line.start = when
    shown = when_text(when)
    count = skip + read.count
    line.chips.append(Chip(kind, shown, tokens[0].start, tokens[count - 1].end))
    return count
