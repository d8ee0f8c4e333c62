// What wakes me? One press arms the page; from then on its worker asks, and the page rings, flashes and shakes with
// every answer that says somebody waits. It sets no timer of its own: a hidden page's timers sleep.
const root = document.getElementById("pager");
const part = (name) => document.getElementById(`pager-${name}`);
const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const title = document.title;
const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const RING = [[0, 880], [0.25, 660], [0.5, 880], [1, 880], [1.25, 660], [1.5, 880]]; // for the two seconds to the next answer
const DEAF = [[0, 330]];
const CHIME = [[0, 660], [0.2, 880]];

let worker = null;
let sound = null;
let lock = null;
let awake = null;
let flash = false;
let rung = 0;
const shown = new Map(); // a page's number → its element
const told = new Set(); // what rings once has rung

part("arm").addEventListener("click", arm);
part("disarm").addEventListener("click", disarm);
document.addEventListener("visibilitychange", stayAwake);

async function arm() {
  sound ??= new AudioContext();
  await sound.resume();
  part("arm").disabled = true;
  const answer = await send(root.dataset.arm);
  part("arm").disabled = false;
  if (!answer.ok) return;
  if (!worker) {
    worker = new Worker(root.dataset.worker);
    worker.addEventListener("message", ({ data }) => hears[data.kind](data));
  }
  worker.postMessage({ poll: new URL(root.dataset.poll, location).href });
  // A page that holds a lock is not frozen behind others.
  navigator.locks?.request("tocsin-pager", { mode: "shared" }, () => new Promise((free) => { lock = free; }));
  stayAwake();
  play(CHIME); // so that one hears that it can be heard
  show("armed");
}

async function disarm() {
  const answer = await send(root.dataset.disarm);
  if (answer.ok) off("Disarmed. Nothing wakes you here.");
}

function off(says) {
  worker?.terminate();
  worker = null;
  lock?.();
  lock = null;
  awake?.release();
  awake = null;
  list([]);
  show("off", says);
}

const hears = {
  heard({ said }) {
    if (!said.armed) {
      off("Disarmed on another device of yours. Nothing wakes you here.");
      return;
    }
    list(said.pages);
    const ringing = said.pages.filter((page) => page.rings);
    const fresh = said.pages.filter((page) => !page.rings && !told.has(page.id));
    for (const page of said.pages) told.add(page.id);
    if (ringing.length) {
      alarm(RING, ringing[0].subject);
      show("ringing", `${ringing.length === 1 ? "You are paged" : `You are paged ${ringing.length} times`}.`);
    } else {
      if (fresh.length) play(CHIME);
      show("armed", "Armed. Nobody pages you.");
    }
  },
  deaf({ since }) {
    alarm(DEAF, "The pager hears nothing");
    show("deaf", `This pager hears nothing: it has no connection. Its last answer is from ${clock(since)}. You are reached in your next way.`);
  },
  "signed-out"() {
    alarm(DEAF, "The pager is signed out");
    show("signed-out", "This pager hears nothing: you are signed out. Sign in, and arm it again.");
  },
};

function alarm(notes, words) {
  play(notes);
  navigator.vibrate?.([400, 200, 400, 200, 400]);
  flash = !flash;
  document.title = flash || still.matches ? `🔔 ${words}` : `${words} · ${title}`;
}

function play(notes) {
  if (sound.state !== "running") sound.resume();
  if (sound.state !== "running") return;
  for (const [after, hertz] of notes) {
    const tone = new OscillatorNode(sound, { type: "square", frequency: hertz });
    const volume = new GainNode(sound, { gain: 0.4 });
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + after);
    tone.stop(sound.currentTime + after + 0.18);
    rung += 1;
  }
  root.dataset.rung = rung;
}

function show(state, says = "Armed.") {
  root.dataset.state = state;
  document.documentElement.classList.toggle("paged", state !== "off" && state !== "armed");
  if (state === "off" || state === "armed") document.title = state === "armed" ? `Armed · ${title}` : title;
  if (part("state").textContent !== says) part("state").textContent = says;
  part("arm").hidden = state !== "off";
  part("disarm").hidden = state === "off" || state === "signed-out";
  part("sign-in").hidden = state !== "signed-out";
}

// The pages there are, the oldest first; what the reader has opened stays open, and what has the focus keeps it.
function list(pages) {
  const there = new Set(pages.map((page) => page.id));
  for (const [id, element] of shown) {
    if (there.has(id)) continue;
    element.remove();
    shown.delete(id);
  }
  for (const [place, page] of pages.entries()) {
    const element = shown.get(page.id) ?? added(page);
    if (part("pages").children[place] !== element) part("pages").insertBefore(element, part("pages").children[place] ?? null);
    element.classList.toggle("rings", page.rings);
    write(element, ".subject", page.subject);
    write(element, ".stands", page.stands);
    write(element, ".text", page.text);
    element.querySelector(".acknowledge").hidden = !page.rings;
    element.querySelector(".put-away").hidden = page.rings;
    link(element, ".escalate", page.rings ? page.escalate : "");
    link(element, ".ticket", page.ticket);
  }
}

function added(page) {
  const element = document.getElementById("pager-one").content.firstElementChild.cloneNode(true);
  for (const [name, address] of [[".acknowledge", page.acknowledge], [".put-away", page.put_away]]) {
    element.querySelector(name).addEventListener("click", async ({ currentTarget }) => {
      currentTarget.disabled = true;
      await send(address);
      currentTarget.disabled = false;
      worker?.postMessage({});
    });
  }
  shown.set(page.id, element);
  return element;
}

function write(element, name, words) {
  const place = element.querySelector(name);
  if (place.textContent !== words) place.textContent = words;
}

function link(element, name, address) {
  const place = element.querySelector(name);
  place.hidden = !address;
  if (address) place.href = address;
}

// Every press says what it did, or that it did nothing.
async function send(address) {
  let answer = { ok: false };
  let says = "No connection: nothing was done. Try again.";
  try {
    answer = await fetch(address, { method: "POST", redirect: "manual", headers: { "x-csrftoken": token, accept: "application/json" } });
    const isOurs = answer.headers.get("content-type")?.startsWith("application/json");
    says = isOurs ? (await answer.json()).says : "The desk did not take it: nothing was done. Reload this page and try again.";
  } catch {
    // says what it said
  }
  part("said").textContent = says;
  part("said").hidden = false;
  return answer;
}

async function stayAwake() {
  if (!worker || document.hidden || !navigator.wakeLock) return;
  try {
    awake = await navigator.wakeLock.request("screen");
  } catch {
    // the battery is low: the screen may sleep, the worker goes on
  }
}
