// The list of messages: each once, in the order of its position; what is not stored yet stands at the end.

import { bubble, setTime } from "./bubbles.js";
import { fill, make, words } from "./words.js";

const NEAR_BOTTOM_PX = 140;

export class Talk {
  constructor(list, scroller, { onHidden }) {
    this.list = list;
    this.scroller = scroller;
    this.onHidden = onHidden;
    this.greeting = list.firstElementChild;
    this.log = list.parentElement; // what is read out
    scroller.addEventListener("scroll", () => (this.follows = this.isAtBottom()), { passive: true });
    if (window.ResizeObserver) new ResizeObserver(() => this.follows && this.toBottom()).observe(scroller);
    this.reset();
  }

  reset() {
    for (const item of [...this.list.children]) if (item !== this.greeting) item.remove();
    this.byPosition = new Map();
    this.byClient = new Map();
    this.replaying = true;
    this.follows = false;
    this.log.setAttribute("aria-busy", "true");
    this.tidy();
  }

  // A stored message from the stream. False when the page has it already.
  show(message) {
    if (this.byPosition.has(message.position)) return false;
    const waiting = message.client ? this.byClient.get(message.client) : undefined;
    if (waiting) {
      this.settle(message.client, message);
      return true;
    }
    const follow = this.follows;
    const item = bubble(message);
    setTime(item, message.at);
    if (message.client) this.byClient.set(message.client, item);
    this.put(item, message.position);
    if (!this.replaying) this.bring(item, follow);
    return true;
  }

  // A message of this page that is on its way.
  showPending(client, text, file = "") {
    if (this.byClient.has(client)) return;
    const item = bubble({ kind: "worker", name: "", text, file });
    setTime(item, new Date().toISOString());
    item.classList.add("pending");
    item.dataset.client = client;
    this.byClient.set(client, item);
    this.list.append(item);
    this.tidy();
    this.toBottom();
  }

  settle(client, { position, at, file }) {
    const item = this.byClient.get(client);
    if (!item || item.dataset.position) return;
    item.classList.remove("pending");
    const line = item.querySelector(".file");
    if (line && file) line.textContent = file;
    setTime(item, at);
    this.note(client, words.states.received);
    this.put(item, position);
  }

  has(client) {
    return this.byClient.has(client);
  }

  // A line under an own message; `action` makes it a button.
  note(client, text, { bad = false, action = null, label = "" } = {}) {
    const item = this.byClient.get(client);
    if (!item) return;
    const line = make("p", bad ? "state bad" : "state");
    if (bad) line.setAttribute("role", "alert");
    if (text) line.append(make("span", "", text));
    if (action) {
      const button = make("button", "", label);
      button.type = "button";
      button.addEventListener("click", action);
      line.append(" ", button);
    }
    const old = item.querySelector(".state");
    if (old && !action && old.className === line.className && old.textContent === text) return; // read out once
    if (old) old.replaceWith(line);
    else item.append(line);
    if (this.follows) this.toBottom();
  }

  remove(client) {
    const item = this.byClient.get(client);
    if (item) item.remove();
    this.byClient.delete(client);
    this.tidy();
  }

  // Everything missed has come: from now on new messages are read out and brought into view.
  caughtUp() {
    if (!this.replaying) return;
    this.replaying = false;
    this.tidyNow();
    if (this.byClient.size || this.byPosition.size) this.toBottom();
    else this.scroller.scrollTop = 0; // only the greeting: it is read from its top
    requestAnimationFrame(() => this.log.setAttribute("aria-busy", "false"));
  }

  isAtBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const isShown = this.list.offsetParent !== null;
    return isShown && scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }

  toBottom() {
    this.follows = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  put(item, position) {
    item.dataset.position = String(position);
    this.byPosition.set(position, item);
    let before = this.list.lastElementChild;
    while (before !== this.greeting && !(Number(before.dataset.position) < position && before !== item)) {
      before = before.previousElementSibling;
    }
    if (before.nextElementSibling !== item) before.after(item);
    this.tidy();
  }

  // The beginning of what is new comes into view: a long answer is read from its top.
  bring(item, follow) {
    item.classList.add("new");
    if (!follow) {
      this.onHidden();
      return;
    }
    const room = this.scroller.clientHeight - 24;
    if (item.offsetHeight < room) {
      this.toBottom();
      return;
    }
    this.follows = false;
    this.scroller.scrollTop = item.offsetTop - this.scroller.offsetTop - 8;
  }

  tidy() {
    if (this.tidying) return;
    this.tidying = requestAnimationFrame(() => this.tidyNow());
  }

  // Days between messages; buttons of the last reply only.
  tidyNow() {
    cancelAnimationFrame(this.tidying);
    this.tidying = 0;
    for (const line of this.list.querySelectorAll(".day")) line.remove();
    let day = new Date().toDateString();
    const items = [...this.list.querySelectorAll(".message")];
    for (const item of items) {
      if (!item.dataset.at) continue;
      const date = new Date(item.dataset.at);
      if (date.toDateString() !== day) item.before(make("li", "day", dayName(date)));
      day = date.toDateString();
    }
    const last = items[items.length - 1];
    for (const button of this.list.querySelectorAll(".choice")) button.disabled = button.closest(".message") !== last;
    this.greeting.querySelector(".choices").hidden = this.byClient.size > 0;
  }
}

function dayName(date) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return words.today;
  if (date.toDateString() === yesterday.toDateString()) return words.yesterday;
  return fill(words.day, { month: date.getMonth() + 1, day: date.getDate() });
}
