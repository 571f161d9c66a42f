// @ts-check
/** The door: a roster on the phone, marks that are kept until they are sent, a camera that reads seats. */

import { send } from "./ask.js";

/** @typedef {{id: number, key: string, name: string, with: string, ticket: string, reference: string, in: string | null}} Seat */
/** @typedef {{key: string, seat: number, at: string, what: "in" | "out"}} Mark */

const door = /** @type {HTMLElement} */ (document.querySelector("[data-door]"));
const words = door.dataset;
const STORE = `door-${words.event}`;
const EVERY = 15000;
const PAUSE = 250;
/** Between two readings of the same code, so that one guest is not greeted ten times. */
const AGAIN = 3000;

/** @type {{device: string, ends: string, seats: Seat[], marks: Mark[], revoked?: string[]}} */
const state = load();
let timer = 0;
/** Of the guest without a seat: asked again after a broken connection, it is the same seat. */
let asking = crypto.randomUUID();
let sending = false;
/** @type {{text: string, at: number}} */
let last = { text: "", at: 0 };

/** What this phone knows; of events that are over it forgets all. */
function load() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith("door-"))) {
    const held = JSON.parse(localStorage.getItem(key) ?? "{}");
    if (held.ends && Date.now() > Date.parse(held.ends) + 86400000 && !held.marks?.length) localStorage.removeItem(key);
  }
  const held = JSON.parse(localStorage.getItem(STORE) ?? "null");
  return held ?? { device: crypto.randomUUID(), ends: "", seats: [], marks: [] };
}

function keep() {
  localStorage.setItem(STORE, JSON.stringify(state));
}

/** @template {HTMLElement} T @param {string} name @returns {T} */
function part(name) {
  return /** @type {T} */ (door.querySelector(`[data-door-${name}]`));
}

/** Since when a guest is in, marks that were not sent yet included. @param {Seat} seat */
function since(seat) {
  const mine = state.marks.filter((mark) => mark.seat === seat.id).at(-1);
  if (mine) return mine.what === "in" ? mine.at : null;
  return seat.in;
}

/** @param {Seat} seat @param {"in" | "out"} what */
function mark(seat, what) {
  state.marks.push({ key: crypto.randomUUID(), seat: seat.id, at: new Date().toISOString(), what });
  keep();
  show();
  sync();
}

/** A guest stands here. @param {Seat} seat */
function enter(seat) {
  const before = since(seat);
  if (before) return say(`${words.wordsAlready} ${clock(before)}: ${seat.name}`, "already");
  mark(seat, "in");
  say(`${words.wordsIn}, ${seat.name}. ${seat.ticket}`, "in");
}

/** @param {string} moment */
function clock(moment) {
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

/** @param {string} text @param {"in" | "already" | "unknown"} kind */
function say(text, kind) {
  const word = part("word");
  word.textContent = text;
  word.dataset.kind = kind;
  word.hidden = false;
  if (navigator.vibrate) navigator.vibrate(kind === "in" ? 80 : [60, 60, 60]);
}

/** The list as the search asks for it. */
function show() {
  const asked = plain(part("search").value ?? "");
  const found = state.seats.filter((seat) => plain(`${seat.name} ${seat.with} ${seat.reference}`).includes(asked));
  part("list").replaceChildren(...found.map(row));
  part("none").hidden = found.length > 0 || state.seats.length === 0;
  part("in").textContent = String(state.seats.filter(since).length);
  part("all").textContent = String(state.seats.length);
}

/** Without accents or capitals. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** @param {Seat} seat */
function row(seat) {
  const line = document.createElement("li");
  const inside = since(seat);
  line.className = "door__guest";
  line.dataset.seat = String(seat.id);
  line.toggleAttribute("data-in", Boolean(inside));
  const name = document.createElement("span");
  name.className = "door__name";
  name.textContent = seat.name;
  const more = document.createElement("span");
  more.className = "door__more";
  const guest = seat.with ? `${words.wordsGuest} ${seat.with}, ` : "";
  more.textContent = `${guest}${seat.ticket}, ${seat.reference}${inside ? `, ${clock(inside)}` : ""}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = inside ? "button button--quiet" : "button";
  button.textContent = (inside ? words.wordsUndo : words.wordsEnter) ?? "";
  button.setAttribute("aria-label", `${button.textContent}: ${seat.name}`);
  button.addEventListener("click", () => (inside ? mark(seat, "out") : enter(seat)));
  line.append(name, more, button);
  return line;
}

/** Send what waits, and take in what the other phones did. */
async function sync() {
  clearTimeout(timer);
  if (sending) return;
  sending = true;
  const waiting = [...state.marks];
  try {
    const data = JSON.stringify({ device: state.device, marks: waiting });
    const answer = waiting.length ? await post(words.sync ?? "", data) : await fetch(words.roster ?? "");
    if (!answer.ok) throw new Error(String(answer.status));
    const said = await answer.json();
    const done = new Set(said.done ?? []);
    state.marks = state.marks.filter((row) => !done.has(row.key));
    take(said);
    net(true);
  } catch {
    net(false);
  } finally {
    sending = false;
    timer = setTimeout(sync, EVERY);
  }
}

/** @param {{seats: Seat[], ends?: string, revoked?: string[]}} said */
function take(said) {
  state.seats = said.seats;
  state.revoked = said.revoked ?? state.revoked;
  state.ends = said.ends ?? state.ends;
  keep();
  show();
}

/** @param {string} url @param {string} body */
function post(url, body) {
  const token = /** @type {HTMLInputElement} */ (door.querySelector("[name=csrfmiddlewaretoken]")).value;
  return fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
}

/** @param {boolean} isThere */
function net(isThere) {
  const waits = state.marks.length ? `${state.marks.length} ${words.wordsWaiting}. ` : "";
  part("net").textContent = isThere ? waits : `${waits}${words.wordsOffline}`;
  part("net").toggleAttribute("data-offline", !isThere);
}

/** A code was read: the last part of a seat's address is its token. @param {string} text */
async function read(text) {
  if (text === last.text && Date.now() - last.at < AGAIN) return;
  last = { text, at: Date.now() };
  if (text.startsWith("C1.")) return card(text);
  const token = text.split("?")[0].split("/").filter(Boolean).at(-1) ?? "";
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  const key = [...bytes.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const seat = state.seats.find((row) => row.key === key);
  if (seat) enter(seat);
  else say(words.wordsUnknown ?? "", "unknown");
}

/** A member's card: what it says is believed if we signed it, asked of nobody. @param {string} text */
async function card(text) {
  const [, body, signature] = text.split(".");
  const kind = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", JSON.parse(words.key ?? "{}"), kind, false, ["verify"]);
  const signed = new TextEncoder().encode(body);
  const isOurs = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, raw(signature ?? ""), signed);
  if (!isOurs) return say(words.wordsUnknown ?? "", "unknown");
  const said = JSON.parse(new TextDecoder().decode(raw(body)));
  const isOver = said.until * 1000 < Date.now() || (state.revoked ?? []).includes(said.n);
  const name = `${said.w} (${said.t}, ${said.n})`;
  say(`${isOver ? words.wordsEnded : words.wordsMember}: ${name}`, isOver ? "unknown" : "in");
  if (!isOver) offerSeat(text, said.w);
}

/** Whoever showed a card and has no seat takes one at the member's price. @param {string} text @param {string} name */
function offerSeat(text, name) {
  const form = /** @type {HTMLFormElement} */ (part("walk-in"));
  const [shown, called] = ["card", "name"].map((one) => /** @type {HTMLInputElement} */ (form.elements.namedItem(one)));
  shown.value = text;
  called.value ||= name;
}

/** @param {string} text in base64url */
function raw(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

/** Look through the camera until it is shut again. */
async function scan() {
  const video = /** @type {HTMLVideoElement} */ (part("camera"));
  if (video.srcObject) return shut(video);
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return say(words.wordsCamera ?? "", "unknown");
  }
  video.hidden = false;
  await video.play();
  const { default: decode } = await import("./vendor/qr.js");
  look(video, decode);
}

/** @param {HTMLVideoElement} video @param {(image: {width: number, height: number, data: Uint8ClampedArray}) => string} decode */
function look(video, decode) {
  if (!video.srcObject) return;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context && canvas.width) {
    context.drawImage(video, 0, 0);
    try {
      read(decode(context.getImageData(0, 0, canvas.width, canvas.height)));
    } catch {
      // No code in this picture: the next one.
    }
  }
  setTimeout(() => look(video, decode), PAUSE);
}

/** @param {HTMLVideoElement} video */
function shut(video) {
  for (const track of /** @type {MediaStream} */ (video.srcObject).getTracks()) track.stop();
  video.srcObject = null;
  video.hidden = true;
}

/** Somebody without a seat. @param {HTMLFormElement} form */
async function walkIn(form) {
  const data = new FormData(form);
  data.set("key", asking);
  const answer = await send(form.action, data);
  const said = await answer.json();
  asking = crypto.randomUUID();
  const place = part("pay");
  if (said.pay_url) {
    const link = document.createElement("a");
    [link.href, link.textContent] = [said.pay_url, said.pay_url];
    place.innerHTML = said.qr;
    place.append(`${said.amount} `, link);
  } else {
    place.textContent = said.error ?? Object.values(said.errors ?? {}).flat().join(" ");
  }
  if (said.seats) take(said);
  const seat = state.seats.find((row) => row.id === said.seat);
  if (seat) {
    form.reset();
    say(`${words.wordsIn}, ${seat.name}. ${seat.ticket}`, "in");
  }
}

part("search").addEventListener("input", show);
// A hand scanner types what it reads, and Enter.
part("search").addEventListener("change", () => part("search").value.startsWith("C1.") && card(part("search").value));
part("scan").addEventListener("click", scan);
part("walk-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await walkIn(/** @type {HTMLFormElement} */ (event.target));
  } catch (error) {
    part("pay").textContent = error instanceof Error ? error.message : "";
  }
});
addEventListener("online", sync);
document.addEventListener("visibilitychange", () => document.hidden || sync());
if ("serviceWorker" in navigator) navigator.serviceWorker.register(words.worker ?? "").catch(() => {});
show();
sync();
