// Shows a page of ours when the server cannot be reached, and goes back by itself; and shows notices while Logbook is closed.
// It keeps no page and no data of anybody: what it shows offline is written here.
const SAID = { /* SAID */ };  // the sentences: the server puts them in, in the language of the address
const html = (text) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
const PAGE = `<!doctype html><html lang="${SAID.language}" dir="${SAID.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${html(SAID.title)} - Logbook</title>
<style>:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f7f9;color:#101b2c;font:400 15px/1.55 Inter,system-ui,sans-serif}
main{max-width:26rem;margin:1rem;padding:2rem;background:#fff;border:1px solid #e3e7ed;border-radius:14px}h1{margin:0;font-size:22px;letter-spacing:-.02em}p{color:#3e4c61}
button{font:inherit;font-weight:600;padding:.5rem 1rem;border:0;border-radius:9px;background:#0b6e6e;color:#fff}
@media(prefers-color-scheme:dark){body{background:#0c121b;color:#edf2f8}main{background:#151e2a;border-color:#253143}p{color:#c3cedc}button{background:#4fb8b0;color:#04201f}}</style></head>
<body><main><h1>${html(SAID.heading)}</h1><p>${html(SAID.text)}</p><button onclick="location.reload()">${html(SAID.button)}</button></main>
<script>setInterval(() => fetch("/health", { cache: "no-store" }).then((answer) => answer.status < 500 && location.reload(), () => {}), 5000); addEventListener("online", () => location.reload());</script></body></html>`;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // What a page sends as it goes would be lost on the way through here: half of it was, measured in Chromium 156.
  event.waitUntil(event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" }).catch(() => {}));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(() => new Response(PAGE, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } })));
});

// A push names the kind of notice and a path of ours, nothing else. Several of the same kind replace each other.
self.addEventListener("push", (event) => {
  let message = {};
  try { message = event.data.json(); } catch { /* nothing that we sent */ }
  const title = String(message.title || "Logbook"), body = String(message.body || SAID.notice);
  event.waitUntil(self.registration.showNotification(title, { body, tag: body, data: { link: String(message.link || "/notifications") } }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = event.notification.data?.link || "/";
  // Only a path on this host: what comes with a push leads nowhere else.
  const path = /^\/(?![/\\])/.test(link) ? link : "/";
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    for (const one of open) if ("navigate" in one) { try { await one.navigate(path); return one.focus(); } catch { /* another page holds it */ } }
    return self.clients.openWindow(path);
  })());
});
