// Beside the reply box of a talk: what is typed into a form survives a refresh of its part, one key sends the fixed
// words, typing holds back the desk's own, picked words go into the box.
const TYPING_EVERY_MS = 10000;
const KEY = "F9";
const PARTS = new Set(["acts", "talk-head", "words", "answer", "guide"]);
let typedAt = 0;

export function keepForms() {
  leaveTheActsAddress();
  let focused = null;
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!target || !PARTS.has(target.id)) return;
    const active = document.activeElement;
    focused = active && active.id && target.contains(active) ? { id: active.id, at: active.selectionStart } : null;
    carryOver(target, fragment);
  });
  document.body.addEventListener("htmx:oobAfterSwap", () => {
    const place = focused && document.getElementById(focused.id);
    if (place && document.activeElement !== place) {
      place.focus({ preventScroll: true });
      if (typeof focused.at === "number" && place.setSelectionRange) place.setSelectionRange(focused.at, focused.at);
    }
    focused = null;
  });
  // What ends the talk says up to where it was read.
  document.addEventListener("submit", (event) => {
    const seen = event.target.elements.seen;
    const last = [...document.querySelectorAll("#messages .line[id^='line-']")].pop();
    if (seen && last) seen.value = last.id.slice("line-".length);
  }, { capture: true });
  document.addEventListener("click", (event) => {
    const picked = event.target.closest("[data-insert]");
    const form = document.getElementById("reply");
    if (!picked || !form) return;
    event.preventDefault();
    const list = picked.closest(".picker");
    if (list) list.open = false;
    form.dispatchEvent(new CustomEvent("words-picked", { detail: picked.dataset.insert }));
  });
}

// What is open stays open, what is typed stays typed: a part is exchanged because something else in it has changed.
function carryOver(old, fresh) {
  fresh.querySelectorAll("details[id]").forEach((place) => {
    const known = old.querySelector(`#${CSS.escape(place.id)}`);
    if (known) place.open = known.open;
  });
  fresh.querySelectorAll("input[id], textarea[id], select[id]").forEach((place) => {
    const known = old.querySelector(`#${CSS.escape(place.id)}`);
    if (!known) return;
    if (place.type === "checkbox") {
      if (known.checked !== known.defaultChecked) place.checked = known.checked;
    } else if (place.type !== "hidden" && known.value) place.value = known.value;
  });
}

// A refused act leaves the page at the act's own address: a reload would send it again.
function leaveTheActsAddress() {
  const acts = document.getElementById("acts");
  if (acts && location.pathname !== acts.dataset.address) history.replaceState(null, "", acts.dataset.address);
}

export function offerWords(live) {
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "words-form") return;
    event.preventDefault();
    send(event.target, live);
  });
  document.addEventListener("keydown", (event) => {
    const form = document.getElementById("words-form");
    if (event.key !== KEY || !form || event.repeat) return;
    event.preventDefault();
    send(form, live);
  });
}

async function send(form, live) {
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  const sent = await post(form.action, form);
  button.disabled = false;
  document.querySelectorAll("#words-state [data-words]").forEach((line) => {
    line.hidden = line.dataset.words !== (sent ? "sent" : "lost");
  });
  live.refresh("talk");
}

// Only while the desk is about to speak by itself.
export function sayTyping(form) {
  const due = document.getElementById("due");
  if (!due || !due.dataset.until || Date.now() - typedAt < TYPING_EVERY_MS) return;
  typedAt = Date.now();
  post(form.dataset.typing, form);
}

async function post(address, form) {
  const csrf = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || form.elements.csrfmiddlewaretoken.value;
  try {
    const answer = await fetch(address, {
      method: "POST", redirect: "manual", headers: { "HX-Request": "true", "X-CSRFToken": csrf },
    });
    return answer.status === 204;
  } catch {
    return false;
  }
}

export function tickDue() {
  const ahead = Date.parse(document.body.dataset.now) - Date.now(); // the server's clock, not this machine's
  const pattern = new Intl.NumberFormat("zh-CN", { style: "unit", unit: "second", unitDisplay: "long" });
  setInterval(() => {
    const due = document.getElementById("due");
    const left = due && due.querySelector("[data-left]");
    if (!left) return;
    const seconds = Math.ceil((Date.parse(due.dataset.until) - Date.now() - ahead) / 1000);
    left.textContent = seconds > 0 ? `${pattern.format(seconds)}${due.dataset.after}` : due.dataset.nowWords;
  }, 1000);
}
