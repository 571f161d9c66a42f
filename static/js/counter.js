// @ts-check
/** The counter: buying where the offer stands. One drawer is open at a time, one payment frame exists at a time. */

import { announce, badge } from "./tell.js";
import { destroy, mount } from "./frame.js";

/** @type {HTMLElement | null} the open drawer */
let drawer = null;
/** @type {HTMLElement | null} where the focus goes back to */
let opener = null;
/** @type {{action: string, data: FormData} | null} what was typed last, so that "change" loses nothing */
let typed = null;
let busy = false;

/** @param {string} url @param {RequestInit} [init] */
const fragment = (url, init = {}) => fetch(url, { ...init, headers: { "X-Fragment": "1" } });

/** A form of ours was sent. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
export async function submitted(form, button) {
  if (busy) return;
  busy = true;
  button?.setAttribute("aria-busy", "true");
  try {
    if (form.closest("[data-basket]")) await basket(form, button);
    else if (form.matches("[data-counter-form]")) await order(form, button);
    else if (button?.hasAttribute("data-add")) await add(form);
    else await open(form, button);
  } catch {
    // The network failed: the plain form still works.
    form.submit();
  } finally {
    busy = false;
    button?.removeAttribute("aria-busy");
  }
}

/** @param {HTMLFormElement} form */
const query = (form) => new URLSearchParams(/** @type {any} */ (new FormData(form))).toString();

/** Open the recap under the offer. @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function open(form, button) {
  const place = form.closest("[data-offer-group], [data-offers]")?.querySelector("[data-counter]")
    ?? form.closest("[data-offers]")?.querySelector("[data-counter]");
  if (!(place instanceof HTMLElement)) return form.submit();
  if (drawer && drawer !== place) await close(false);
  opener = button;
  const response = await fragment(`${form.action}?${query(form)}`);
  drawer = place;
  place.hidden = false;
  put(await response.text());
}

/** Put a page of the drawer in, and the focus where the reader should be. @param {string} html */
function put(html) {
  if (!drawer) return;
  destroy();
  drawer.innerHTML = html;
  const first = drawer.querySelector("[data-form-errors], [data-counter-title]");
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  (drawer.firstElementChild ?? drawer).scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  if (first) announce(first.textContent?.trim() ?? "");
  const pay = drawer.querySelector("[data-pay]");
  if (pay instanceof HTMLElement) mount(pay, paid);
  const done = drawer.querySelector("[data-step=done]");
  if (done?.getAttribute("data-state") === "placed") setTimeout(() => paid(done.getAttribute("data-status") ?? ""), 2000);
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Order, or count anew. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
async function order(form, button) {
  const data = new FormData(form, button ?? undefined);
  typed = { action: form.action, data };
  const response = await fragment(form.action, { method: "POST", body: data });
  put(await response.text());
}

/** Stripe says it is done: our server asks Stripe itself. @param {string} url */
async function paid(url) {
  destroy();
  const response = await fragment(url);
  if (!response.ok) return;
  put(await response.text());
  badgeNow();
}

async function badgeNow() {
  const prefix = document.documentElement.lang.startsWith("fr") ? "" : `/${document.documentElement.lang.slice(0, 2)}`;
  const response = await fragment(`${prefix}/me/`);
  if (response.ok) badge((await response.json()).basket);
}

/** Free the units at once; what proves paid is shown. */
async function abandon() {
  const pay = drawer?.querySelector("[data-pay]");
  if (!pay) return true;
  const token = pay.querySelector("[name=csrfmiddlewaretoken]");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token instanceof HTMLInputElement ? token.value : "");
  const response = await fragment(pay.getAttribute("data-abandon") ?? "", { method: "POST", body });
  if (response.status !== 200) return true;
  put(await response.text());
  return false;
}

/** Shut the drawer. @param {boolean} focus whether the focus goes back to the button */
async function close(focus) {
  if (!drawer || !(await abandon())) return;
  destroy();
  drawer.replaceChildren();
  drawer.hidden = true;
  drawer = null;
  if (focus) opener?.focus();
}

/** Back to the recap with all that was typed. */
async function change() {
  if (!typed || !(await abandon())) return;
  typed.data.set("refresh", "1");
  typed.data.delete("token");
  const response = await fragment(typed.action, { method: "POST", body: typed.data });
  put(await response.text());
}

/** @param {HTMLFormElement} form */
async function add(form) {
  const button = form.querySelector("[data-add]");
  const url = button?.getAttribute("formaction") ?? "";
  const page = await fragment(`${document.documentElement.lang.startsWith("fr") ? "" : "/en"}/me/`);
  const data = new FormData(form);
  data.set("csrfmiddlewaretoken", (await page.json()).csrf);
  const answer = await (await fragment(url, { method: "POST", body: data })).json();
  badge(answer.basket);
  announce(answer.error || answer.said);
  say(form, answer.error || answer.said, Boolean(answer.error));
}

/** A word under the form, for those who see. @param {HTMLElement} form @param {string} text @param {boolean} wrong */
function say(form, text, wrong) {
  let word = form.querySelector("[data-word]");
  if (!word) {
    word = document.createElement("p");
    word.setAttribute("data-word", "");
    form.append(word);
  }
  word.className = wrong ? "notice notice--wrong" : "notice";
  word.textContent = text;
}

/** A change in the basket. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
async function basket(form, button) {
  const place = form.closest("[data-basket]");
  const name = button?.name ?? "quantity";
  const line = form.dataset.line;
  const response = await fragment(form.action, { method: "POST", body: new FormData(form, button ?? undefined) });
  if (!place) return;
  place.innerHTML = await response.text();
  announce(place.querySelector("[data-said], .notice")?.textContent ?? "");
  const again = place.querySelector(`[data-line="${line}"] [name="${name}"]:not(:disabled), [data-line="${line}"] button`);
  if (again instanceof HTMLElement) again.focus();
  badgeNow();
}

/** The counter stands on a page of its own. */
export function arrived() {
  const place = document.querySelector("[data-counter][data-page]");
  if (place instanceof HTMLElement) drawer = place;
}

/** Back from the back/forward cache while a frame was open: the session may have ended or been paid. */
export function woken() {
  const pay = document.querySelector("[data-pay]");
  const place = pay?.closest("[data-counter]");
  if (!pay || !(place instanceof HTMLElement)) return;
  drawer = place;
  paid(pay.getAttribute("data-status") ?? "");
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!drawer || !target || !drawer.contains(target)) return;
  if (target.closest("[data-counter-close]") && !drawer.hasAttribute("data-page")) {
    event.preventDefault();
    close(true);
  } else if (target.closest("[data-change]")) {
    event.preventDefault();
    change();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drawer && !drawer.hasAttribute("data-page") && !drawer.querySelector("[data-pay]")) close(true);
});

document.addEventListener("change", async (event) => {
  const field = event.target instanceof HTMLElement ? event.target : null;
  const form = field?.closest("[data-counter-form]");
  if (!field?.closest("[data-refresh]") || !(form instanceof HTMLFormElement)) return;
  const name = field.getAttribute("name");
  const value = field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
  const data = new FormData(form);
  data.set("refresh", "1");
  const response = await fragment(form.action, { method: "POST", body: data });
  put(await response.text());
  const again = drawer?.querySelector(`[name="${name}"][value="${value}"], select[name="${name}"]`);
  if (again instanceof HTMLElement) again.focus();
});
