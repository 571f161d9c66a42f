/* Keeps the door's page and its scripts, so that it opens again without a net. The roster is kept by the page itself. */
const KEEP = "door-1";
const FILES = {{ kept|safe }};
self.addEventListener("install", (event) => event.waitUntil(caches.open(KEEP).then((keep) => keep.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isPage = event.request.mode === "navigate";
  const isPart = event.request.method === "GET" && /^\/static\//.test(url.pathname);
  if (url.origin !== self.location.origin || !(isPage || isPart)) return;
  event.respondWith(fresh(event.request));
});
async function fresh(request) {
  const keep = await caches.open(KEEP);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await keep.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await keep.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
