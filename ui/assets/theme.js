// Sets the theme, and the way of writing, before the first paint, so that no page flashes; loaded blocking in the head of every document.
(() => {
  const root = document.documentElement;
  const direction = document.querySelector('meta[name=direction]');
  if (direction) root.dir = direction.content;
  const media = matchMedia('(prefers-color-scheme: dark)');
  const paper = matchMedia('print'); // is light, whatever the screen is
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* private mode */ } };
  const known = ['light', 'dark', 'system'];
  let mode = read('logbook-theme');
  if (!known.includes(mode)) mode = 'system';
  const apply = () => {
    const dark = !paper.matches && (mode === 'dark' || (mode === 'system' && media.matches));
    root.dataset.theme = dark ? 'dark' : 'light';
    root.dataset.themeMode = mode;
    window.Quasar?.Dark?.set(dark);
    dispatchEvent(new CustomEvent('logbook-theme', { detail: { dark, mode } }));
  };
  const brand = (colour, on) => {
    for (const [name, value] of [['--brand', colour], ['--on-brand', on]]) {
      if (/^#[0-9a-f]{6}$/i.test(value || '') && !(name === '--on-brand' && root.dataset.theme === 'dark')) root.style.setProperty(name, value);
      else root.style.removeProperty(name);
    }
  };
  window.logbookTheme = {
    mode: () => mode,
    dark: () => root.dataset.theme === 'dark',
    set(value) { if (known.includes(value)) { mode = value; write('logbook-theme', value); apply(); this.brand(read('logbook-brand'), read('logbook-on-brand')); } },
    brand(colour, on) { write('logbook-brand', colour); write('logbook-on-brand', on); brand(colour, on); },
  };
  media.addEventListener('change', apply);
  paper.addEventListener('change', apply);
  apply();
  brand(read('logbook-brand'), read('logbook-on-brand'));
})();
