// What do the keys do? Any link, button or field with data-key answers to that key; j and k walk the rows.
const OFF = "tocsin-keys-off";
const dialog = document.getElementById("keys");

const off = () => {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
};

const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

function walk(step) {
  const links = [...document.querySelectorAll(".rows > .row a.open")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + step));
  links[next].focus();
  links[next].closest(".row").scrollIntoView({ block: "nearest" });
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (typing(target)) target.focus();
  else target.click();
  return true;
}

function says(target) {
  const words = target.cloneNode(true);
  for (const key of words.querySelectorAll("kbd")) key.remove();
  return target.dataset.keySays || target.getAttribute("aria-label") || words.textContent.trim();
}

function list() {
  const known = dialog.querySelector(".keys");
  for (const old of known.querySelectorAll("[data-found]")) old.remove();
  const seen = new Set();
  for (const target of document.querySelectorAll("[data-key]")) {
    if (seen.has(target.dataset.key)) continue;
    seen.add(target.dataset.key);
    const key = document.createElement("kbd");
    key.textContent = target.dataset.key;
    const term = document.createElement("dt");
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = says(target);
    term.dataset.found = meaning.dataset.found = "";
    known.append(term, meaning);
  }
}

function explain() {
  if (!dialog || dialog.open) return;
  list();
  dialog.showModal();
}

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.target.form.requestSubmit();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (typing(event.target)) event.target.blur();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (off() || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") explain();
  else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key.length !== 1 || !press(event.key)) return;
  event.preventDefault();
});

// The composer was asked for, by a key or in the address: what is typed next goes into it.
const asked = new URLSearchParams(location.search).has("do") && document.querySelector("#composer form:last-of-type");
if (asked) {
  const fields = asked.querySelectorAll("input:not([type=hidden]), select, textarea, .buttons button");
  const first = [...fields].find((field) => field.checkVisibility());
  // Once the browser has gone to #composer, for on its way it takes the focus from whatever has it.
  addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => first?.focus())));
}

addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) explain();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest("[data-show-keys]")) menu.open = false;
  }
});

const choice = dialog?.querySelector("[name=keys]");
if (choice) {
  choice.checked = !off();
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, choice.checked ? "" : "1");
    } catch {
      // it cannot be remembered
    }
  });
}
