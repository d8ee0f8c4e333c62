// Does anything wait for this person? Asked every two seconds in a worker, for a page that is hidden for some minutes
// has its own timers once a minute. Silence is said, too: no answer for ten seconds means that nobody can page.
const EVERY = 2000;
const PATIENCE = 5000;
const DEAF_AFTER = 10_000;
let address = "";
let heard = 0;
let asking = false;
let signedOut = false; // what the last answer said: it is no lost connection, and waiting does not end it

addEventListener("message", ({ data }) => {
  if (!address) {
    address = data.poll;
    heard = Date.now();
    setInterval(ask, EVERY);
    setInterval(listen, 1000);
  }
  ask();
});

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(address, {
      cache: "no-store",
      redirect: "manual",
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.type === "opaqueredirect") {
      signedOut = true;
      postMessage({ kind: "signed-out" });
    } else if (answer.ok) {
      const said = await answer.json();
      heard = Date.now();
      signedOut = false;
      postMessage({ kind: "heard", said });
    }
  } catch {
    // Nobody answered; `listen` tells once that has lasted.
  } finally {
    asking = false;
  }
}

function listen() {
  if (Date.now() - heard > DEAF_AFTER) postMessage(signedOut ? { kind: "signed-out" } : { kind: "deaf", since: heard });
}
