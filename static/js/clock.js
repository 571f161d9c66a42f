// @ts-check
/** Moments are told on the clock of their place; a reader whose clock says another hour is told theirs beside it. */

const language = document.documentElement.lang || "fr";
const OFFSET = /([+-])(\d\d):(\d\d)$/;

/** Say the reader's hour beside each moment of another zone, once. @param {ParentNode} [place] */
export function clock(place = document) {
  for (const time of place.querySelectorAll("time[data-here]")) {
    const words = time.getAttribute("data-here") ?? "";
    const said = time.getAttribute("datetime") ?? "";
    time.removeAttribute("data-here");
    const there = offset(said);
    const moment = new Date(said);
    if (there === null || Number.isNaN(moment.getTime()) || -moment.getTimezoneOffset() === there) continue;
    const own = document.createElement("span");
    own.className = "here";
    own.textContent = words.replace("{}", hour(moment, there));
    time.append(own);
  }
}

/** Minutes that the place's clock is ahead of UTC at that moment. @param {string} said */
function offset(said) {
  const found = OFFSET.exec(said);
  return found && (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
}

/** The reader's hour, with its day where that is another one. @param {Date} moment @param {number} there */
function hour(moment, there) {
  const place = new Date(moment.getTime() + there * 60000);
  const isSame = place.getUTCDate() === moment.getDate();
  const shape = isSame ? {} : { weekday: /** @type {const} */ ("long") };
  if (!language.startsWith("en")) {
    return moment.toLocaleString(language, { ...shape, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }
  const minute = moment.getMinutes() ? /** @type {const} */ ("2-digit") : undefined;
  const said = moment.toLocaleString("en", { ...shape, hour: "numeric", minute, hourCycle: "h12" });
  return said.replace(/\s([AP])M$/, (_all, half) => ` ${half.toLowerCase()}.m.`);
}
