// Is what you see still true? After three polls that failed, the page says since when it may not be.
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

// Signed out meanwhile: the sign-in page is not a fragment.
addEventListener("htmx:beforeSwap", (event) => {
  const answer = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (!answer.pathname.startsWith("/accounts/login")) return;
  event.detail.shouldSwap = false;
  location.reload();
});
