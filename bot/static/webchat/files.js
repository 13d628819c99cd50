// Files: chosen beside the box, sent with what is written there. They go their own way: words never wait behind a picture.

import { UNSENT_FILES, keepItems, keptItems } from "./kept.js";
import { Outbox } from "./outbox.js";
import { postForm } from "./server.js";
import { byId, fill, places, words } from "./words.js";

// A picture lives in this page only, and only its name is kept: what was not sent when the page closes has to be chosen
// again, and the page says so.
export class FileOutbox extends Outbox {
  constructor(talk, handlers) {
    super(talk, handlers);
    this.cutOff = [];
  }

  restore() {
    this.cutOff = keptItems(UNSENT_FILES);
  }

  keep() {
    const named = [...this.refused, ...this.items].map(({ id, text, file }) => ({ id, text, name: file.name }));
    keepItems(UNSENT_FILES, [...this.cutOff, ...named]);
  }

  // Whatever was stored after all has been shown by now.
  caughtUp() {
    if (!this.cutOff.length) return;
    for (const item of this.cutOff.splice(0)) {
      if (this.talk.has(item.id)) continue;
      this.talk.showPending(item.id, item.text, fill(words.file.shown, item));
      this.refuse({ ...item, file: item }, words.file.cut_off, item.text ? words.states.edit : words.states.seen);
    }
    this.keep();
  }

  drop(client) {
    this.cutOff = this.cutOff.filter((item) => item.id !== client);
    super.drop(client);
  }

  takeAll() {
    const texts = this.cutOff.map((item) => item.text);
    this.cutOff = [];
    return [...texts, ...super.takeAll()].filter((text) => text.trim());
  }

  // A file that is too large stays here; its name and the words beside it are looked at all the same.
  send(item) {
    const form = new FormData();
    form.append("id", item.id);
    form.append("text", item.text);
    form.append("name", item.file.name);
    if (item.file.size <= Number(places.largest)) form.append("file", item.file, item.file.name);
    return postForm(places.files, form, (part) => this.progress(item, part));
  }

  progress(item, part) {
    if (!this.items.includes(item)) return;
    const percent = Math.min(90, Math.floor(part * 10) * 10); // by tens: each is read out
    this.talk.note(item.id, fill(words.file.progress, { percent }));
  }

  shownFile(item) {
    return fill(words.file.shown, { name: item.file.name });
  }
}

export class FileChoice {
  constructor({ onChange }) {
    Object.assign(this, { input: byId("file"), row: byId("chosen"), line: byId("chosen-name"), onChange });
    this.input.addEventListener("change", () => this.changed());
    byId("unchoose").addEventListener("click", () => {
      this.forget();
      byId("box").focus();
    });
  }

  get file() {
    return this.input.files[0] || null;
  }

  // The file, once.
  take() {
    const { file } = this;
    this.forget();
    return file;
  }

  forget() {
    this.input.value = "";
    this.changed();
  }

  changed() {
    const { file } = this;
    this.row.hidden = !file;
    this.line.textContent = file ? fill(words.file.chosen, { name: file.name }) : "";
    this.onChange();
  }
}
