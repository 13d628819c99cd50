"use strict";
// Keeps the phone and what lies behind it fresh, and sends forms without leaving the page. Without it the page works too.
(() => {
  const who = document.body.dataset.who;
  const screen = document.getElementById("screen");
  const behind = document.getElementById("behind");
  const shown = { screen: "", behind: "" };

  const toEnd = () => { screen.scrollTop = screen.scrollHeight; };

  async function fetched(address) {
    const response = await fetch(address, { cache: "no-store" });
    return response.ok ? response.text() : null;
  }

  // Leave alone what somebody is in the middle of using.
  const inUse = (place) => place.contains(document.activeElement) && document.activeElement !== document.body;

  async function refresh() {
    try {
      const [screenText, behindText] = await Promise.all([
        fetched("/screen?who=" + encodeURIComponent(who)), fetched("/behind"),
      ]);
      if (screenText !== null && screenText !== shown.screen) {
        const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 60;
        shown.screen = screenText;
        screen.innerHTML = screenText;
        if (atEnd) toEnd();
      }
      if (behindText !== null && behindText !== shown.behind && !inUse(behind)) {
        shown.behind = behindText;
        const tops = [...behind.querySelectorAll(".table")].map((table) => table.scrollTop);
        behind.innerHTML = behindText;
        behind.querySelectorAll(".table").forEach((table, at) => { table.scrollTop = tops[at] || 0; });
        behind.querySelectorAll("input[data-who]").forEach((input) => { input.value = who; });
      }
    } catch (error) {
      // The simulator has stopped; the page stays as it is.
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-quiet]")) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    if (document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
    const words = form.querySelector("textarea");
    try {
      const response = await fetch(form.getAttribute("action"), { method: "POST", body: fields, redirect: "manual" });
      if (response.type === "opaqueredirect" || response.ok) {
        if (words) { words.value = ""; words.focus(); }
      }
    } catch (error) {
      return;
    }
    form.closest("details")?.removeAttribute("open");
    await refresh();
    toEnd();
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.id === "words" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  toEnd();
  setInterval(refresh, 1000);
})();
