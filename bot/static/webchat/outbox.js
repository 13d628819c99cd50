// Sending, one after another so that the order is kept; the same client id however often it is tried.

import { UNSENT, keepItems, keptItems } from "./kept.js";
import { Unreachable, post } from "./server.js";
import { places, words } from "./words.js";

const TRY_AGAIN_MS = [1000, 2000, 5000];
const GONE = 401;
const TOO_MANY = 429;

// Not crypto.randomUUID: it is missing on pages that came without HTTPS.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class Outbox {
  constructor(talk, { onStale, onEdit }) {
    this.talk = talk;
    this.onStale = onStale;
    this.onEdit = onEdit;
    this.items = [];
    this.refused = [];
    this.failed = false;
    this.running = false;
    this.restored = false;
    this.wake = () => undefined;
  }

  // The talk is shown: once with what an earlier life of this tab had not sent, later with what still waits here.
  begin() {
    if (this.restored) this.showAgain();
    else this.restore();
    this.restored = true;
  }

  // What was refused goes back into the box.
  restore() {
    for (const { isRefused, ...item } of keptItems(UNSENT)) {
      if (isRefused) this.onEdit(item.text);
      else this.enqueue(item);
    }
    this.keep();
    this.pump();
  }

  showAgain() {
    for (const item of this.items) this.talk.showPending(item.id, item.text, this.shownFile(item));
    for (const item of this.refused.splice(0)) this.onEdit(item.text);
    this.keep();
  }

  add(text, more = {}) {
    this.enqueue({ id: newId(), text, ...more });
    this.resume();
  }

  keep() {
    keepItems(UNSENT, [...this.items, ...this.refused.map((item) => ({ ...item, isRefused: true }))]);
  }

  send(item) {
    return post(places.messages, item);
  }

  shownFile() {
    return "";
  }

  // The stream brought it: it is stored, whatever became of our request.
  confirm(client) {
    this.drop(client);
  }

  // Try again at once: the network is back, or the person asks for it.
  resume() {
    this.failed = false;
    this.sayOnItsWay();
    this.wake();
    this.pump();
  }

  takeAll() {
    const taken = [...this.refused, ...this.items];
    for (const item of taken) this.talk.remove(item.id);
    this.items = [];
    this.refused = [];
    this.keep();
    return taken.map((item) => item.text);
  }

  enqueue(item) {
    this.items.push(item);
    this.keep();
    this.talk.showPending(item.id, item.text, this.shownFile(item));
  }

  drop(client) {
    this.items = this.items.filter((item) => item.id !== client);
    this.refused = this.refused.filter((item) => item.id !== client);
    this.keep();
  }

  async pump() {
    if (this.running) return;
    this.running = true;
    try {
      while (this.items.length && !this.failed) await this.sendFirst();
    } finally {
      this.running = false;
    }
  }

  async sendFirst() {
    const item = this.items[0];
    let tried = 0;
    while (this.items.includes(item)) {
      const { done, again } = await this.attempt(item);
      if (done) return;
      if (!again && tried >= TRY_AGAIN_MS.length) {
        this.giveUp();
        return;
      }
      await this.pause(again ? again * 1000 : TRY_AGAIN_MS[tried]);
      tried += again ? 0 : 1;
    }
  }

  // {done: nothing is left to try for this item; again: the seconds after which the server will take it}.
  async attempt(item) {
    let answer;
    try {
      answer = await this.send(item);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.sayOnItsWay();
      return { done: false };
    }
    const { status, data } = answer;
    if (status === TOO_MANY) this.talk.note(item.id, data.words || words.states.sending);
    if (status === TOO_MANY || status >= 500) return { done: false, again: status === TOO_MANY ? answer.again : 0 };
    if (status === 200 || status === 201) this.stored(item, data);
    else if (status === GONE) {
      this.failed = true;
      this.onStale(data.words);
    } else this.refuse(item, data.words || words.out_of_date);
    return { done: true };
  }

  stored(item, data) {
    this.drop(item.id);
    this.talk.settle(item.id, data);
    if (data.words) this.talk.note(item.id, data.words, { bad: true });
  }

  // Not claimed to be on its way while there is no network.
  sayOnItsWay() {
    const state = navigator.onLine === false ? words.states.no_network : words.states.sending;
    for (const item of this.items) this.talk.note(item.id, state);
  }

  giveUp() {
    this.failed = true;
    for (const item of this.items) {
      this.talk.note(item.id, "", { bad: true, label: words.states.failed, action: () => this.resume() });
    }
  }

  refuse(item, sentence, label = words.states.edit) {
    this.drop(item.id);
    this.refused.push(item);
    this.keep();
    const edit = () => {
      this.drop(item.id);
      this.talk.remove(item.id);
      this.onEdit(item.text);
    };
    this.talk.note(item.id, sentence, { bad: true, label, action: edit });
  }

  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
