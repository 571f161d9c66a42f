// @ts-check
/** Stripe's payment frame: loaded when the counter opens it, one instance, destroyed once. */

import { announce } from "./tell.js";

const PATIENCE = 8000;

/** @type {{destroy: () => void} | null} */
let instance = null;
/** Each mount has a number: an instance that resolves after its drawer closed is destroyed at once. */
let turn = 0;
/** @type {Promise<void> | null} */
let loading = null;

/** @param {string} url */
function load(url) {
  if ("Stripe" in window) return Promise.resolve();
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error("Stripe.js did not load"));
    };
    document.head.append(script);
  });
  return loading;
}

/** End the frame; a second call does nothing. */
export function destroy() {
  turn += 1;
  const old = instance;
  instance = null;
  old?.destroy();
}

/** Show the frame, or offer Stripe's own page when it does not come. @param {HTMLElement} pay @param {(url: string) => void} paid */
export async function mount(pay, paid) {
  const mine = turn;
  const well = pay.querySelector("[data-frame]");
  const { clientSecret = "", key = "", stripeJs = "", status = "" } = pay.dataset;
  const timer = setTimeout(() => late(pay, true), PATIENCE);
  try {
    await load(stripeJs);
    const stripe = /** @type {any} */ (window).Stripe(key);
    const made = await stripe.createEmbeddedCheckoutPage({ clientSecret, onComplete: () => paid(status) });
    if (mine !== turn || !(well instanceof HTMLElement)) return made.destroy();
    instance = made;
    made.mount(well);
    heard(well, () => {
      clearTimeout(timer);
      late(pay, false);
    });
  } catch {
    clearTimeout(timer);
    if (mine === turn) late(pay, true);
  }
}

/** A frame that lives says how high it is; one that could not load is silent, whatever its load event says.
 * @param {HTMLElement} well @param {() => void} act */
function heard(well, act) {
  const listen = (/** @type {MessageEvent} */ event) => {
    const ours = [...well.querySelectorAll("iframe")].some((frame) => frame.contentWindow === event.source);
    if (!ours && well.isConnected) return;
    removeEventListener("message", listen);
    if (ours) act();
  };
  addEventListener("message", listen);
}

/** The hosted page becomes the main button, for the same order; or steps back. @param {HTMLElement} pay @param {boolean} is */
function late(pay, is) {
  const word = pay.querySelector("[data-late]");
  const button = pay.querySelector("[data-hosted] button");
  if (!(word instanceof HTMLElement) || !button || word.hidden !== is) return;
  word.hidden = !is;
  button.classList.toggle("button--quiet", !is);
  if (is) announce(word.textContent ?? "");
}
