// @ts-check
/** The basket: put in, change, take out, put back. */

import { ask, me, send } from "./ask.js";
import { announce, badge, say } from "./tell.js";

/** Put it in, from where it stands. @param {HTMLFormElement} form @param {HTMLButtonElement} button */
export async function add(form, button) {
  const answer = await (await send(button.formAction, new FormData(form))).json();
  badge(answer.basket);
  announce(answer.error || answer.said);
  say(form, answer.html, answer.field);
}

/** A change in the basket's page. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
export async function change(form, button) {
  const place = form.closest("[data-basket]");
  const response = await send(form.action, new FormData(form, button));
  if (!(place instanceof HTMLElement)) return;
  const before = lines(place);
  place.innerHTML = await response.text();
  announce(place.querySelector("[data-said], .notice")?.textContent?.trim() ?? "");
  const back = button?.name === "undo" ? lines(place).find((line) => !before.includes(line)) : undefined;
  refocus(place, back ?? form.dataset.line, back ? "quantity" : (button?.name ?? "quantity"));
  me().then(({ basket }) => badge(basket), () => {});
}

/** What names the lines that are in the basket. @param {HTMLElement} place @returns {(string | undefined)[]} */
function lines(place) {
  const forms = [...place.querySelectorAll("form[data-line]")].filter((form) => form.querySelector("[name=quantity]"));
  return forms.map((form) => (form instanceof HTMLElement ? form.dataset.line : undefined));
}

/** The focus goes to what is wrong, else stays at the line that was changed, else at what is left. A line that went out
 * offers its way back; one that came back is where it was before.
 * @param {HTMLElement} place @param {string | undefined} line @param {string} name */
function refocus(place, line, name) {
  const there = `[data-line="${line}"]`;
  const again = place.querySelector("[aria-invalid=true]")
    ?? place.querySelector(`${there} [name="${name}"]:enabled`)
    ?? place.querySelector(`${there} button:enabled:not([tabindex])`)
    ?? place.querySelector("a, button:enabled:not([tabindex])");
  if (again instanceof HTMLElement) again.focus();
}

/** Back from the back/forward cache: another page may have changed it. */
export async function again() {
  const place = document.querySelector("[data-basket]");
  if (!(place instanceof HTMLElement)) return;
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  place.innerHTML = await (await ask(location.href)).text();
  const line = held?.closest("form")?.dataset.line;
  if (held) refocus(place, line, held.getAttribute("name") ?? "quantity");
}
