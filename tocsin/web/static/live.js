// Is what you see still true? After three polls that failed, the page says since when it may not be.
// A fragment that is swapped takes nothing out of the reader's hands: focus stays, and what was opened stays open.
const FAILURES = 3;
const bar = document.getElementById("offline");
let failed = 0;
let heard = new Date();

const polls = (element) => /\bevery\b/.test(element?.getAttribute("hx-trigger") ?? "");
const clock = (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function missed(event) {
  if (!polls(event.detail.elt)) return;
  failed += 1;
  if (failed < FAILURES || !bar) return;
  bar.textContent = `Offline: what you see is from ${clock(heard)}. Trying again.`;
  bar.hidden = false;
}

addEventListener("htmx:sendError", missed);
addEventListener("htmx:timeout", missed);
addEventListener("htmx:responseError", missed);
addEventListener("htmx:afterOnLoad", (event) => {
  if (!polls(event.detail.elt) || event.detail.xhr.status >= 400) return;
  failed = 0;
  heard = new Date();
  if (bar) bar.hidden = true;
});

let held = null;

addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  const link = document.activeElement?.closest?.("a.open[href]");
  held = {
    href: link && target.contains(link) ? link.getAttribute("href") : null,
    nth: link ? alike(target, link.getAttribute("href")).indexOf(link) : 0,
    open: [...target.querySelectorAll("details[id][open]")].map((details) => details.id),
  };
});

addEventListener("htmx:afterSwap", (event) => {
  if (!held) return;
  const links = held.href === null ? [] : alike(event.detail.target, held.href);
  (links[held.nth] ?? links[0])?.focus({ preventScroll: true });
  for (const id of held.open) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
  held = null;
});

// The rows about the same ticket, of which there may be several.
function alike(target, href) {
  return [...target.querySelectorAll("a.open[href]")].filter((link) => link.getAttribute("href") === href);
}

// Signed out meanwhile: the sign-in page is not a fragment.
addEventListener("htmx:beforeSwap", (event) => {
  const answer = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (!answer.pathname.startsWith("/accounts/login")) return;
  event.detail.shouldSwap = false;
  location.reload();
});
