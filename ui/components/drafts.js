// What somebody types, kept by the server as his draft. It is asked for when there is something to type in, sent soon after
// the last key, and stays in the memory of the page until the server has it: a lost connection, a restart or a reload costs
// nothing. Nothing of it lies in the storage of the browser.
const SOON = 600, AT_LAST = 4000, AGAIN = 1500, PATIENCE = 1000, TOO_LONG = 10000; // milliseconds
const LATER = new Set([408, 409, 425, 429]);
const REFUSED = Symbol("refused");

const unsent = new Map(); // place: { begun, since, timer, held, sending, left }
const stored = new Map(); // place: what the server is known to have, as JSON
const asking = new Map(); // place: the promise of what it has

// Returns the answer, null when there was none that counts, REFUSED when to try again is of no use.
async function post(path, body, leaving = false) {
  const ask = (keepalive) => fetch((window.path_prefix ?? "") + path, {
    method: "POST", headers: { "Content-Type": "application/json" }, keepalive, signal: leaving ? undefined : AbortSignal.timeout(TOO_LONG),
    body: JSON.stringify({ token: window.logbook?.token ?? "", ...body }),
  });
  try {
    const answer = await ask(leaving).catch((problem) => (leaving ? ask(false) : Promise.reject(problem))); // a browser keeps 64 KB alive
    return answer.ok ? answer : answer.status >= 500 || LATER.has(answer.status) ? null : REFUSED;
  } catch { return null; }
}

const pause = (time) => new Promise((done) => setTimeout(done, time));

// --- asking: all places of a screen in one request
let batch = null;

async function gathered() {
  await pause(0);
  const places = [...batch.places];
  batch = null;
  for (;;) {
    const answer = await post("/drafts/read", { places });
    if (answer === REFUSED) return {};
    if (answer) return answer.json();
    await pause(AGAIN);
  }
}

export function kept(place) {
  if (!place) return Promise.resolve(null);
  const here = unsent.get(place);
  if (here) return Promise.resolve(here.begun);
  if (!batch || batch.places.size >= 20) { batch = { places: new Set() }; batch.answer = gathered(); }
  batch.places.add(place);
  const answer = batch.answer.then((found) => {
    if (asking.get(place) === answer) asking.delete(place);
    const begun = found[place] ?? null;
    stored.set(place, JSON.stringify(begun));
    return begun;
  });
  asking.set(place, answer);
  return answer;
}

// --- sending
export function keep(place, begun) {
  if (!place) return;
  stay();
  const one = unsent.get(place) ?? { since: Date.now() };
  if (!unsent.has(place) && (stored.get(place) ?? "null") === JSON.stringify(begun)) return;
  one.begun = begun;
  unsent.set(place, one);
  if (!one.held) plan(place, one, begun === null ? 0 : Math.min(SOON, Math.max(0, one.since + AT_LAST - Date.now())));
}

export const forget = (place) => keep(place, null);

function plan(place, one, time) {
  clearTimeout(one.timer);
  one.timer = setTimeout(() => send(place, one), time);
}

async function send(place, one) {
  if (one.sending || unsent.get(place) !== one) return;
  const { begun } = one;
  one.sending = Promise.resolve(asking.get(place)).then(() => post("/drafts", { place, begun }));
  const answer = await one.sending;
  one.sending = null;
  if (unsent.get(place) !== one) return;
  if (answer) stored.set(place, JSON.stringify(begun));
  if (answer && JSON.stringify(one.begun) === JSON.stringify(begun)) unsent.delete(place);
  else if (!one.held) { one.since = Date.now(); plan(place, one, answer ? SOON : AGAIN); }
}

// NiceGUI loads the page anew when a connection takes too long to open. Where nothing answers that would be its end, and that
// of what only it holds: so it waits while there is such.
let stays = false;
function stay() {
  const [reload] = window.socket?.listeners("connect_error") ?? [];
  if (stays || !reload) return;
  stays = true;
  window.socket.off("connect_error", reload);
  window.socket.on("connect_error", (problem) => (problem.message === "timeout" && unsent.size ? undefined : reload(problem)));
}

// What is on its way to be saved is not sent as a draft meanwhile. Resolves when nothing is on its way here any more.
export async function hold(place) {
  const one = unsent.get(place);
  if (!one) return;
  one.held = true;
  clearTimeout(one.timer);
  if (one.sending) await Promise.race([one.sending, pause(PATIENCE)]);
}

export function release(place) {
  const one = unsent.get(place);
  if (!one?.held) return;
  one.held = false;
  plan(place, one, 0);
}

// It is saved, and the server has forgotten its draft.
export function done(place) {
  clearTimeout(unsent.get(place)?.timer);
  unsent.delete(place);
  stored.delete(place);
}

const sendAll = () => unsent.forEach((one, place) => one.held || plan(place, one, 0));
addEventListener("online", sendAll);
document.addEventListener("visibilitychange", () => document.hidden && sendAll());
// First when the page is asked to go: so it is there before the next page asks. What came after that goes when it hides.
const leave = () => unsent.forEach((one, place) => { if (one.left !== one.begun) { one.left = one.begun; post("/drafts", { place, begun: one.begun }, true); } });
addEventListener("beforeunload", leave);
addEventListener("pagehide", leave);
