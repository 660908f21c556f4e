"""Reading lines of quick add: what is the title, and which words say when, where, who and how (rule 15)."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from logic.tasks.quick_add.days import Here, read_past, read_rule, read_when

MOST_LINES = 200
MOST_LETTERS = 60_000
MOST_WORDS = 300
LONGEST_NAME = 8
"""How many words a name may have that is typed without quotes."""
TOKEN = re.compile(r'([#@*!]?)(?:"([^"]*)"|[“”„]([^“”„]*)[“”]|«([^«»]*)»)(?!\w)|(\S+)')
Names = Mapping[str, Sequence[Collection[str]]]
"""What may have spaces in it after a mark, folded: names, and then what begins some name, which gives way to them."""
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
    row: str = ''
    """As it was typed."""
    title: str = ''
    is_part: bool = False
    due: date | datetime | None = None
    is_time_alone: bool = False
    """Only a time of day was said of when it is due: the day is guessed."""
    start: date | datetime | None = None
    repeat: RepeatInput | None = None
    priority: TaskPriority | None = None
    list_name: str = ''
    """The first that was named."""
    people: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    words: list[tuple[int, int, str]] = field(default_factory=list)
    """Of the title, and from where to where they stand."""
    problem: str = ''


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str
    """Small letters without accents; empty for what stands in quotes, which is never a command."""
    mark: str
    start: int
    end: int
    is_quoted: bool = False


def read_lines(text: str, here: Here, names: Names | None = None) -> list[Line]:
    """Read all lines that are not empty. Raises Invalid, before it reads any, for more than may be typed at once."""
    count = text.count('\n') + 1
    if count > 5 * MOST_LINES:
        raise _too_many(count)
    if len(text) > MOST_LETTERS:
        refused = _('This is too much text at once: at most {most} letters.', most=number_text(MOST_LETTERS))
        raise Invalid(refused, {'text': refused})
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
        mark, *quoted, word = match.groups()
        if word is None:
            yield _Word(next(one for one in quoted if one is not None), '', mark, *match.span(), is_quoted=True)
        else:
            mark = word[0] if word[0] in '#@*!' and len(word) > 1 else ''
            text = (word[1:].rstrip(',;:.?') or word[1:]) if mark else word
            yield _Word(text, '' if mark else fold(word), mark, *match.span())


def _whole(words: Sequence[_Word], names: Names) -> list[_Word]:
    """Put together the words of a name that was typed after a mark with spaces: the longest that there is."""
    whole: list[_Word] = []
    at = 0
    while at < len(words):
        word, count = words[at], 1
        if word.mark in names and not word.is_quoted:
            count = _reach(words[at : at + LONGEST_NAME], names[word.mark])
        if count > 1:
            given = words[at : at + count]
            word = _Word(' '.join(one.text for one in given), '', word.mark, word.start, given[-1].end)
        whole.append(word)
        at += count
    return whole


def _reach(words: Sequence[_Word], names: Sequence[Collection[str]]) -> int:
    """Return how many words a name takes."""
    most = next((at for at, word in enumerate(words) if at and not word.folded), len(words))
    for known in names:
        for count in range(most, 0, -1):
            if fold(' '.join(word.text for word in words[:count])) in known:
                return count
    return 1


def read_line(row: str, here: Here, number: int = 1, names: Names | None = None) -> Line:
    """Read one line."""
    line = Line(number, row)
    tokens = _whole(list(_split(row)), names or {})
    if len(tokens) > MOST_WORDS:
        line.title = clean(row)[:LONGEST_TITLE]
        line.problem = _('A task has at most {count} words. Say less.', count=MOST_WORDS)
        return line
    at = 0
    while at < len(tokens):
        rest = tokens[at:]
        given = _given(rest)
        taken = _marked(line, rest[0]) or _often(line, rest, given, here)
        past = 0 if taken else read_past(given, here)
        taken = taken or (0 if past else _timed(line, rest, given, here))
        if not taken:
            line.words += [_as_meant(tokens, one, row, here) for one in range(at, at + (past or 1))]
        at += taken or past or 1
    line.title = title_of(line)
    line.problem = wrong_title(line.title)
    return line


def _as_meant(tokens: Sequence[_Word], at: int, row: str, here: Here) -> tuple[int, int, str]:
    """Return a word of the title: quotes are no part of it where they keep what is in them from being read."""
    word = tokens[at]
    escapes = word.is_quoted and not word.mark and _escapes(tokens, at, here)
    return word.start, word.end, word.text if escapes else row[word.start : word.end]


def _escapes(tokens: Sequence[_Word], at: int, here: Here) -> bool:
    before = ' '.join(['x', *(one.text for one in tokens[max(0, at - 1) : at] if one.folded)])
    after = ' '.join(one.text for one in tokens[at + 1 : at + 2] if one.folded)
    begin, end = len(before) + 1, len(before) + 1 + len(tokens[at].text)
    chips = read_line(f'{before} {tokens[at].text} {after}', here).chips
    return any(chip.start < end and chip.end > begin for chip in chips)


def title_of(line: Line, back: Iterable[Chip] = ()) -> str:
    """Return the title of a line, in which the words of some chips stand again where they were typed."""
    said, end = '', -1
    again = [(one.start, one.end, line.row[one.start : one.end]) for one in back]
    for start, stop, text in sorted([*line.words, *again]):
        said += text if start == end or not said else f' {text}'
        end = stop
    return clean(said)


def wrong_title(title: str) -> str:
    """Say what is wrong with a title: empty when nothing is."""
    if not title:
        return _('Say what is to be done.')
    if len(title) > LONGEST_TITLE:
        return _('A title has at most {most} letters; this one has {count}.', most=LONGEST_TITLE, count=len(title))
    return ''


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
            begins = any(letter.isalnum() for letter in (text if word.is_quoted else text[:1]))
            if len(text) > 40 or '*' in text or not begins:
                return 0  # **these words** are bold elsewhere, and *.pdf are files
            line.labels.append(text)
            line.chips.append(Chip(ChipKind.LABEL, text, word.start, word.end))
        case '#' if text:
            line.list_name = line.list_name or text
            line.chips.append(Chip(ChipKind.LIST, text, word.start, word.end))
        case '@' if text:
            line.people.append(text)
            line.chips.append(Chip(ChipKind.PERSON, text, word.start, word.end))
        case _:
            return 0
    return 1


def _given(tokens: Sequence[_Word]) -> list[str]:
    """Return the words that may say when, up to one that has a mark or stands in quotes."""
    given = [word.folded for word in tokens[:12]]
    return given[: given.index('')] if '' in given else given


def _often(line: Line, tokens: Sequence[_Word], given: Sequence[str], here: Here) -> int:
    """Take words that say how often."""
    is_all = not line.words and len(tokens) == 1
    if line.repeat is not None or is_all or (rule := read_rule(given, here)) is None:
        return 0
    mode = AnchorMode.COMPLETION if rule.after_completion else AnchorMode.SCHEDULE
    line.repeat = RepeatInput(rule=rule.rule, mode=mode)
    shown = ' '.join(given[: rule.count])
    line.chips.append(Chip(ChipKind.REPEAT, shown, tokens[0].start, tokens[rule.count - 1].end))
    return rule.count


def _timed(line: Line, tokens: Sequence[_Word], given: Sequence[str], here: Here) -> int:
    """Take words that say when."""
    if not given:
        return 0
    kind, skip = ChipKind.DUE, 0
    begun = bool(line.chips) and line.chips[-1].kind is ChipKind.START and tokens[0].start == line.chips[-1].end + 1
    if given[0].rstrip(':') in words.DUE or (begun and given[0] in words.TO):
        skip = 1 + (given[1:2] == ['zum'])
    elif given[0] == 'antes' and len(given) > 1 and given[1] in words.OF:
        skip = 2
    elif given[0].rstrip(':') in words.START:
        kind, skip = ChipKind.START, 1
    is_all = not line.words and not skip and len(tokens) == 1
    if (line.due if kind is ChipKind.DUE else line.start) is not None or is_all:
        return 0
    before = given[skip - 1] if skip else fold(line.words[-1][2]) if line.words else ''
    read = read_when(given[skip:], here, is_repeated=line.repeat is not None, after=before)
    if read is None or (not skip and given[0] in words.ON and read.count < 2):
        return 0
    assert read.on is not None
    when: date | datetime = datetime.combine(read.on, read.at) if read.at else read.on
    said = {kind: when}
    if read.begin is not None:
        said = {ChipKind.START: datetime.combine(read.on, read.begin), ChipKind.DUE: when}
    count = skip + read.count
    for one, moment in said.items():
        if one is ChipKind.DUE and line.due is None:
            line.due, line.is_time_alone = moment, read.is_time_alone
        elif one is ChipKind.START and line.start is None:
            line.start = moment
        else:
            continue
        line.chips.append(Chip(one, when_text(moment), tokens[0].start, tokens[count - 1].end))
    return count
