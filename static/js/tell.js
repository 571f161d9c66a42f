// @ts-check
/** Small words to the reader. A module of its own: files that import each other cannot be named by their hash. */

/** Say something to those who cannot see it appear. @param {string} text */
export function announce(text) {
  const region = document.querySelector("[data-announce]");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

/** Put the number of units at the basket. @param {number} units */
export function badge(units) {
  for (const place of document.querySelectorAll("[data-badge]")) place.textContent = units ? String(units) : "";
}

/** How many words have been said: each has an id of its own, for the field that it is about. */
let words = 0;

/** A word at the end of a form, for those who see, until the form is sent again.
 * @param {HTMLElement} form @param {string} html @param {string} [name] of the field that is wrong: it gets the focus */
export function say(form, html, name) {
  const word = form.querySelector("[data-word]") ?? document.createElement("div");
  word.setAttribute("data-word", "");
  word.id = `word-${(words += 1)}`;
  word.innerHTML = html;
  form.append(word);
  const field = name ? form.querySelector(`[name="${name}"]:not([type=hidden])`) : null;
  if (!(field instanceof HTMLElement)) return;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", word.id);
  field.focus();
}

/** Take the last word back: the form is sent again. @param {HTMLElement} form */
export function hush(form) {
  const word = form.querySelector("[data-word]");
  const field = word ? form.querySelector(`[aria-describedby="${word.id}"]`) : null;
  for (const name of ["aria-invalid", "aria-describedby"]) field?.removeAttribute(name);
  word?.remove();
}

/** What went wrong, as plain words. @param {HTMLElement} form @param {string} text */
export function warn(form, text) {
  const notice = document.createElement("p");
  notice.className = "notice notice--wrong";
  notice.textContent = text;
  say(form, notice.outerHTML);
  announce(text);
}
