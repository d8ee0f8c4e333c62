// Which theme did this reader choose, and in which time zone do they live? Loaded before the page is painted, so that nothing flashes.
(() => {
  const KEY = "tocsin-theme";
  const THEMES = ["light", "dark"]; // anything else: as the system is

  const chosen = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return ""; // storage is forbidden: follow the system
    }
  };

  const show = (theme) => {
    if (THEMES.includes(theme)) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const radio of document.querySelectorAll("input[name=theme]")) radio.checked = radio.value === theme;
  };

  document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;
  show(chosen());
  addEventListener("DOMContentLoaded", () => show(chosen()));
  addEventListener("storage", (event) => event.key === KEY && show(chosen()));
  addEventListener("change", (event) => {
    if (event.target.name !== "theme") return;
    try {
      localStorage.setItem(KEY, event.target.value);
    } catch {
      // it holds for this page
    }
    show(event.target.value);
  });
})();
