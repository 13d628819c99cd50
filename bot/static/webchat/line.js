// The line to the server: opened again after whatever cut it, from where it was. While the stream says nothing (the
// browser has none, or something on the way holds it back), the news are asked for again and again instead.

import { get } from "./server.js";
import { places } from "./words.js";

// Less than no time: also what was heard in this very millisecond may have come over the old network.
const AT_ONCE = -1;
const SILENT_TOO_LONG_MS = 40000;
const LOOK_EVERY_MS = 5000;
const DOUBTFUL_AFTER_MS = 20000;
const DEAF_AFTER_MS = 4000;
const ASK_EVERY_MS = 3000;
const ASK_SELDOM_MS = 15000;
const QUIET_AFTER_MS = 120000;
const AGAIN_AFTER_MS = [1000, 2000, 4000, 8000, 15000];
const GRACE_MS = 2500;
const OK = 200;
const GONE = 401;

export class Line {
  constructor(handlers) {
    this.handlers = handlers; // onTalk, onMessage, onStanding, onGone, onCut, onOpen
    this.source = null;
    this.wanted = false;
    this.asked = 0;
    this.watchPage();
    this.forget();
  }

  forget() {
    this.after = 0;
    this.talk = "";
  }

  open() {
    this.wanted = true;
    this.fails = this.closings = 0;
    this.isOpen = false;
    this.newsAt = Date.now();
    this.connect();
  }

  close() {
    this.wanted = false;
    this.disconnect();
  }

  disconnect() {
    for (const timer of [this.again, this.grace, this.next]) clearTimeout(timer);
    this.grace = this.next = 0;
    this.asked += 1; // what is still being asked counts no more
    if (this.source) this.source.close();
    this.source = null;
  }

  address(place) {
    return `${place}?${new URLSearchParams({ talk: this.talk, after: String(this.after) })}`;
  }

  // Connecting anew keeps the grace period running, so that the banner does not flicker.
  connect() {
    const cutAt = this.grace ? this.cutAt : 0;
    this.disconnect();
    if (cutAt) this.beginGrace(cutAt);
    this.heardAt = Date.now();
    this.askLater(window.EventSource ? DEAF_AFTER_MS : 0);
    if (window.EventSource) this.listen(new EventSource(this.address(places.stream)));
  }

  listen(source) {
    this.source = source;
    const on = (name, handle) =>
      source.addEventListener(name, (event) => {
        if (this.source !== source) return;
        this.hears();
        handle(JSON.parse(event.data));
      });
    on("talk", ({ talk }) => this.opened(talk));
    const onGoing = (name, handle) => on(name, (data) => (this.goesOn(), handle(data)));
    onGoing("message", (message) => this.receive(message));
    onGoing("standing", (standing) => this.handlers.onStanding(standing));
    onGoing("beat", () => undefined);
    on("gone", () => this.gone("ended"));
    source.onerror = () => this.source === source && this.lost(source);
  }

  // The stream speaks: nobody need be asked.
  hears() {
    this.heardAt = Date.now();
    this.fails = this.closings = 0;
    clearTimeout(this.next);
    this.next = 0;
    this.asked += 1;
  }

  // A stream that outlived a cut of the network has no second beginning to say that the line is open.
  goesOn() {
    if (!this.isOpen && navigator.onLine !== false) this.opened(this.talk);
  }

  opened(talk) {
    clearTimeout(this.grace);
    this.grace = 0;
    const isOther = Boolean(this.talk) && talk !== this.talk;
    if (isOther) this.after = 0;
    this.talk = talk;
    this.isOpen = true;
    this.handlers.onTalk({ isOther });
    this.handlers.onOpen();
  }

  receive(message) {
    if (message.position <= this.after) return;
    this.after = message.position;
    this.newsAt = Date.now();
    this.handlers.onMessage(message);
  }

  gone(why) {
    this.close();
    this.handlers.onGone(why);
  }

  // A short cut is mended without a word; a longer one is said.
  lost(source) {
    this.isOpen = false;
    if (!this.grace) this.beginGrace(Date.now());
    if (source.readyState !== EventSource.CLOSED) {
      if (!this.next) this.askLater(DEAF_AFTER_MS);
      return;
    }
    this.askLater(0);
    clearTimeout(this.again);
    this.again = setTimeout(() => this.wanted && this.connect(), waitAfter(this.closings));
    this.closings += 1;
  }

  beginGrace(cutAt) {
    this.cutAt = cutAt;
    this.grace = setTimeout(() => this.handlers.onCut(), Math.max(0, GRACE_MS - (Date.now() - cutAt)));
  }

  askLater(wait) {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.ask(), wait);
  }

  // One question. An answer that was overtaken by the stream, or by a younger question, does not count.
  async ask() {
    this.asked += 1;
    const mine = this.asked;
    let answer = { status: 0 };
    try {
      answer = await get(this.address(places.news));
    } catch (error) {
      answer = { status: 0 };
    }
    if (!this.wanted || mine !== this.asked) return;
    if (answer.status === GONE) this.gone("stale");
    else if (answer.status === OK) this.answered(answer.data);
    else this.unanswered();
  }

  answered({ talk, messages, more, standing }) {
    this.fails = 0;
    if (!this.isOpen || talk !== this.talk) this.opened(talk);
    for (const message of messages) this.receive(message);
    if (!more) this.handlers.onStanding(standing);
    this.askLater(more ? 0 : this.pace());
  }

  unanswered() {
    this.isOpen = false;
    if (!this.grace) this.beginGrace(Date.now());
    this.askLater(waitAfter(this.fails));
    this.fails += 1;
  }

  // Often while something happens, seldom when nobody has said anything for a while or nobody looks.
  pace() {
    const isQuiet = Date.now() - this.newsAt > QUIET_AFTER_MS;
    return isQuiet || document.visibilityState !== "visible" ? ASK_SELDOM_MS : ASK_EVERY_MS;
  }

  // Something was said here: the answer is waited for.
  expect() {
    this.newsAt = Date.now();
    if (this.wanted && this.next && this.isOpen) this.askLater(ASK_EVERY_MS);
  }

  refresh(doubtfulAfter) {
    if (!this.wanted) return;
    if (!window.EventSource) {
      if (doubtfulAfter < SILENT_TOO_LONG_MS) this.askLater(0);
      return;
    }
    const isDead = !this.source;
    if (isDead || Date.now() - this.heardAt > doubtfulAfter) this.connect();
  }

  // Sleeping phones, a network that comes and goes. Leaving the page and coming back is in main.js.
  watchPage() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.refresh(DOUBTFUL_AFTER_MS);
    });
    window.addEventListener("online", () => this.refresh(AT_ONCE));
    window.addEventListener("offline", () => {
      this.isOpen = false;
      if (this.wanted) this.handlers.onCut();
    });
    setInterval(() => this.refresh(SILENT_TOO_LONG_MS), LOOK_EVERY_MS);
  }
}

function waitAfter(fails) {
  return AGAIN_AFTER_MS[Math.min(fails, AGAIN_AFTER_MS.length - 1)];
}
