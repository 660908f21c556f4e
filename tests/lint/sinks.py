"""LR1 and LR2: where a string becomes markup or code in the browser, it stands in our source as it is."""

import ast
from collections.abc import Iterator

from tests.lint.rule import rule
from tests.lint.source import Source, constant, is_formatted, method

SINKS = {
    'props',
    'classes',
    'style',
    'default_props',
    'default_classes',
    'default_style',
    'add_slot',
    'run_javascript',
    'add_head_html',
    'add_body_html',
    'add_css',
    'add_scss',
    'add_sass',
}
# A file's own function of one of these names is not the browser's.
RAW = {'sanitize': False, 'html': True, 'text_html': True}


@rule('LR1', 'No formatted string in props, classes, style, slots, scripts or added markup: set one prop by its name.')
def formatted_sinks(source: Source) -> Iterator[ast.AST]:
    if source.floor != 'ui':
        return
    for call in source.calls:
        is_sink = method(call) in SINKS and isinstance(call.func, ast.Attribute)
        given = [*call.args, *(keyword.value for keyword in call.keywords)] if is_sink else []
        given += [k.value for k in call.keywords if k.arg == 'js_handler']
        yield from (part for part in given if is_formatted(source, part))


@rule('LR2', 'No raw HTML: nothing unsanitised, no html columns or html toasts, and ui.editor only in our component.')
def raw_markup(source: Source) -> Iterator[ast.AST]:
    if source.floor != 'ui':
        return
    for call in source.calls:
        for keyword in call.keywords:
            if keyword.arg == 'html_columns' and ast.unparse(keyword.value) not in {'[]', 'None'}:
                yield keyword.value
            elif keyword.arg in RAW and constant(keyword.value) is RAW[keyword.arg]:
                yield keyword.value
        if source.named(call.func) == 'nicegui.ui.editor' and not source.within('ui/components/'):
            yield call
