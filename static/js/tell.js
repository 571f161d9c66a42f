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
