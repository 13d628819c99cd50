// A talk's page: the reply box never loses what was typed, and new lines come into view.
import { tickMeter } from "./meter.js";
import { keepForms, offerWords, sayTyping, tickDue } from "./talk-acts.js";
const NEAR_END_PX = 160;

export function openTalk(live) {
  foldForPhones(document);
  followEnd();
  setUpReply(live);
  keepForms();
  offerWords(live);
  tickDue();
  tickMeter();
  // The buttons are exchanged when the talk changes hands, the guide when it turns more serious.
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    const part = event.detail.target && event.detail.target.id;
    if (part === "answer") setUpReply(live);
    if (part === "guide") foldForPhones(document.getElementById("guide"));
    if (part === "acts") sayWhatIsUnsent();
  });
}

function foldForPhones(place) {
  if (window.matchMedia("(min-width: 980px)").matches) return;
  place.querySelectorAll("details[data-fold]").forEach((card) => { card.open = false; });
}

function followEnd() {
  const button = document.getElementById("to-end");
  const messages = document.getElementById("messages");
  const box = document.getElementById("talk-scroll");
  // On a wide screen the talk scrolls in its own box, on a phone with the page.
  const place = () => (getComputedStyle(box).overflowY === "auto" ? box : document.scrollingElement);
  const nearEnd = () => place().scrollHeight - place().clientHeight - place().scrollTop < NEAR_END_PX;
  const toEnd = () => { place().scrollTop = place().scrollHeight; button.hidden = true; };
  let wasNear = true;
  let last = messages.lastElementChild;

  document.body.addEventListener("htmx:beforeSwap", () => { wasNear = nearEnd(); });
  document.body.addEventListener("htmx:afterSettle", () => {
    if (messages.lastElementChild === last) return;
    last = messages.lastElementChild;
    if (wasNear) toEnd();
    else button.hidden = false;
  });
  document.addEventListener("scroll", () => { if (nearEnd()) button.hidden = true; }, { passive: true, capture: true });
  button.addEventListener("click", toEnd);
  toEnd();
}

function setUpReply(live) {
  const form = document.getElementById("reply");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  const text = document.getElementById("reply-text");
  const draft = new Draft(`reply-${document.getElementById("answer").dataset.draft}`);
  if (!text.value) text.value = draft.words;
  else draft.words = text.value; // picked without script, or kept by the browser
  let sending = false;

  const show = (state, words) => {
    form.querySelectorAll("[data-state]").forEach((line) => { line.hidden = line.dataset.state !== state; });
    if (words) form.querySelector(`[data-state="${state}"]`).textContent = words;
  };
  const busy = (on) => {
    sending = on;
    text.readOnly = on;
    document.getElementById("send").disabled = on;
  };
  async function send() {
    if (sending) return;
    if (!text.value.trim()) { text.focus(); return; }
    busy(true);
    show("sending");
    const outcome = await post(form, text.value, draft.keyFor(text.value));
    busy(false);
    show(outcome.state === "sent" && waits() ? "kept" : outcome.state, outcome.words);
    if (outcome.state === "sent") {
      text.value = "";
      draft.clear();
      live.refresh("talk");
    }
    text.focus();
    sayWhatIsUnsent();
  }

  text.addEventListener("input", () => {
    draft.words = text.value;
    sayWhatIsUnsent();
    sayTyping(form);
    if (!sending) show("");
  });
  // A canned reply or a suggested answer goes into the box, behind what stands there, to be changed before it is sent.
  form.addEventListener("words-picked", (event) => {
    if (sending) return;
    const before = text.value.trimEnd();
    text.value = before ? `${before}\n${event.detail}` : event.detail;
    draft.words = text.value;
    sayWhatIsUnsent();
    show("inserted");
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    text.scrollTop = text.scrollHeight;
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) { event.preventDefault(); send(); }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  sayWhatIsUnsent();
}

// What is written now does not arrive now: then it is not said that it has gone out.
function waits() {
  const meter = document.getElementById("meter");
  return Boolean(meter && meter.classList.contains("meter-none"));
}

function sayWhatIsUnsent() {
  const line = document.getElementById("unsent");
  const text = document.getElementById("reply-text");
  if (line) line.hidden = !(text && text.value.trim());
}

// Sent again after a failure with the same key, a reply is stored once.
async function post(form, words, key) {
  const body = new URLSearchParams({ text: words, key });
  const csrf = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || form.elements.csrfmiddlewaretoken.value;
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, redirect: "manual", signal: timeout(15000), headers: { "HX-Request": "true", "X-CSRFToken": csrf },
    });
    if (answer.status === 204) return { state: "sent" };
    if (answer.status === 400 || answer.status === 409) return { state: "refused", words: await answer.text() };
    if (answer.status === 401 || answer.status === 403) return { state: "expired" };
  } catch {
    return { state: "lost" };
  }
  return { state: "lost" };
}

function timeout(milliseconds) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), milliseconds);
  return stop.signal;
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What was typed and not sent, for this tab only: a reload or an expired sign-in does not lose it. With it goes the key of
// the last attempt: the same words keep it, so that an attempt whose answer was lost is not stored twice.
class Draft {
  constructor(name) {
    this.name = name;
    this.kept = {};
    try { this.kept = JSON.parse(sessionStorage.getItem(name)) || {}; } catch { /* private mode: the box itself holds them */ }
  }

  get words() { return this.kept.words || ""; }

  set words(words) { this.keep({ ...this.kept, words }); }

  keyFor(words) {
    if (this.kept.attempted !== words) this.keep({ words, attempted: words, key: newKey() });
    return this.kept.key;
  }

  clear() { this.keep({}); }

  keep(kept) {
    this.kept = kept;
    try { sessionStorage.setItem(this.name, JSON.stringify(kept)); } catch { /* as above */ }
  }
}
