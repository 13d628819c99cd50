// The button exists only where it can do something: without this script one prints from the browser's own menu.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
