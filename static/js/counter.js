// @ts-check
/** The counter: buying where the offer stands. One drawer is open at a time, one payment frame exists at a time. */

import { ask, me, send } from "./ask.js";
import * as basket from "./basket.js";
import { clock } from "./clock.js";
import { destroy, mount } from "./frame.js";
import { live } from "./live.js";
import { announce, badge, hush, warn } from "./tell.js";

/** How long a payment that the bank has not confirmed is asked about, in milliseconds between questions. */
const PAUSES = [1000, 2000, 3000, 5000, 8000, 13000, 21000];

/** @type {HTMLElement | null} the open drawer */
let drawer = null;
/** @type {HTMLElement | null} where the focus goes back to */
let opener = null;
/** @type {{action: string, data: FormData} | null} what was typed last, so that "change" loses nothing */
let typed = null;
let busy = false;

/** A form of ours was sent. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
export async function submitted(form, button) {
  if (busy) return;
  hush(form);
  await working(form, button, async () => {
    if (form.closest("[data-basket]")) await basket.change(form, button);
    else if (form.matches("[data-counter-form]")) (await take(form)) && (await order(form, button));
    else if (button?.hasAttribute("data-add")) await basket.add(form, button);
    else await open(form, button);
  });
}

/** One thing at a time, seen to be under way; what fails is said at the form and nothing typed is lost.
 * @param {HTMLElement} form @param {Element | null} button @param {() => Promise<void>} act */
async function working(form, button, act) {
  busy = true;
  button?.setAttribute("aria-busy", "true");
  try {
    await act();
  } catch (error) {
    warn(form, error instanceof Error ? error.message : "");
  } finally {
    busy = false;
    button?.removeAttribute("aria-busy");
  }
}

/** Open the recap under the offer; what was open elsewhere is shut, and the reader's place stays where it was.
 * @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function open(form, button) {
  const group = form.closest("[data-offer-group]");
  const place = group?.querySelector("[data-counter]") ?? form.closest("[data-offers]")?.querySelector("[data-counter]");
  if (!(place instanceof HTMLElement)) return form.submit();
  const query = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const response = await ask(`${form.action}?${query}`);
  const html = await response.text();
  if (drawer?.contains(form)) {
    typed = null;
    return put(html);
  }
  const top = form.getBoundingClientRect().top;
  if (!(await close(false))) return;
  scrollBy({ top: form.getBoundingClientRect().top - top, behavior: "instant" });
  opener = button;
  drawer = place;
  typed = null;
  place.hidden = false;
  put(html);
}

/** Put a state of the drawer in, and the focus where the reader should be. @param {string} html */
function put(html) {
  if (!drawer) return;
  destroy();
  drawer.innerHTML = html;
  clock(drawer);
  const places = ["[aria-invalid=true]", "[data-form-errors]", "[role=alert]", "[data-counter-title]"];
  const first = places.map((place) => drawer?.querySelector(place)).find(Boolean);
  if (first?.matches("[role=alert]")) first.setAttribute("tabindex", "-1");
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  first?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  const pay = drawer.querySelector("[data-pay]");
  if (pay instanceof HTMLElement) mount(pay, settle);
  else follow(0);
}

/** Order, or count anew. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
async function order(form, button) {
  const place = drawer;
  const data = new FormData(form, button);
  const url = button?.hasAttribute("formaction") ? button.formAction : form.action;
  typed = form.querySelector("[name=total]") ? { action: form.action, data } : null;
  const response = await send(url, data);
  if (response.status === 204) return void (await close(true));
  const html = await response.text();
  if (drawer === place && form.isConnected) put(html);
  else await abandon(new DOMParser().parseFromString(html, "text/html"));
}

/** Stripe says it is done: our server asks Stripe itself, and is asked until it knows. @param {string} url */
async function settle(url) {
  const place = drawer;
  for (const pause of PAUSES) {
    try {
      const html = await (await ask(url)).text();
      if (drawer === place) put(html);
      return count();
    } catch (error) {
      if (place) warn(place, error instanceof Error ? error.message : "");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** How many units lie in the basket now. */
async function count() {
  badge((await me()).basket);
}

/** While the bank is asked, look again; nothing moves until there is news. @param {number} turn */
function follow(turn) {
  const done = drawer?.querySelector("[data-step=done][data-state=placed]");
  if (!(done instanceof HTMLElement) || turn >= PAUSES.length) return;
  setTimeout(() => done.isConnected && news(done, () => follow(turn + 1)), PAUSES[turn]);
}

/** Show what became of the order if it is no longer waiting. @param {HTMLElement} shown @param {() => void} [none] */
async function news(shown, none = () => {}) {
  try {
    const html = await (await ask(shown.dataset.status ?? "")).text();
    if (!shown.isConnected) return;
    const waits = new DOMParser().parseFromString(html, "text/html").querySelector("[data-state=placed]");
    if (waits) return none();
    put(html);
    await count();
  } catch {
    none();
  }
}

/** Free the units at once; what proves paid is shown. Whether nothing more is open. @param {ParentNode | null} place */
async function abandon(place) {
  const pay = place?.querySelector("[data-pay]");
  const token = pay?.querySelector("[name=csrfmiddlewaretoken]");
  if (!(pay instanceof HTMLElement) || !(token instanceof HTMLInputElement)) return true;
  const data = new FormData();
  data.set(token.name, token.value);
  const response = await send(pay.dataset.abandon ?? "", data);
  if (response.status !== 200) return true;
  put(await response.text());
  return false;
}

/** Shut the drawer; false when it must stay, because it was paid. @param {boolean} focus whether the focus goes back */
async function close(focus) {
  if (!drawer) return true;
  if (!(await abandon(drawer))) return false;
  destroy();
  drawer.replaceChildren();
  drawer.hidden = true;
  drawer = null;
  live().catch(() => {});
  if (focus) opener?.focus();
  return true;
}

/** Back to the recap with all that was typed. */
async function change() {
  if (!typed) return void (await close(true));
  if (!(await abandon(drawer))) return;
  typed.data.set("refresh", "1");
  typed.data.set("open", "1");
  typed.data.delete("token");
  put(await (await send(typed.action, typed.data)).text());
}

/** Another country or method: count anew, and keep what was typed while the answer was on its way.
 * @param {HTMLFormElement} form @param {HTMLElement} field */
async function refresh(form, field) {
  const data = new FormData(form);
  data.set("refresh", "1");
  if (form.querySelector(".known[open]")) data.set("open", "1");
  const html = await (await send(form.action, data)).text();
  if (!form.isConnected) return;
  const now = new FormData(form);
  put(html);
  const anew = drawer?.querySelector("[data-counter-form]");
  if (!(anew instanceof HTMLFormElement)) return;
  for (const input of anew.querySelectorAll("input:not([type=hidden], [type=radio]), textarea")) {
    const { name } = /** @type {HTMLInputElement} */ (input);
    const value = now.get(name);
    if (typeof value === "string" && value !== data.get(name)) /** @type {HTMLInputElement} */ (input).value = value;
  }
  const name = field.getAttribute("name");
  const again = anew.querySelector(`[name="${name}"]:checked, select[name="${name}"]`);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  announce(drawer?.querySelector(".bill__total")?.textContent?.replace(/\s+/g, " ").trim() ?? "");
}

/** An order of this browser waits for its payment: a drawer of its offers says so, and moves nobody. Each has its own.
 * @param {{offers: number[], html: string}} order */
export function waits({ offers, html }) {
  const groups = offers.flatMap((one) => [...document.querySelectorAll(`[data-offer="${one}"]`)]);
  const places = groups.map((one) => one.closest("[data-offer-group]")?.querySelector("[data-counter]"));
  const place = places.find((one) => one instanceof HTMLElement && one.hidden);
  if (!(place instanceof HTMLElement) || (drawer && !onlyWaits(drawer))) return;
  drawer ??= place;
  place.hidden = false;
  place.innerHTML = html;
}

/** Whether nothing is open there but the word that an order waits. @param {ParentNode | null} place */
function onlyWaits(place) {
  return Boolean(place?.querySelector("[data-step=waiting]"));
}

/** The drawer that is spoken to is the open one; what only waits elsewhere stays. False when the other must stay open.
 * @param {Element} part */
async function take(part) {
  const place = part.closest("[data-counter]");
  if (!(place instanceof HTMLElement) || place === drawer) return true;
  if (!onlyWaits(drawer) && !(await close(false))) return false;
  drawer = place;
  return true;
}

/** The counter stands on a page of its own. */
export function arrived() {
  const place = document.querySelector("[data-counter][data-page]");
  if (place instanceof HTMLElement) drawer = place;
  follow(0);
}

/** The page is looked at again: a payment may have ended in another tab, or while the page lay in the cache. */
export function woken() {
  const shown = drawer?.querySelector("[data-pay], [data-step=done][data-state=placed]");
  if (shown instanceof HTMLElement) news(shown);
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const place = target?.closest("[data-counter]");
  if (!busy && place instanceof HTMLElement && onlyWaits(place) && onlyWaits(drawer)) drawer = place;
  const inside = drawer;
  if (!inside || !target || !inside.contains(target)) return;
  const shut = target.closest("[data-counter-close]");
  const link = shut && !inside.hasAttribute("data-page") ? shut : target.closest("[data-change]");
  if (!link) return;
  event.preventDefault();
  if (busy && link !== shut) return;
  working(inside, link, async () => void (await (link === shut ? close(true) : change())));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drawer || drawer.hasAttribute("data-page") || drawer.querySelector("[data-pay]")) return;
  drawer.querySelector("[data-counter-close]")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
});

document.addEventListener("change", (event) => {
  const field = event.target instanceof HTMLElement ? event.target : null;
  const form = field?.closest("[data-counter-form]");
  if (!field?.closest("[data-refresh]") || !(form instanceof HTMLFormElement)) return;
  working(form, null, () => refresh(form, field));
});

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && woken());
