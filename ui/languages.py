"""Collects the sentences of Logbook for its translators: `python -m ui.languages`.

What is marked (`_`, `many`, `sense`, `later` in Python and in the templates of the front door, `t`, `tn`, `ts` in the
scripts) goes into `logic/languages/*.po`, sorted, with what is translated already; what nobody says any more
goes out.
Then the catalogues are compiled: `logic/languages/*.json` for the rules, and `ui/assets/languages/*.js` for the
browser, which gets what the scripts say and nothing else. Tests hold both to the source.
"""

import ast
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

import data
import logic
from data.later import Later
from logic.core.acts import ACTS, UNTOLD, in_words
from logic.core.domain import jobs
from logic.core.language import FOLDER, LANGUAGES, SENSE, SOURCE
from logic.core.service import services
from logic.core.wording import readable

HOME = Path(__file__).resolve().parents[1]
SCRIPTS = HOME / 'ui' / 'assets' / 'languages'
FLOORS = ('data', 'logic', 'ui')
MARKS = {'_': 1, 'later': 1, 'many': 2, 'sense': 2, 'told': 1, 'told_many': 2}
DECLARED: dict[str, tuple[int | str, ...]] = {
    'page': (1,), 'Nav': ('label', 'group'), 'Domain': ('title', 'description'), 'permission': (1,),
    'register_kind': (1, 'group'),
}  # fmt: skip
"""What says its titles and labels in the reader's language by itself: which arguments hold them."""
REFUSALS = frozenset({
    'Conflict', 'Denied', 'Invalid', 'NotFound', 'SignInAgain', 'TooMany', 'Unauthenticated', 'Unavailable',
})  # fmt: skip
QUOTED = r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
CALL = re.compile(rf'(?<![\w$])(_|many|t|tn|ts)\(\s*({QUOTED})(?:\s*,\s*({QUOTED}))?')
PLURALS = {'fr': '(n > 1)'}
"""Which number takes which form, where it is not "one and all others"."""
HEAD = '// Sentences of the scripts; written by `python -m ui.languages`.\n'


@dataclass(slots=True)
class Found:
    """One sentence and where it is said."""

    text: str
    plural: str = ''
    meaning: str = ''
    places: set[str] = field(default_factory=set)


def collected() -> dict[tuple[str, str], Found]:
    """Return every sentence that is marked, by its meaning and its text."""
    found: dict[tuple[str, str], Found] = {}
    for path in sources():
        place = path.relative_to(HOME).as_posix()
        said = _in_python(path) if path.suffix == '.py' else _in_text(path)
        for text, plural, meaning in said:
            one = found.setdefault((meaning, text), Found(text, plural, meaning))
            one.plural = one.plural or plural
            one.places.add(place)
    for label, place in (*_labels(), *_acts()):
        text = str.__str__(label)
        found.setdefault((label.meaning, text), Found(text, '', label.meaning)).places.add(place)
    return found


def sources() -> list[Path]:
    """Return the files in which sentences are marked."""
    files = [path for floor in FLOORS for path in (HOME / floor).rglob('*') if path.suffix in {'.py', '.js', '.html'}]
    foreign = {HOME / 'ui' / 'assets' / 'vendor', SCRIPTS}
    return sorted(path for path in files if not foreign & set(path.parents) and path.name != 'languages.py')


def _in_python(path: Path) -> Iterator[tuple[str, str, str]]:
    source = path.read_text(encoding='utf-8')
    if not any(f'{mark}(' in source for mark in (*MARKS, *DECLARED, *REFUSALS)):
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, 'attr', None) or getattr(node.func, 'id', '')
        if isinstance(node.func, ast.Name) and name in MARKS:
            texts = _constants(node.args[: MARKS[name]])
            if len(texts) == MARKS[name]:
                meaning = _constants(one.value for one in node.keywords if name == 'later' and one.arg == 'meaning')
                yield _sentence('sense', [*meaning, *texts]) if meaning else _sentence(name, texts)
        elif name in DECLARED:
            named = {one.arg: one.value for one in node.keywords}
            placed = dict(enumerate(node.args))
            given = [placed.get(one) if isinstance(one, int) else named.get(one) for one in DECLARED[name]]
            yield from ((text, '', '') for text in _constants(filter(None, given)) if text)
        elif name in REFUSALS:
            fields = node.args[1].values if len(node.args) > 1 and isinstance(node.args[1], ast.Dict) else []
            yield from ((text, '', '') for text in _constants([*node.args[:1], *fields]))


def _constants(nodes: Iterable[ast.expr]) -> list[str]:
    return [one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _in_text(path: Path) -> Iterator[tuple[str, str, str]]:
    lines = path.read_text(encoding='utf-8').splitlines()
    source = '\n'.join(line for line in lines if not line.lstrip().startswith('//'))
    for name, first, second in CALL.findall(source):
        given = [_unquoted(one) for one in (first, second) if one]
        if name in {'_', 't'} or len(given) > 1:
            yield _sentence({'tn': 'many', 'ts': 'sense', 't': '_'}.get(name, name), given)


def _sentence(mark: str, texts: list[str]) -> tuple[str, str, str]:
    if mark in {'many', 'told_many'}:
        return texts[0], texts[1], ''
    return (texts[1], '', texts[0]) if mark == 'sense' else (texts[0], '', '')


def _unquoted(text: str) -> str:
    return re.sub(r'\\(.)', lambda found: {'n': '\n'}.get(found[1], found[1]), text[1:-1])


def _labels() -> Iterator[tuple[Later, str]]:
    """Return the labels of enums that are made from their values, where they are said in the reader's language."""
    for module in pkgutil.walk_packages(data.__path__, 'data.'):
        importlib.import_module(module.name)
    waiting: list[type[Enum]] = list(Enum.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith('data.') and hasattr(kind, 'label'):
            for one in kind:
                if isinstance(label := one.label, Later):
                    yield label, kind.__module__.replace('.', '/') + '.py'


def _acts() -> Iterator[tuple[Later, str]]:
    """Return what the audit log, activity and the list of jobs say of acts: made of the names of services and jobs."""
    for module in pkgutil.walk_packages(logic.__path__, 'logic.'):
        importlib.import_module(module.name)
    for name, one in services.items():
        if one.writes and name not in (*ACTS, *UNTOLD):
            yield in_words(name), 'logic/core/acts.py'
    for name in jobs:
        yield Later(readable(name.partition('.')[2]).lower()), 'logic/core/wording.py'


# ------------------------------------------------------------------------------------------------ catalogues


def catalogue(language: str) -> Catalog:
    """Return the translations of a language as they stand in its file."""
    file = FOLDER / f'{language}.po'
    if not file.is_file():
        return Catalog(locale=language, project='Logbook')
    with file.open('rb') as source:
        return read_po(source, locale=language)


def updated(language: str) -> Catalog:
    """Return a catalogue with all that is collected now: new sentences empty, and none that nobody says."""
    old, new = catalogue(language), Catalog(locale=language, project='Logbook', fuzzy=False)
    for found in collected().values():
        before = old.get(found.text, found.meaning or None)
        id_ = (found.text, found.plural) if found.plural else found.text
        said = before.string if before is not None and isinstance(before.id, str) == isinstance(id_, str) else None
        comments = before.user_comments if before is not None else ()
        new.add(
            id_, said, [(place, None) for place in sorted(found.places)], context=found.meaning or None,  # type: ignore[list-item]
            user_comments=comments,
        )  # fmt: skip
    return new


def _write(language: str, new: Catalog) -> None:
    file = FOLDER / f'{language}.po'
    plural = PLURALS.get(language, '(n != 1)')
    head = (
        f'# {LANGUAGES[language]}\nmsgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
        f'"Plural-Forms: nplurals=2; plural={plural};\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    with file.open('wb') as target:
        target.write(head.encode())
        write_po(target, new, width=120, omit_header=True, sort_output=True, include_lineno=False)


def key_of(message: Message) -> str:
    """Return under which key a compiled catalogue knows a sentence."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f'{message.context}{SENSE}{text}' if message.context else text


def compiled(language: str) -> dict[Path, str]:
    """Return the files that a catalogue is compiled to, with their contents."""
    messages = [one for one in catalogue(language) if one.id and _is_said(one)]
    said = {key_of(one): one.string if isinstance(one.string, str) else list(one.string) for one in messages}
    scripts = {key_of(one) for one in messages if any(place.endswith('.js') for place, _line in one.locations)}
    plural = PLURALS.get(language, '(n != 1)')
    rules = _lines({key: said[key] for key in sorted(said)})
    browser = _lines({key: said[key] for key in sorted(said) if key in scripts})
    return {
        FOLDER / f'{language}.json': f'{{"plural": {json.dumps(plural)}, "texts": {rules}}}\n',
        SCRIPTS
        / f'{language}.js': f'{HEAD}window.logbookLanguage = {{ form: (n) => Number{plural}, texts: {browser} }};\n',
    }


def _is_said(message: Message) -> bool:
    return bool(message.string) and (isinstance(message.string, str) or all(message.string))


def _lines(texts: dict[str, str | list[str]]) -> str:
    lines = [
        f'{json.dumps(key, ensure_ascii=False)}: {json.dumps(said, ensure_ascii=False)}' for key, said in texts.items()
    ]
    return '{\n' + ',\n'.join(lines) + '\n}'


def main() -> None:
    """Update and compile every catalogue, and say what waits for its translator."""
    SCRIPTS.mkdir(exist_ok=True)
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        new = updated(language)
        _write(language, new)
        for file, content in compiled(language).items():
            file.write_text(content, encoding='utf-8')
        missing = [key_of(one) for one in new if one.id and not _is_said(one)]
        sys.stdout.write(f'{language}: {len(new)} sentences, {len(missing)} not translated\n')
        if '--missing' in sys.argv:
            sys.stdout.write(''.join(f'    {one}\n' for one in missing))


if __name__ == '__main__':
    main()
