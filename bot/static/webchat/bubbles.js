// One message as an element. Words are set as text, never as markup.

import { citationList } from "./citations.js";
import { appendWithNumbers, callButtons } from "./telephone.js";
import { fill, make, words } from "./words.js";

export function bubble(message) {
  const item = make("li", `message ${message.kind}`);
  item.append(speakerLine(message), body(message));
  if (message.citations && message.citations.length) item.append(citationList(message.citations));
  if (message.buttons && message.buttons.length) item.append(choices(message));
  if (message.kind === "worker") item.append(make("p", "state", words.states[message.position ? "received" : "sending"]));
  return item;
}

export function setTime(item, at) {
  const time = item.querySelector("time");
  const date = new Date(at);
  time.dateTime = at;
  time.textContent = `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
  item.dataset.at = at;
}

function speakerLine(message) {
  const line = make("p", "speaker");
  line.append(make("b", "", fill(words.speakers[message.kind], { name: message.name })), make("time"));
  return line;
}

function body(message) {
  const box = make("div", "bubble");
  const text = make("p", "words");
  if (message.kind === "worker") {
    text.textContent = message.text;
    if (message.file) box.append(make("p", "file", message.file));
    if (message.text.trim() || !message.file) box.append(text);
    return box;
  }
  const found = appendWithNumbers(text, message.text);
  box.append(text);
  const calls = message.kind === "fixed" ? callButtons(found) : null;
  if (calls) box.append(calls);
  return box;
}

function choices(message) {
  const row = make("div", "choices");
  row.setAttribute("role", "group");
  message.buttons.forEach((title, index) => {
    const button = make("button", "choice", title);
    button.type = "button";
    button.dataset.message = message.reference;
    button.dataset.index = String(index);
    row.append(button);
  });
  return row;
}
