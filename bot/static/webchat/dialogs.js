// Dialogs, also where the browser does not know them: then the sheet lies over the page and closes by its buttons.

export function wire(dialog) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => close(dialog));
  dialog.addEventListener("click", (event) => event.target === dialog && close(dialog));
}

export function open(dialog) {
  if (dialog.showModal) {
    dialog.showModal();
    return;
  }
  dialog.classList.add("by-hand");
  dialog.setAttribute("open", "");
  const first = dialog.querySelector("button, a");
  if (first) first.focus();
}

export function close(dialog) {
  if (dialog.close) dialog.close();
  else dialog.removeAttribute("open");
}
