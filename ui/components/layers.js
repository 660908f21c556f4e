// What lies over a page - a dialog, the drawer, on a phone what opens from below - takes an entry of the browser's history:
// so Back closes it, and the page stays. What is closed otherwise takes its entry away again. An entry tells to which visit
// of a page it belongs, and how many lie over the page there.
const PATIENCE = 1000; // milliseconds until a step through the history counts as taken
const open = []; // what closes each, the highest last; one that stays open after all answers false
let visit, path, steps = null, leaving = false;

const here = () => location.pathname + location.search + location.hash;
const depth = (state = history.state) => state?.over ?? 0;

function settle() {
  if (steps || leaving) return;
  if (depth() > open.length) return step(open.length - depth());
  if (depth() === open.length) return;
  if (!depth()) path = here();
  history.replaceState({ ...history.state, visit, ...(!depth() && { scroll: scrollY }) }, "");
  while (depth() < open.length) history.pushState({ ...history.state, over: depth() + 1 }, "");
}

// A step through the history would stop whoever is on his way to another page; who stays after all is seen to later.
addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; settle(); }, PATIENCE); });

function step(by) {
  const one = (steps = {});
  one.taken = new Promise((done) => (one.done = done));
  setTimeout(() => taken(one), PATIENCE);
  history.go(by);
}

function taken(one) {
  if (steps !== one) return;
  steps = null;
  one.done();
}

// Something lies over the page now. Returns what to call when it no longer does, whoever closed it.
export function over(close) {
  const one = { close };
  open.push(one);
  settle();
  return () => { if (open.includes(one)) { open.splice(open.indexOf(one), 1); settle(); } };
}

export function modal(dialog, close = () => dialog.close()) {
  dialog.showModal();
  const left = over(() => { close(); return !dialog.open; });
  dialog.addEventListener("close", left, { once: true });
  return left;
}

// What opens beside its button on a desk, where Back need not know of it.
export const sheet = (close) => (matchMedia("(max-width: 720px)").matches ? over(close) : null);

// For components that have one such thing `open` at a time.
export const sheets = {
  watch: { open(now) { this.left?.(); this.left = now ? sheet(() => { this.close ? this.close() : (this.open = null); }) : null; } },
  unmounted() { this.left?.(); },
};

// --- for the frame, which knows the pages
export const still = () => steps?.taken ?? Promise.resolve();

export function begin() {
  visit = history.state?.visit ?? Math.random();
  path = here();
  history.replaceState({ ...history.state, page: path, visit }, "");
  settle(); // a reload has closed what lay here
}

// Another page was come to; what lay over the one before is gone, and its entry becomes that of the new page.
export function came(now, back) {
  open.length = 0;
  if (back) return begin();
  visit = Math.random();
  path = now;
  history[depth() ? "replaceState" : "pushState"]({ page: now, visit }, "", now);
}

export function rewritten(now) {
  path = now;
  history.replaceState({ ...history.state, page: now }, "", now);
}

// Answers whether this step through the history was about what lies over the page, and none to another page.
export function popped({ state }) {
  const own = !!steps, at = depth(state);
  if (own) taken(steps);
  if (state?.visit !== visit || !(own || at || open.length)) return false;
  while (!own && open.length > at) {
    const one = open.at(-1);
    if (one.close() === false) break;
    if (open.at(-1) === one) open.pop();
  }
  if (!at && path !== here()) history.replaceState({ ...state, page: path }, "", path); // it was rewritten meanwhile
  if (!own && open.length > at) step(open.length - at); // what stays open has its entry ahead still
  else settle();
  return true;
}
