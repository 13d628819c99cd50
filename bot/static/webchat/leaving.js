// "Leave at once": the talk goes from the screen before anything is asked of the network, its place in the history is
// taken by a calendar, and nothing of it is shown again until somebody asks for it. It is no lock, and the page says so.

import { PUT_AWAY, putAway } from "./kept.js";
import { byId, places, words } from "./words.js";

const TIMES = 3;
const WITHIN_MS = 2000;

export class Leaving {
  constructor({ onLeave }) {
    this.onLeave = onLeave;
    this.pressed = [];
    byId("leave").addEventListener("click", (event) => {
      event.preventDefault();
      this.leave();
    });
    document.addEventListener("keydown", (event) => this.key(event), true);
    window.addEventListener("storage", ({ key, newValue }) => key === PUT_AWAY && newValue && this.go());
  }

  key(event) {
    if (event.isComposing) return;
    const now = Date.now();
    this.pressed = event.key === "Escape" && !event.repeat ? [...this.pressed.filter((at) => now - at < WITHIN_MS), now] : [];
    if (this.pressed.length >= TIMES) this.leave();
  }

  // The other tabs hear of it by the storage event and leave too.
  leave() {
    putAway(true);
    this.go();
  }

  go() {
    this.onLeave();
    const calm = byId("calm").content.cloneNode(true);
    for (const old of [...document.body.children]) old.remove();
    document.body.className = "calendar-page";
    document.body.append(calm);
    document.title = words.calendar;
    for (const link of document.querySelectorAll("link[rel='icon']")) link.href = "data:,";
    try {
      history.replaceState(null, "", places.leave);
    } catch (error) {
      this.replaced = false;
    }
    if (navigator.onLine !== false) window.location.replace(places.leave);
  }
}
