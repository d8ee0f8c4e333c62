// How long is it until then? Every time.countdown ticks, by the server's clock.
const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const SOON = 15 * MINUTE;

// A page taken from the browser's cache carries an old clock; then what the last fresh page learned still holds.
function lead() {
  const said = Date.parse(document.querySelector("meta[name=now]")?.content ?? "");
  const fresh = performance.getEntriesByType("navigation")[0]?.transferSize !== 0;
  try {
    if (!Number.isNaN(said) && fresh) sessionStorage.setItem("tocsin-lead", said - Date.now());
    return Number(sessionStorage.getItem("tocsin-lead") ?? 0);
  } catch {
    return Number.isNaN(said) ? 0 : said - Date.now();
  }
}

const two = (number) => String(number).padStart(2, "0");

// The same words as the server's tag; null from a day on, where the server's weekday stands.
export function words(left) {
  const late = left < 0;
  const span = late ? -left : left;
  if (!late && span >= DAY) return null;
  const seconds = Math.floor(span / SECOND);
  const minutes = Math.floor(span / MINUTE);
  const sign = late && seconds > 0 ? "−" : "";
  if (span >= DAY) return `${sign}${Math.floor(span / DAY)} d ${Math.floor((span % DAY) / HOUR)}`;
  if (span >= HOUR) return `${sign}${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
  return `${sign}${two(minutes)}:${two(seconds % 60)}`;
}

const ahead = lead();

function tick() {
  const now = Date.now() + ahead;
  for (const time of document.querySelectorAll("time.countdown[datetime]")) {
    const left = Date.parse(time.dateTime) - now;
    if (Number.isNaN(left)) continue;
    const text = words(left);
    const shown = time.querySelector("[aria-hidden]") ?? time;
    if (text !== null && shown.textContent !== text) shown.textContent = text;
    time.classList.toggle("late", left < 0);
    time.classList.toggle("soon", left >= 0 && left < SOON);
  }
}

tick();
setInterval(tick, SECOND);
addEventListener("htmx:afterSwap", tick);
