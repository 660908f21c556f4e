"""Holds the catalogues to what Logbook says: complete, with the same placeholders, and compiled as they stand."""

import re

import pytest
from babel.messages.catalog import Message

from logic.core.language import LANGUAGES, SOURCE
from ui.languages import catalogue, collected, compiled, key_of, updated

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
PLACEHOLDER = re.compile(r'\{(\w*)\}')


def texts_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def sources_of(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


@pytest.mark.parametrize('language', TRANSLATED)
def test_every_sentence_that_is_marked_stands_in_the_catalogue_and_no_other(language: str):
    stands = {(one.context or '', *sources_of(one)) for one in catalogue(language) if one.id}
    marked = {(one.meaning, one.text, *([one.plural] if one.plural else [])) for one in collected().values()}
    assert stands == marked, 'run `python -m ui.languages`'


@pytest.mark.parametrize('language', TRANSLATED)
def test_every_sentence_is_translated_and_none_is_a_guess(language: str):
    assert [key_of(one) for one in catalogue(language) if one.id and not all(texts_of(one))] == []
    assert [key_of(one) for one in catalogue(language) if one.id and one.fuzzy] == []


@pytest.mark.parametrize('language', TRANSLATED)
def test_a_translation_has_the_placeholders_and_the_spaces_of_its_source(language: str):
    wrong = []
    for one in catalogue(language):
        if not one.id:
            continue
        sources = sources_of(one)
        wanted = set(PLACEHOLDER.findall(sources[-1]))
        for text in filter(None, texts_of(one)):
            # "one task" may leave the number out; no form may name what is not given
            is_less = set(PLACEHOLDER.findall(text)) - {'count'} != wanted - {'count'} or (
                len(sources) == 1 and set(PLACEHOLDER.findall(text)) != wanted
            )
            is_apart = (text[:1].isspace(), text[-1:].isspace()) != (
                sources[0][:1].isspace(),
                sources[0][-1:].isspace(),
            )
            if is_less or is_apart:
                wrong.append((key_of(one), text))
    assert wrong == []


@pytest.mark.parametrize('language', TRANSLATED)
def test_what_depends_on_a_number_has_the_forms_of_its_language(language: str):
    read = catalogue(language)
    plural = [one for one in read if one.id and not isinstance(one.id, str)]
    assert plural
    assert [key_of(one) for one in plural if len(texts_of(one)) != read.num_plurals] == []


@pytest.mark.parametrize('language', TRANSLATED)
def test_the_compiled_catalogues_are_those_of_the_source(language: str):
    for file, content in compiled(language).items():
        assert file.read_text(encoding='utf-8') == content, 'run `python -m ui.languages`'
    assert {key_of(one) for one in updated(language) if one.id} == {
        key_of(one) for one in catalogue(language) if one.id
    }
