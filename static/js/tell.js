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

/** A word at the end of a form, for those who see; nothing takes it away again. @param {HTMLElement} form @param {string} html */
export function say(form, html) {
  const word = form.querySelector("[data-word]") ?? document.createElement("div");
  word.setAttribute("data-word", "");
  word.innerHTML = html;
  form.append(word);
}

/** What went wrong, as plain words. @param {HTMLElement} form @param {string} text */
export function warn(form, text) {
  const notice = document.createElement("p");
  notice.className = "notice notice--wrong";
  notice.textContent = text;
  say(form, notice.outerHTML);
  announce(text);
}
