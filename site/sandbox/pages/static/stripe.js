/**
 * Stripe.js as the stand-in serves it: Embedded Checkout with the real names and refusals.
 * The frame lives on the origin of this script; messages pass only between the two origins.
 */
(() => {
  "use strict";

  const ORIGIN = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin;
  const OPTIONS = ["clientSecret", "fetchClientSecret", "onComplete", "onLineItemsChange",
    "onShippingDetailsChange", "onAnalyticsEvent"];

  class IntegrationError extends Error {
    /** @param {string} message */
    constructor(message) {
      super(message);
      this.name = "IntegrationError";
    }
  }

  /** The one live checkout of the page: an object once asked for, null when destroyed. */
  let live = null;

  /** @param {string | Element} target */
  const findTarget = (target) => {
    if (target instanceof Element) return target;
    if (typeof target !== "string") {
      throw new IntegrationError("Invalid DOM element. Call mount() with a valid DOM element or selector.");
    }
    const found = document.querySelectorAll(target);
    if (found.length !== 1) {
      throw new IntegrationError(found.length
        ? `The selector you specified (${target}) applies to ${found.length} DOM elements. Use a unique selector.`
        : `The selector you specified (${target}) applies to no DOM elements that are currently on the page. Make sure the element exists on the page before calling mount().`);
    }
    return found[0];
  };

  class EmbeddedCheckoutPage {
    #secret;
    #onComplete;
    #frame = null;
    #gone = false;
    #listen = (event) => this.#hear(event);

    constructor(secret, onComplete) {
      this.#secret = secret;
      this.#onComplete = onComplete;
    }

    /** @param {string | Element} target */
    mount(target) {
      this.#check("mount");
      if (this.#frame) {
        throw new IntegrationError("This Embedded Checkout is already mounted. Use `unmount()` to unmount it before re-mounting.");
      }
      const place = findTarget(target);
      const frame = document.createElement("iframe");
      frame.src = `${ORIGIN}/c/embed/${encodeURIComponent(this.#secret)}#${encodeURIComponent(location.origin)}`;
      frame.title = "Secure payment input frame";
      frame.name = "embedded-checkout";
      frame.allow = "payment *";
      frame.style.cssText = "border:0;display:block;width:100%;min-width:100%;height:560px;color-scheme:light dark";
      window.addEventListener("message", this.#listen);
      place.append(frame);
      this.#frame = frame;
    }

    unmount() {
      this.#check("unmount");
      this.#remove();
    }

    destroy() {
      this.#check("destroy");
      this.#remove();
      this.#gone = true;
      if (live === this) live = null;
    }

    #check(verb) {
      if (this.#gone) {
        throw new IntegrationError(`You cannot call ${verb}() on this Embedded Checkout: it has already been destroyed.`);
      }
    }

    #remove() {
      window.removeEventListener("message", this.#listen);
      this.#frame?.remove();
      this.#frame = null;
    }

    #hear(event) {
      if (event.origin !== ORIGIN || event.source !== this.#frame?.contentWindow) return;
      const { name, height, redirect } = event.data || {};
      if (name === "height" && Number.isFinite(height)) {
        this.#frame.style.height = `${Math.max(200, Math.ceil(height))}px`;
      }
      if (name !== "complete") return;
      if (redirect) location.assign(redirect);
      else this.#onComplete?.();
    }
  }

  const readOptions = (options) => {
    if (!options || typeof options !== "object") {
      throw new IntegrationError("createEmbeddedCheckoutPage() needs an object of options.");
    }
    for (const name of Object.keys(options)) {
      if (!OPTIONS.includes(name)) console.warn(`Unrecognized createEmbeddedCheckoutPage() parameter: ${name}.`);
    }
    const { clientSecret, fetchClientSecret, onComplete } = options;
    if ((clientSecret == null) === (fetchClientSecret == null)) {
      throw new IntegrationError("You must provide one of `fetchClientSecret` or `clientSecret`.");
    }
    if (fetchClientSecret != null && typeof fetchClientSecret !== "function") {
      throw new IntegrationError("`fetchClientSecret` should be a function.");
    }
    return { clientSecret, fetchClientSecret, onComplete };
  };

  const create = async (options) => {
    const { clientSecret, fetchClientSecret, onComplete } = readOptions(options);
    if (live) throw new IntegrationError("You cannot have multiple Embedded Checkout objects.");
    const claim = {};
    live = claim;
    try {
      const secret = clientSecret ?? (await fetchClientSecret());
      if (typeof secret !== "string" || !/^cs_(test|live)_\w+_secret_\w+$/.test(secret)) {
        throw new IntegrationError("The client secret should be a client secret of the form cs_${id}_secret_${secret}.");
      }
      live = new EmbeddedCheckoutPage(secret, onComplete);
      return live;
    } catch (error) {
      if (live === claim) live = null;
      throw error;
    }
  };

  const removed = (name, instead) => () => {
    throw new IntegrationError(`stripe.${name}() was removed. Use stripe.${instead}() instead.`);
  };

  const Stripe = (key, options) => {
    if (!key || typeof key !== "string") {
      throw new IntegrationError("Please call Stripe() with your publishable key. You used an empty string.");
    }
    if (/^(sk|rk)_/.test(key)) {
      throw new IntegrationError("You should not use your secret key with Stripe.js. Please pass a publishable key instead.");
    }
    if (!/^pk_(test|live)_/.test(key)) {
      throw new IntegrationError("Invalid publishable key. You should use the publishable key that begins with 'pk_'.");
    }
    return {
      createEmbeddedCheckoutPage: create,
      initEmbeddedCheckout: removed("initEmbeddedCheckout", "createEmbeddedCheckoutPage"),
      redirectToCheckout: removed("redirectToCheckout", "createEmbeddedCheckoutPage"),
      locale: options?.locale,
    };
  };
  Stripe.version = "endive";
  window.Stripe = Stripe;
})();
