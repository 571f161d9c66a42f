/* Opens a seat that this device has kept, where there is no net. What is kept, and until when, the page itself says. */
const KEEP = "seat-1";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(orKept(event.request, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(orKept(event.request));
});
async function orKept(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    const keep = await caches.open(KEEP);
    const kept = await keep.match(path ? await name(path) : request);
    const until = kept && kept.headers.get("x-until");
    if (!kept || (path && !(Date.parse(until) > Date.now()))) throw error;
    return kept;
  }
}
async function name(path) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(path)));
  return `/kept/${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
