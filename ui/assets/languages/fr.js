// Sentences of the scripts; written by `python -m ui.languages`.
window.logbookLanguage = { form: (n) => Number(n > 1), texts: {

} };
