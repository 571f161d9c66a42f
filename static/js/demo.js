// @ts-check
/** The demo's folded strip: its inside is fetched when it is opened for the first time. */

import { announce } from "./tell.js";

const strip = document.querySelector("details[data-demo]");

/** Fetch the inside, with the offers that this page shows. @param {Element} place */
async function fill(place) {
  const offers = [...document.querySelectorAll("[data-offer]")].map((one) => one.getAttribute("data-offer") ?? "");
  const asked = new URLSearchParams({
    o: [...new Set(offers)].join(","),
    next: location.pathname,
  });
  const response = await fetch(`${strip?.getAttribute("data-demo")}?${asked}`, { headers: { "X-Fragment": "1" } });
  if (response.ok) place.innerHTML = await response.text();
  for (const button of place.querySelectorAll("[data-copy]")) button.removeAttribute("hidden");
}

strip?.addEventListener(
  "toggle",
  () => {
    const place = strip.querySelector("[data-demo-inside]");
    if (place) fill(place);
  },
  { once: true },
);

strip?.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  if (!button) return;
  await navigator.clipboard.writeText(button.getAttribute("data-copy") ?? "");
  const said = button.getAttribute("data-copied") ?? "";
  button.textContent = said;
  announce(said);
});
