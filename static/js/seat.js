// @ts-check
/** The seat for the day is kept on this device until it is over, so that it opens where there is no net. */

const KEEP = "seat-1";
const seat = /** @type {HTMLElement} */ (document.querySelector("[data-seat-day]"));

/** Under which name a page is kept: not its address, which is all the key there is. @param {string} path */
async function name(path) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(path)));
  return `/kept/${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Forget seats whose day is over; with the last one all that was kept for them. */
async function tidy() {
  const store = await caches.open(KEEP);
  let alive = 0;
  for (const request of await store.keys()) {
    const until = (await store.match(request))?.headers.get("x-until");
    if (!until) continue;
    if (Date.parse(until) > Date.now()) alive += 1;
    else await store.delete(request);
  }
  if (!alive) await caches.delete(KEEP);
}

/** This page, with what it is drawn with. A seat that is no longer valid is forgotten. */
async function keep() {
  const mine = await name(location.pathname);
  const until = seat.dataset.until;
  if (!until) return (await caches.open(KEEP)).delete(mine);
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const headers = new Headers(answer.headers);
  headers.set("x-until", until);
  const store = await caches.open(KEEP);
  await store.put(mine, new Response(await answer.blob(), { headers }));
  const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = parts.filter((url) => url.startsWith(`${location.origin}/static/`));
  await Promise.allSettled([...new Set(own)].map((url) => store.add(url)));
  seat.hidden = false;
}

if ("serviceWorker" in navigator && "caches" in window) {
  navigator.serviceWorker.register(seat.dataset.worker ?? "").catch(() => {});
  keep()
    .catch(() => {})
    .finally(tidy);
}
