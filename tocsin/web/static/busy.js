// Is the next page on its way? What takes longer than a second shows that something is happening.
const PATIENCE = 1000;
const LONGEST = 30_000; // a download leaves the page where it is
let timer = 0;

const idle = () => {
  clearTimeout(timer);
  document.documentElement.classList.remove("busy");
};

addEventListener("beforeunload", () => {
  idle();
  timer = setTimeout(() => {
    document.documentElement.classList.add("busy");
    timer = setTimeout(idle, LONGEST);
  }, PATIENCE);
});
addEventListener("pageshow", idle);
