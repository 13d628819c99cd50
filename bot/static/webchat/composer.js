// The box: grows with what is written, sends on Enter where there is a keyboard, never in the middle of an input method's word.

import { keepDraft, keptDraft } from "./kept.js";
import { fill, places, words } from "./words.js";

const COUNT_FROM = 0.9;
const COMPOSING = 229;
const hasKeyboard = window.matchMedia("(hover: hover) and (pointer: fine)");

export class Composer {
  constructor({ form, box, button, note, onSend, takeFile }) {
    Object.assign(this, { form, box, button, note, onSend, takeFile });
    this.longest = Number(places.longest);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("input", () => this.changed());
    this.put(keptDraft());
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.isComposing || event.keyCode === COMPOSING || !hasKeyboard.matches) return;
    event.preventDefault();
    this.send();
  }

  send() {
    const text = this.box.value;
    if (text.length > this.longest || this.button.disabled) return;
    const file = this.takeFile();
    if (!file && !text.trim()) return;
    this.put("");
    this.onSend(text, file);
    this.box.focus();
  }

  // What was typed before stays in front.
  add(text) {
    this.put([text, this.box.value].filter((part) => part.trim()).join("\n"));
  }

  put(text) {
    this.box.value = text;
    this.changed();
  }

  changed() {
    const { box, note, longest } = this;
    keepDraft(box.value);
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
    const count = box.value.length;
    note.classList.toggle("error", count > longest);
    if (count > longest) note.textContent = fill(words.too_long, { count });
    else note.textContent = count > longest * COUNT_FROM ? fill(words.count, { left: longest - count }) : "";
  }

  allow(allowed) {
    this.button.disabled = !allowed;
  }

  focusIfKeyboard() {
    if (hasKeyboard.matches) this.box.focus();
  }
}
