// @ts-check
/** What is live on a page: price, stock, and which variant is chosen. */

const language = document.documentElement.lang.slice(0, 2);

/** What the answer leaves out is not for sale. */
const GONE = { price: "", amount: 0, state: "archived", text: "", max: 0, club: "" };

/** Price and stock of all offers on the page, now. */
export async function live() {
  const places = [...document.querySelectorAll("[data-offer]")];
  const ids = [...new Set(places.map((place) => Number(place.getAttribute("data-offer"))))].sort((a, b) => a - b);
  if (!ids.length) return;
  const response = await fetch(`/live/?o=${ids.join(",")}&l=${language}`, { credentials: "omit" });
  if (!response.ok) return;
  const { offers } = await response.json();
  for (const place of places) {
    show(place, offers[place.getAttribute("data-offer") ?? ""] ?? GONE);
  }
}

/** Which offers of the page an audience pays less for. */
export function cheaper() {
  const places = [...document.querySelectorAll("[data-offer]")].filter((one) => one.querySelector('[data-live="club"]'));
  return [...new Set(places.map((one) => Number(one.getAttribute("data-offer"))))].sort((a, b) => a - b);
}

/** What this member pays, in place of what the club pays. @param {Record<string, string>} prices */
export function own(prices) {
  for (const [offer, words] of Object.entries(prices)) {
    for (const club of document.querySelectorAll(`[data-offer="${offer}"] [data-live="club"]`)) {
      club.textContent = words;
      club.setAttribute("data-own", "");
    }
  }
}

/** @param {Element} place @param {{price: string, amount: number, state: string, text: string, max: number, club: string}} now */
function show(place, now) {
  const price = place.querySelector('[data-live="price"]');
  const state = place.querySelector('[data-live="state"]');
  const seen = place.querySelector('input[name="seen"]');
  if (price && now.price) price.textContent = now.price;
  if (state) state.textContent = now.text;
  const club = place.querySelector('[data-live="club"]');
  if (club && now.club && !club.hasAttribute("data-own")) club.textContent = now.club;
  if (seen instanceof HTMLInputElement && now.price) seen.value = String(now.amount);
  if (place.hasAttribute("data-state")) place.setAttribute("data-state", now.state);
  for (const control of place.querySelectorAll("[data-buy], [data-add], input[type=radio]")) {
    if (control instanceof HTMLButtonElement || control instanceof HTMLInputElement) control.disabled = now.max < 1;
  }
  if (place instanceof HTMLOptionElement) place.disabled = now.max < 1;
  const choice = place instanceof HTMLOptionElement ? place : place.querySelector("input[type=radio]");
  if (choice instanceof HTMLElement) choice.dataset.max = String(now.max);
  if (choice instanceof HTMLElement && now.price) choice.dataset.price = now.price;
  const form = place.closest("[data-offer-group]")?.querySelector("[data-offer-form]");
  if (form instanceof HTMLFormElement) choose(form, now.max);
}

/** The ticket shows the price of the variant that is chosen, and no more units can be typed than there are.
 * @param {HTMLFormElement} form @param {number} [most] of an offer without variants */
export function choose(form, most = 1) {
  const places = form.querySelectorAll("input[type=radio][name=offer], option[data-max]");
  const choices = /** @type {(HTMLInputElement | HTMLOptionElement)[]} */ ([...places]);
  const is = (/** @type {HTMLInputElement | HTMLOptionElement} */ one) => ("checked" in one ? one.checked : one.selected);
  let chosen = choices.find(is);
  if (chosen?.disabled) {
    chosen = choices.find((one) => !one.disabled) ?? chosen;
    if ("checked" in chosen) chosen.checked = true;
    else chosen.selected = true;
  }
  for (const button of chosen ? form.querySelectorAll("button") : []) button.disabled = Boolean(chosen?.disabled);
  const ticket = form.closest("[data-offer-group]")?.querySelector(".ticket [data-live=price]");
  if (ticket && chosen?.dataset.price && form.hasAttribute("data-chosen")) ticket.textContent = chosen.dataset.price;
  const quantity = form.querySelector('input[name="quantity"]');
  const max = Number(chosen?.dataset.max ?? most);
  if (quantity instanceof HTMLInputElement && quantity.type === "number") quantity.max = String(Math.max(max, 1));
}
