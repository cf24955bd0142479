// The worklist by keyboard: j and k move along the rows, Enter is the link's own. Letters alone can be switched off,
// since they are also what people dictate and type to assistive software.
{
  const rows = [...document.querySelectorAll("[data-keys] .work-row")];
  const note = document.querySelector("[data-keys-note]");
  const button = document.querySelector("[data-keys-switch]");
  const setting = "worklist:keys";

  function on() {
    try {
      return localStorage.getItem(setting) !== "off";
    } catch {
      return true;
    }
  }

  function move(step) {
    const place = rows.indexOf(document.activeElement);
    const next = place < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(place + step, 0), rows.length - 1);
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  }

  if (note && rows.length) {
    note.hidden = false;
    button.setAttribute("aria-pressed", String(on()));
    button.addEventListener("click", () => {
      try {
        localStorage.setItem(setting, on() ? "off" : "on");
      } catch {} // private windows may refuse: then they stay on
      button.setAttribute("aria-pressed", String(on()));
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
      const within = rows.includes(event.target);
      const step = { j: on() && 1, k: on() && -1, ArrowDown: within && 1, ArrowUp: within && -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(step);
    });
  }
}
