// @ts-check
/** Questions to our own server. What fails is told in words that the page holds, never by leaving the page. */

const language = document.documentElement.lang.slice(0, 2);
/** Addresses of French pages have no prefix. */
export const prefix = language === "fr" ? "" : `/${language}`;
/** Answers with something to show in the drawer; anything else is a fault of ours. */
const ANSWERS = [200, 202, 204, 409, 410, 422];

/** It did not work; the message is for the reader. */
export class Trouble extends Error {}

/** @param {"offline" | "broken"} kind */
function trouble(kind) {
  const words = document.querySelector("[data-announce]");
  return new Trouble((words instanceof HTMLElement && words.dataset[kind]) || "…");
}

/** Ask for a fragment. @param {string} url @param {RequestInit} [init] */
export async function ask(url, init = {}) {
  let response;
  try {
    response = await fetch(url, { ...init, headers: { "X-Fragment": "1" } });
  } catch {
    throw trouble("offline");
  }
  if (response.status !== 403 && !ANSWERS.includes(response.status)) throw trouble("broken");
  return response;
}

/** Send a form. Its token may be old (signed in elsewhere meanwhile): then once more with a new one.
 * @param {string} url @param {FormData} data */
export async function send(url, data) {
  if (!data.has("csrfmiddlewaretoken")) data.set("csrfmiddlewaretoken", (await me()).csrf);
  const response = await ask(url, { method: "POST", body: data });
  if (response.status !== 403) return response;
  data.set("csrfmiddlewaretoken", (await me()).csrf);
  const again = await ask(url, { method: "POST", body: data });
  if (again.status === 403) throw trouble("broken");
  return again;
}

/** What is personal. @returns {Promise<{basket: number, csrf: string}>} */
export async function me() {
  return (await ask(`${prefix}/me/`)).json();
}
