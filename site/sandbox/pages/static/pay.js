/**
 * The payment page's comforts: grouped digits, answers without leaving the frame, word to the shop.
 * Everything works without it on the hosted page.
 */
(() => {
  "use strict";

  const framed = window.parent !== window;
  const shop = framed ? decodeURIComponent(location.hash.slice(1)) : "";
  const POLL = 4000;
  let told = false;

  const tell = (name, more = {}) => {
    if (framed && shop) window.parent.postMessage({ name, ...more }, shop);
  };

  const main = () => document.querySelector("main");

  const grouped = (digits) => digits.replace(/\D/g, "").slice(0, 19).replace(/(\d{4})(?=\d)/g, "$1 ");

  const dated = (text) => {
    const digits = text.replace(/\D/g, "").slice(0, 4);
    return digits.length > 2 ? `${digits.slice(0, 2)} / ${digits.slice(2)}` : digits;
  };

  const typed = (event) => {
    const { id, value, selectionStart } = event.target;
    const shape = { card_number: grouped, expiry: dated }[id];
    if (shape && selectionStart === value.length) event.target.value = shape(value);
  };

  /** Says the page's state to the shop, once per end. */
  const report = () => {
    const { state, redirect } = main().dataset;
    if (state === "complete" && !told) {
      told = true;
      tell("complete", { redirect });
    } else if (state !== "open" && state !== "challenge") {
      tell(state);
    }
  };

  const focus = () => {
    const first = document.querySelector("[aria-invalid=true], .alert, .challenge h1");
    first?.focus();
  };

  const show = (html) => {
    const next = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    main().replaceWith(next);
    focus();
    report();
  };

  const submit = async (event) => {
    if (!framed) return;
    event.preventDefault();
    const form = event.target;
    const body = new URLSearchParams(new FormData(form));
    const pressed = event.submitter;
    if (pressed?.name) body.set(pressed.name, pressed.value);
    form.inert = true;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body });
      show(await answer.text());
    } catch {
      form.inert = false;
      form.removeAttribute("aria-busy");
      form.querySelector(".main")?.focus();
    }
  };

  /** A session can end elsewhere: in another tab, by the shop, by the clock. */
  const watch = async () => {
    if (!["open", "challenge"].includes(main().dataset.state) || document.hidden) return;
    if (document.querySelector("form[aria-busy]")) return;
    try {
      const answer = await fetch(`${location.pathname}?state`);
      const { status } = await answer.json();
      if (status !== "open" && !document.querySelector("form[aria-busy]")) {
        show(await (await fetch(location.pathname)).text());
      }
    } catch {
      // The next look will tell.
    }
  };

  document.addEventListener("input", typed);
  document.addEventListener("submit", submit);
  setInterval(watch, POLL);
  if (framed) {
    const measure = () => tell("height", { height: document.documentElement.getBoundingClientRect().height });
    new ResizeObserver(measure).observe(document.documentElement);
    tell("ready");
  }
  focus();
  report();
})();
