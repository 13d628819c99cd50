// Sending, one after another so that the order is kept; the same client id however often it is tried.

import { keepUnsent, keptUnsent } from "./kept.js";
import { Unreachable, post } from "./server.js";
import { places, words } from "./words.js";

const TRY_AGAIN_MS = [1000, 2000, 5000];
const GONE = 401;

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
    this.failed = false;
    this.running = false;
    this.wake = () => undefined;
  }

  // What an earlier life of this tab had not sent.
  restore() {
    for (const item of keptUnsent()) this.enqueue(item);
    this.pump();
  }

  add(text, more = {}) {
    this.enqueue({ id: newId(), text, ...more });
    this.resume();
  }

  keep() {
    keepUnsent(this.items);
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
    for (const item of this.items) this.talk.note(item.id, words.states.sending);
    this.wake();
    this.pump();
  }

  takeAll() {
    const texts = this.items.map((item) => item.text);
    for (const item of this.items) this.talk.remove(item.id);
    this.items = [];
    this.keep();
    return texts;
  }

  enqueue(item) {
    this.items.push(item);
    this.keep();
    this.talk.showPending(item.id, item.text, this.shownFile(item));
  }

  drop(client) {
    this.items = this.items.filter((item) => item.id !== client);
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
    for (let tried = 0; this.items.includes(item); tried += 1) {
      if (await this.attempt(item)) return;
      if (tried >= TRY_AGAIN_MS.length) {
        this.giveUp();
        return;
      }
      await this.pause(TRY_AGAIN_MS[tried]);
    }
  }

  // True when there is nothing left to try for this item.
  async attempt(item) {
    let answer;
    try {
      answer = await this.send(item);
    } catch (error) {
      if (error instanceof Unreachable) return false;
      throw error;
    }
    if (answer.status === 200 || answer.status === 201) {
      this.drop(item.id);
      this.talk.settle(item.id, answer.data);
      if (answer.data.words) this.talk.note(item.id, answer.data.words, { bad: true });
      return true;
    }
    if (answer.status === GONE) {
      this.failed = true;
      this.onStale(answer.data.words);
      return true;
    }
    if (answer.status >= 500 || answer.status === 429) return false;
    this.refuse(item, answer.data.words || words.out_of_date);
    return true;
  }

  giveUp() {
    this.failed = true;
    for (const item of this.items) {
      this.talk.note(item.id, "", { bad: true, label: words.states.failed, action: () => this.resume() });
    }
  }

  refuse(item, sentence) {
    this.drop(item.id);
    const edit = () => {
      this.talk.remove(item.id);
      this.onEdit(item.text);
    };
    this.talk.note(item.id, sentence, { bad: true, label: words.states.edit, action: edit });
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
