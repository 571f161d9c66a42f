// @ts-check
/** The one script of every page: what is live, what is personal, and the counter when it is asked for. */

import { clock } from "./clock.js";
import { cheaper, choose, live, own } from "./live.js";
import { badge } from "./tell.js";

const language = document.documentElement.lang.slice(0, 2);
const prefix = language === "fr" ? "" : `/${language}`;

/** What is personal: only asked for when this browser has been here before. */
async function me() {
  if (!document.cookie.includes("here=1")) return;
  const offers = cheaper().join(",");
  const response = await fetch(`${prefix}/me/${offers && `?o=${offers}`}`, { headers: { "X-Fragment": "1" } });
  if (!response.ok) return;
  const { basket, waiting, prices } = await response.json();
  badge(basket);
  own(prices ?? {});
  if (!waiting) return;
  const counter = await import("./counter.js");
  waiting.forEach(counter.waits);
}

/** What is kept for some, put in the place of the word that says so; whoever it is not for keeps the word. */
async function rest() {
  const gate = document.querySelector("[data-rest]");
  if (!gate || !document.cookie.includes("here=1")) return;
  const response = await fetch(gate.getAttribute("data-rest") ?? "", { headers: { "X-Fragment": "1" } });
  if (response.status !== 200) return;
  const part = document.createElement("div");
  part.className = "article__rest";
  part.innerHTML = await response.text();
  gate.replaceWith(part);
  await live();
}

/** Parts of the page that change while it lies in caches, the same for everybody. */
async function fresh() {
  for (const place of document.querySelectorAll("[data-fresh]")) {
    const response = await fetch(place.getAttribute("data-fresh") ?? "", { credentials: "omit" });
    if (response.ok) place.innerHTML = await response.text();
  }
}

/** What the club would have saved a known buyer, said once where a tier is on sale. */
async function saved() {
  const places = document.querySelectorAll("[data-saved]");
  if (!places.length || !document.cookie.includes("here=1")) return;
  const response = await fetch(places[0].getAttribute("data-saved") ?? "", { headers: { "X-Fragment": "1" } });
  if (!response.ok) return;
  const { words } = await response.json();
  for (const place of places) {
    place.textContent = words;
    place.toggleAttribute("hidden", !words);
  }
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

document.addEventListener("change", (event) => {
  const field = event.target instanceof Element ? event.target : null;
  const form = field?.closest("[data-offer-form]");
  if (!(form instanceof HTMLFormElement) || field?.getAttribute("name") !== "offer") return;
  form.setAttribute("data-chosen", "");
  choose(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (!form.matches("[data-offer-form], [data-counter-form], [data-basket] form[method=post]")) return;
  event.preventDefault();
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
  import("./counter.js").then((counter) => counter.submitted(form, button), () => form.submit());
});

addEventListener("pageshow", (event) => {
  // Without a connection the page stays as it was sent.
  Promise.all([live(), fresh(), me(), rest(), saved()]).catch(() => {});
  if (!event.persisted) return;
  if (document.querySelector("[data-pay]")) import("./counter.js").then((counter) => counter.woken());
  if (document.querySelector("[data-basket]")) import("./basket.js").then((basket) => basket.again()).catch(() => {});
});

clock();
if (document.querySelector("[data-counter][data-page]")) import("./counter.js").then((counter) => counter.arrived());
