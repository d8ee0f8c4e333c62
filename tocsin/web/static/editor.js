// Which line is meant? Numbers beside a draft's text, findings that lead to their line, and no save over what nobody saw.
const text = document.getElementById("text");
const gutter = document.querySelector(".code > .gutter");
const form = document.getElementById("editor");
const KEY = `tocsin-draft-revision:${text?.dataset.draftId}`;

const store = (() => {
  try {
    localStorage.getItem(KEY);
    return localStorage;
  } catch {
    return null;
  }
})();

const revisions = () => document.querySelectorAll("[data-revision]");
const revision = () => form.querySelector("[data-revision]").value;

function number() {
  const worst = new Map();
  for (const link of document.querySelectorAll("#judged [data-line]")) {
    const known = worst.get(link.dataset.line);
    if (known !== "mistake" && known !== "error") worst.set(link.dataset.line, link.dataset.level);
  }
  const lines = text.value.split("\n").length;
  gutter.replaceChildren();
  for (let line = 1; line <= lines; line += 1) {
    const mark = document.createElement("span");
    mark.textContent = `${line}\n`;
    if (worst.has(String(line))) mark.className = worst.get(String(line));
    gutter.append(mark);
  }
  gutter.scrollTop = text.scrollTop;
}

function go(line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const view = document.querySelector(".views [value=text]");
  if (view) view.checked = true;
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (line - 4) * height);
  text.scrollLeft = 0;
  text.closest(".pane").scrollIntoView({ block: "nearest" });
}

if (text && gutter && form) {
  gutter.hidden = false;
  number();
  text.addEventListener("scroll", () => {
    gutter.scrollTop = text.scrollTop;
  });
  text.addEventListener("input", () => {
    number();
    store?.setItem(KEY, revision());
  });
  addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-line]");
    if (link) {
      event.preventDefault();
      go(Number(link.dataset.line));
    }
    const theirs = event.target.closest?.("[data-take-theirs]");
    if (theirs && store) {
      store.removeItem(`tocsin-draft:${theirs.dataset.takeTheirs}/text`);
      store.removeItem(KEY);
    }
  });
  // The priority that was chosen last is drawn, though an answer that comes meanwhile has another ticked.
  let priority = null;
  addEventListener("change", (event) => {
    if (!event.target.matches?.('#judged [type="radio"][name="priority"]')) return;
    priority = event.target.value;
    form.requestSubmit();
  });
  form.addEventListener("htmx:configRequest", (event) => {
    if (priority !== null) event.detail.parameters.priority = priority;
  });
  // What stands here is adopted, though it was typed a moment ago and waits to be saved.
  document.getElementById("adopting")?.addEventListener("formdata", (event) => {
    event.formData.set("text", text.value);
  });
  // The other forms of the page are about the text as it was saved last.
  addEventListener("htmx:afterSwap", () => {
    for (const field of revisions()) field.value = revision();
    if (document.querySelector("#judged [data-sent]")) store?.removeItem(KEY);
    number();
  });
  // What was kept from before a reload was written upon what was read then: if somebody saved since, that is said.
  const kept = store?.getItem(KEY);
  if (kept && text.value !== text.defaultValue && !text.readOnly) {
    form.querySelector("[data-revision]").value = kept;
    addEventListener("load", () => form.requestSubmit());
  }
}
