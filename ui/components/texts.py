"""Lets the templates of all components say `t(...)`, `tn(...)` and `ts(...)`, which `logbook.js` defines."""

from nicegui import app

MARK = '// what the templates say'
SCRIPT = f"""
{MARK}
for (const name of ["t", "tn", "ts"])
  app.config.globalProperties[name] = (...given) => window.logbookTexts[name](...given);
"""


def install() -> None:
    """Give every page the three functions; called where the components begin."""
    if MARK not in app.config.vue_config_script:
        app.config.vue_config_script += SCRIPT


install()
