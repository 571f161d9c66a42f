// @ts-check
/** The basket: put in, change, take out, put back. */

import { ask, me, send } from "./ask.js";
import { announce, badge, say } from "./tell.js";

/** Put it in, from where it stands. @param {HTMLFormElement} form @param {HTMLButtonElement} button */
export async function add(form, button) {
  const answer = await (await send(button.formAction, new FormData(form))).json();
  badge(answer.basket);
  announce(answer.error || answer.said);
  say(form, answer.html);
}

/** A change in the basket's page. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
export async function change(form, button) {
  const place = form.closest("[data-basket]");
  const response = await send(form.action, new FormData(form, button));
  if (!(place instanceof HTMLElement)) return;
  place.innerHTML = await response.text();
  announce(place.querySelector("[data-said], .notice")?.textContent?.trim() ?? "");
  refocus(place, form.dataset.line, button?.name ?? "quantity");
  me().then(({ basket }) => badge(basket), () => {});
}

/** The focus stays at the line that was changed, else at what is left. A line that went out offers its way back.
 * @param {HTMLElement} place @param {string | undefined} line @param {string} name */
function refocus(place, line, name) {
  const there = `[data-line="${line}"]`;
  const again = place.querySelector(`${there} [name="${name}"]:enabled`)
    ?? place.querySelector(`${there} button:enabled:not([tabindex])`)
    ?? place.querySelector("h2, a, button");
  if (again instanceof HTMLElement) again.focus();
}

/** Back from the back/forward cache: another page may have changed it. */
export async function again() {
  const place = document.querySelector("[data-basket]");
  if (place) place.innerHTML = await (await ask(location.href)).text();
}
