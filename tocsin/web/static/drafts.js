// What was written and not yet sent? Fields with data-draft="key" keep it until the server says data-sent="key".
const PREFIX = "tocsin-draft:";
const store = (() => {
  try {
    localStorage.getItem(PREFIX);
    return localStorage;
  } catch {
    return null;
  }
})();

const place = (field) => PREFIX + field.dataset.draft;

function note(field, said) {
  const line = document.createElement("p");
  line.className = "restored";
  line.setAttribute("role", "status");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link";
  discard.textContent = "discard";
  discard.addEventListener("click", () => {
    store.removeItem(place(field));
    field.value = said;
    line.remove();
    field.focus();
  });
  line.append("Draft restored · ", discard);
  field.after(line);
}

function restore() {
  for (const field of document.querySelectorAll("[data-draft]:not([data-draft-read])")) {
    field.dataset.draftRead = "";
    const kept = store.getItem(place(field));
    if (kept === null || kept === field.value) continue;
    if (field.value && field.value !== field.defaultValue) continue; // the browser restored something newer
    const said = field.value;
    field.value = kept;
    const closed = field.closest("details:not([open])");
    if (closed) closed.open = true; // nothing goes out that nobody sees
    note(field, said);
  }
}

// Of one form, or of all its fields: INC-1/note is INC-1/note/text too.
function forget(key) {
  for (const kept of Object.keys(store)) {
    if (kept === PREFIX + key || kept.startsWith(`${PREFIX}${key}/`)) store.removeItem(kept);
  }
}

function sent() {
  for (const message of document.querySelectorAll("[data-sent]")) {
    forget(message.dataset.sent);
    message.removeAttribute("data-sent");
  }
}

if (store) {
  sent();
  restore();
  addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-draft]");
    if (!field) return;
    if (field.value && field.value !== field.defaultValue) store.setItem(place(field), field.value);
    else store.removeItem(place(field));
  });
  addEventListener("htmx:afterSwap", () => {
    sent();
    restore();
  });
  addEventListener("sent", (event) => forget(event.detail?.value ?? ""));
}
