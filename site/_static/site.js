// What scrolls sideways can be reached and moved by keyboard.
function reach() {
  for (const box of document.querySelectorAll("pre, .cell_output, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
