// What the page says, handed over by the server as JSON; and the addresses it asks.

export const words = JSON.parse(document.getElementById("words").textContent);
export const places = document.body.dataset;

// "Hello {name}" with {name: "…"}.
export function fill(sentence, fields) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}
