// The line to the server: opened again after whatever cut it, from where it was.

import { statusOf } from "./server.js";
import { places } from "./words.js";

const SILENT_TOO_LONG_MS = 40000;
const LOOK_EVERY_MS = 5000;
const DOUBTFUL_AFTER_MS = 20000;
const AGAIN_AFTER_MS = [1000, 2000, 4000, 8000, 15000];
const GRACE_MS = 2500;
const GONE = 401;

export class Line {
  constructor({ onTalk, onMessage, onStanding, onGone, onCut, onOpen }) {
    this.handlers = { onTalk, onMessage, onStanding, onGone, onCut, onOpen };
    this.source = null;
    this.wanted = false;
    this.watchPage();
    this.forget();
  }

  forget() {
    this.after = 0;
    this.talk = "";
  }

  open() {
    this.wanted = true;
    this.fails = 0;
    this.connect();
  }

  close() {
    this.wanted = false;
    this.disconnect();
  }

  disconnect() {
    clearTimeout(this.again);
    clearTimeout(this.grace);
    this.grace = 0;
    if (this.source) this.source.close();
    this.source = null;
  }

  address() {
    return `${places.stream}?${new URLSearchParams({ talk: this.talk, after: String(this.after) })}`;
  }

  connect() {
    this.disconnect();
    this.heardAt = Date.now();
    const source = new EventSource(this.address());
    this.source = source;
    const on = (name, handle) =>
      source.addEventListener(name, (event) => {
        if (this.source !== source) return;
        this.hears();
        handle(JSON.parse(event.data));
      });
    on("talk", ({ talk }) => this.tell(talk));
    on("message", (message) => this.receive(message));
    on("standing", (standing) => this.handlers.onStanding(standing));
    on("beat", () => undefined);
    on("gone", () => {
      this.close();
      this.handlers.onGone("ended");
    });
    source.onerror = () => this.source === source && this.lost(source);
  }

  hears() {
    this.heardAt = Date.now();
    this.fails = 0;
    clearTimeout(this.grace);
    this.grace = 0;
  }

  tell(talk) {
    if (this.talk && talk !== this.talk) this.after = 0;
    const isOther = Boolean(this.talk) && talk !== this.talk;
    this.talk = talk;
    this.handlers.onTalk({ isOther });
    this.handlers.onOpen();
  }

  receive(message) {
    if (message.position <= this.after) return;
    this.after = message.position;
    this.handlers.onMessage(message);
  }

  // A short cut is mended without a word; a longer one is said.
  lost(source) {
    if (!this.grace) this.grace = setTimeout(() => this.handlers.onCut(), GRACE_MS);
    if (source.readyState === EventSource.CLOSED) this.probe();
  }

  async probe() {
    const wait = AGAIN_AFTER_MS[Math.min(this.fails, AGAIN_AFTER_MS.length - 1)];
    this.fails += 1;
    let status = 0;
    try {
      status = await statusOf(this.address());
    } catch (error) {
      status = 0;
    }
    if (!this.wanted) return;
    if (status === GONE) {
      this.close();
      this.handlers.onGone("stale");
      return;
    }
    clearTimeout(this.again);
    this.again = setTimeout(() => this.wanted && this.reconnect(), status === 200 ? 0 : wait);
  }

  // Connecting anew keeps the grace period running, so that the banner does not flicker.
  reconnect() {
    const fails = this.fails;
    const grace = this.grace;
    this.grace = 0;
    this.connect();
    this.fails = fails;
    this.grace = grace;
  }

  refresh(doubtfulAfter) {
    if (!this.wanted) return;
    const isDead = !this.source || this.source.readyState === EventSource.CLOSED;
    if (isDead || Date.now() - this.heardAt > doubtfulAfter) this.reconnect();
  }

  // Sleeping phones, the back button, a network that comes and goes.
  watchPage() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.refresh(DOUBTFUL_AFTER_MS);
    });
    window.addEventListener("pagehide", () => this.disconnect());
    window.addEventListener("pageshow", (event) => event.persisted && this.refresh(0));
    window.addEventListener("online", () => this.refresh(0));
    window.addEventListener("offline", () => this.wanted && this.handlers.onCut());
    setInterval(() => this.refresh(SILENT_TOO_LONG_MS), LOOK_EVERY_MS);
  }
}
