// The pair timer. The clock is reckoned from the time at which the turn ends, so it is right even if the browser
// lets a hidden page tick slowly, and it needs nothing from Python while it runs.

const MEMORY = "pair-timer"; // names and roles are remembered from notebook to notebook

function recall() {
  try { return JSON.parse(localStorage.getItem(MEMORY)) ?? {}; } catch { return {}; }
}

function remember(pair) {
  try { localStorage.setItem(MEMORY, JSON.stringify(pair)); } catch { /* a private window: then only for now */ }
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function clock(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function render({ model, el }) {
  const turn = model.get("minutes") * 60_000;
  const pair = { a: "", b: "", driver: "a", ...recall() };
  let left = turn; // milliseconds, while the clock stands still
  let end = null; // the moment at which the turn ends, while it runs

  const shown = element("output", { className: "pair-timer-clock" });
  const roles = element("div", { className: "pair-timer-roles" });
  const announcement = element("div", { className: "pair-timer-announcement" });
  announcement.setAttribute("role", "status");
  shown.setAttribute("role", "timer");
  shown.setAttribute("aria-label", "Time left in this turn");

  const name = (person) => pair[person] || `Partner ${person.toUpperCase()}`;
  const navigator = () => (pair.driver === "a" ? "b" : "a");
  const remaining = () => (end === null ? left : end - Date.now());

  function show() {
    shown.value = clock(remaining());
    roles.replaceChildren(
      element("span", { className: "pair-timer-driver" }, `⌨ ${name(pair.driver)} drives`),
      element("span", { className: "pair-timer-navigator" }, `◇ ${name(navigator())} navigates`),
    );
    start.textContent = end === null ? "Start" : "Pause";
  }

  function pause() {
    if (end !== null) left = Math.max(0, remaining());
    end = null;
    show();
  }

  function begin() {
    if (left <= 0) left = turn;
    end = Date.now() + left;
    frame.classList.remove("pair-timer-over");
    announcement.textContent = "";
    show();
  }

  function swap() {
    pair.driver = navigator();
    remember(pair);
    pause();
    left = turn;
    frame.classList.remove("pair-timer-over");
    announcement.textContent = `${name(pair.driver)} drives now.`;
    show();
  }

  function tick() {
    if (end === null) return;
    if (remaining() <= 0) {
      pause();
      frame.classList.add("pair-timer-over");
      announcement.textContent = `Time to swap: ${name(navigator())} drives next.`;
    } else {
      shown.value = clock(remaining());
    }
  }

  function nameField(person) {
    const field = element("input", { value: pair[person], placeholder: `Name of ${person.toUpperCase()}`, maxLength: 24 });
    field.setAttribute("aria-label", `Name of partner ${person.toUpperCase()}`);
    // JupyterLab must not take what is typed here for its shortcuts.
    field.addEventListener("keydown", (event) => event.stopPropagation());
    field.addEventListener("input", () => { pair[person] = field.value.trim(); remember(pair); show(); });
    return field;
  }

  function button(text, action) {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", action);
    return made;
  }

  const start = button("Start", () => (end === null ? begin() : pause()));
  const again = button("Restart", () => { pause(); left = turn; begin(); });
  const frame = element("div", { className: "pair-timer" },
    shown, roles,
    element("div", { className: "pair-timer-buttons" }, start, button("Swap", swap), again),
    element("div", { className: "pair-timer-names" }, nameField("a"), nameField("b")),
    announcement);
  el.append(frame);
  show();
  const ticking = setInterval(tick, 200);
  return () => clearInterval(ticking);
}

export default { render };
