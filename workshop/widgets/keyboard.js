// ipywidgets gives the handle of a slider no name, and of a list of choices it tells the place (3) instead of the choice (16).
// A reader of the screen gets both from what stands beside the handle.

function say(handle, attribute, words) {
  if (words && handle.getAttribute(attribute) !== words) handle.setAttribute(attribute, words);
}

function nameHandles(box) {
  for (const handle of box.querySelectorAll(".noUi-handle")) {
    const row = handle.closest(".widget-inline-hbox");
    say(handle, "aria-label", row?.querySelector("label")?.textContent.trim());
    say(handle, "aria-valuetext", row?.querySelector(".widget-readout")?.textContent.trim());
  }
}

// Else JupyterLab takes the letters that choose in a list for its shortcuts: "m" would turn the cell into prose, and its picture be lost.
function keepKey(event) {
  const elsewhere = event.ctrlKey || event.metaKey || event.altKey || ["Escape", "Tab"].includes(event.key);
  if (!elsewhere && event.target.matches("select, .noUi-handle")) event.stopPropagation();
}

function render({ el }) {
  const watch = new MutationObserver(() => nameHandles(el.parentElement));
  let waiting = null;
  const begin = () => {
    if (!el.isConnected) { waiting = requestAnimationFrame(begin); return; }
    // What the slider says of itself changes with every move, so it is mended with every move.
    watch.observe(el.parentElement, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["aria-valuenow", "aria-valuetext"],
    });
    el.parentElement.addEventListener("keydown", keepKey);
    nameHandles(el.parentElement);
  };
  el.style.display = "none";
  begin();
  return () => {
    cancelAnimationFrame(waiting);
    watch.disconnect();
    el.parentElement?.removeEventListener("keydown", keepKey);
  };
}

export default { render };
