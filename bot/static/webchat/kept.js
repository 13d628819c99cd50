// What was not sent yet, kept for this tab only, so that a phone that drops the page loses nothing.

const DRAFT = "niangjia.draft";
export const UNSENT = "niangjia.unsent";
export const UNSENT_FILES = "niangjia.files";
// For all tabs of this browser: the talk was left in a hurry and is not shown until somebody asks for it.
export const PUT_AWAY = "niangjia.away";

export function keepDraft(text) {
  write(DRAFT, text);
}

export function keptDraft() {
  return read(DRAFT) || "";
}

export function keepItems(name, items) {
  write(name, items.length ? JSON.stringify(items) : "");
}

export function keptItems(name) {
  try {
    return JSON.parse(read(name) || "[]");
  } catch (error) {
    return [];
  }
}

export function forgetAll() {
  for (const name of [DRAFT, UNSENT, UNSENT_FILES]) write(name, "");
}

export function putAway(isAway) {
  try {
    if (isAway) localStorage.setItem(PUT_AWAY, String(Date.now()));
    else localStorage.removeItem(PUT_AWAY);
  } catch (error) {
    return;
  }
}

export function isPutAway() {
  try {
    return Boolean(localStorage.getItem(PUT_AWAY));
  } catch (error) {
    return false;
  }
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
