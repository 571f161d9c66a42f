// @ts-check
/** The one script of every page: what is live, what is personal, and the counter when it is asked for. */

import { badge } from "./tell.js";

const language = document.documentElement.lang.slice(0, 2);
const prefix = language === "fr" ? "" : `/${language}`;

/** Price and stock of all offers on the page, now. */
async function live() {
  const places = [...document.querySelectorAll("[data-offer]")];
  const ids = [...new Set(places.map((place) => Number(place.getAttribute("data-offer"))))].sort((a, b) => a - b);
  if (!ids.length) return;
  const response = await fetch(`/live/?o=${ids.join(",")}&l=${language}`, { credentials: "omit" });
  if (!response.ok) return;
  const { offers } = await response.json();
  for (const place of places) {
    const now = offers[place.getAttribute("data-offer") ?? ""];
    if (now) show(place, now);
  }
}

/** @param {Element} place @param {{price: string, state: string, text: string, max: number}} now */
function show(place, now) {
  const price = place.querySelector('[data-live="price"]');
  const state = place.querySelector('[data-live="state"]');
  if (price && now.price) price.textContent = now.price;
  if (state) state.textContent = now.text;
  if (place.hasAttribute("data-price") && now.price) place.setAttribute("data-price", now.price);
  const sold = place.getAttribute("data-state");
  if (sold !== null) place.setAttribute("data-state", now.state);
  for (const control of place.querySelectorAll("[data-buy], [data-add], input[type=radio]")) {
    if (control instanceof HTMLButtonElement || control instanceof HTMLInputElement) control.disabled = now.max < 1;
  }
  const quantity = place.querySelector('input[name="quantity"]');
  if (quantity instanceof HTMLInputElement && quantity.type === "number") quantity.max = String(Math.max(now.max, 1));
  if (place instanceof HTMLOptionElement) place.disabled = now.max < 1;
}

/** What is personal: only asked for when this browser has been here before. */
async function me() {
  if (!document.cookie.includes("here=1")) return;
  const response = await fetch(`${prefix}/me/`, { headers: { "X-Fragment": "1" } });
  if (response.ok) badge((await response.json()).basket);
}

/** A video or a map is loaded by a click and not before. @param {Element} button */
function embed(button) {
  const well = button.closest("[data-embed]");
  if (!well) return;
  const frame = document.createElement("iframe");
  frame.src = well.getAttribute("data-embed") ?? "";
  frame.title = well.getAttribute("data-embed-title") ?? "";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation");
  frame.allowFullscreen = true;
  well.replaceChildren(frame);
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("[data-embed-open]") : null;
  if (!target) return;
  event.preventDefault();
  embed(target);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (!form.matches("[data-offer-form], [data-counter-form], [data-basket] form[method=post]")) return;
  event.preventDefault();
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
  const counter = await import("./counter.js");
  counter.submitted(form, button);
});

addEventListener("pageshow", (event) => {
  live();
  me();
  if (event.persisted && document.querySelector("[data-pay]")) import("./counter.js").then((counter) => counter.woken());
});

if (document.querySelector("[data-counter][data-page]")) import("./counter.js").then((counter) => counter.arrived());
