// What was not sent yet, kept for this tab only, so that a phone that drops the page loses nothing.

const DRAFT = "niangjia.draft";
const UNSENT = "niangjia.unsent";

export function keepDraft(text) {
  write(DRAFT, text);
}

export function keptDraft() {
  return read(DRAFT) || "";
}

export function keepUnsent(items) {
  write(UNSENT, items.length ? JSON.stringify(items) : "");
}

export function keptUnsent() {
  try {
    return JSON.parse(read(UNSENT) || "[]");
  } catch (error) {
    return [];
  }
}

export function forgetAll() {
  write(DRAFT, "");
  write(UNSENT, "");
}

// Storage may be switched off, or full: then the page works without it.
function write(name, value) {
  try {
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
  } catch (error) {
    return;
  }
}

function read(name) {
  try {
    return sessionStorage.getItem(name);
  } catch (error) {
    return null;
  }
}
