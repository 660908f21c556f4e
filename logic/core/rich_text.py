"""Rich text: what people write with bold, lists, links and mentions, cleaned to the little that is allowed.

It is cleaned when it is stored, and again when it is shown: a database may have been filled by others.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from logic.core.errors import Invalid

MOST_TYPED = 40_000
"""Characters with their markup, as they are sent."""
MOST_MENTIONS = 20
TAGS = {'p', 'br', 'strong', 'b', 'em', 'i', 'u', 's', 'ul', 'ol', 'li', 'blockquote', 'code', 'pre', 'a', 'span'}
DROPPED_WHOLE = {'script', 'style', 'title', 'textarea', 'template', 'noscript', 'iframe', 'svg', 'math'}
ATTRIBUTES = {'a': {'href'}, 'span': {'data-mention'}}
LINK = re.compile(r'(https?://|mailto:|tel:|/(?![/\\]))[^\x00-\x20]*', re.IGNORECASE)
TOKEN = re.compile(r'(member|position):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})')
MENTION = re.compile(r'<span data-mention="(' + TOKEN.pattern + r')">(.*?)</span>', re.DOTALL)
BREAKS = re.compile(r'<(?:br|/p|/li|/blockquote|/pre)[^>]*>')
SPAN = re.compile(r'<span>(.*?)</span>', re.DOTALL)
NOTHING = re.compile(r'(?:\s|&nbsp;|<br>)*')


class Mentioned(StrEnum):
    """Whom a mention names."""

    MEMBER = 'member'
    POSITION = 'position'


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who is named in a text, or all who hold a position."""

    kind: Mentioned
    id: UUID

    def __str__(self) -> str:
        return f'{self.kind}:{self.id}'


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == 'href':
        return value if LINK.fullmatch(value.strip()) else None
    if name == 'data-mention':
        return value if TOKEN.fullmatch(value) else None
    return value if tag == 'a' and name == 'rel' else None


def clean(html: str) -> str:
    """Return rich text with nothing in it but what is allowed: no script, style, picture, handler or foreign scheme.

    Raises Invalid for a text that is too long.
    """
    import nh3

    if len(html) > MOST_TYPED:
        most = f'At most {MOST_TYPED:,} characters.'
        raise Invalid('This text is too long. Attach it as a file instead.', {'body': most})
    html = ''.join(letter for letter in html if letter >= ' ' or letter in '\n\t')
    cleaned = nh3.clean(
        html, tags=TAGS, clean_content_tags=DROPPED_WHOLE, attributes=ATTRIBUTES, attribute_filter=_attribute,
        url_schemes={'http', 'https', 'mailto', 'tel'}, link_rel='noopener noreferrer nofollow', strip_comments=True,
    )  # fmt: skip
    cleaned = SPAN.sub(r'\1', cleaned)
    return _without_empty_end(cleaned).strip()


def _without_empty_end(html: str) -> str:
    """Return rich text without the empty paragraphs at its end; from the end on, so that nothing is looked at twice."""
    end = len(html.rstrip())
    while True:
        if html.endswith('<br>', 0, end):
            end -= len('<br>')
        elif (
            html.endswith('</p>', 0, end)
            and (begin := html.rfind('<p>', 0, end)) >= 0
            and NOTHING.fullmatch(html, begin + len('<p>'), end - len('</p>'))
        ):
            end = begin
        else:
            return html[:end]
        while end and html[end - 1].isspace():
            end -= 1


def plain(html: str, limit: int = MOST_TYPED) -> str:
    """Return cleaned rich text as a line of plain text, for notices and search; at most so many characters."""
    text = unescape(re.sub(r'<[^>]*>', '', BREAKS.sub(' ', html)))
    words = ' '.join(text.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + '…'


def first_line(html: str, limit: int) -> str:
    """Return the first line of cleaned rich text that says something, as plain text of at most so many characters."""
    return next((line for part in BREAKS.split(html) if (line := plain(part, limit))), '')


def from_plain(text: str) -> str:
    """Return plain text as rich text: an empty line begins a paragraph."""
    parts = [part.strip() for part in re.split(r'\n\s*\n', text) if part.strip()]
    return ''.join(f'<p>{escape(part, quote=False).replace(chr(10), "<br>")}</p>' for part in parts)


def mentions(html: str) -> list[Mention]:
    """Return who is mentioned in a cleaned text, each once."""
    found = (Mention(Mentioned(match[2]), UUID(match[3])) for match in MENTION.finditer(html))
    return list(dict.fromkeys(found))


def rename(html: str, names: Mapping[Mention, str]) -> str:
    """Return a cleaned text whose mentions say these names; one that is not among them becomes plain text."""

    def put(match: re.Match[str]) -> str:
        mention = Mention(Mentioned(match[2]), UUID(match[3]))
        if mention not in names:
            return match[4]
        return f'<span data-mention="{mention}">@{escape(names[mention], quote=False)}</span>'

    return MENTION.sub(put, html)


def call_anew(html: str, mention: Mention, name: str) -> str:
    """Return a cleaned text in which somebody who is mentioned is called by another name; all else stays."""

    def put(match: re.Match[str]) -> str:
        return (
            f'<span data-mention="{mention}">@{escape(name, quote=False)}</span>'
            if match[1] == str(mention)
            else match[0]
        )

    return MENTION.sub(put, html)


def _checked(limit: int) -> Callable[[str], str]:
    def check(html: str) -> str:
        try:
            cleaned = clean(html)
        except Invalid as error:
            raise ValueError(error.message) from None
        if len(cleaned) > limit:
            raise ValueError(f'At most {limit:,} characters.')
        return cleaned

    return check


RichText = Annotated[str, Field(max_length=MOST_TYPED), AfterValidator(_checked(20_000))]
"""A field of an input model that takes rich text, and holds it cleaned."""
