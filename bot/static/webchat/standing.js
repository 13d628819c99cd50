// The line that says who answers now, the banner of a cut line, and the count in the title.

import { byId, fill, words } from "./words.js";

const texts = words.standing;

export class StandingLine {
  constructor() {
    this.row = byId("standing-row");
    this.line = byId("standing");
    this.more = byId("standing-more");
    this.dot = byId("dot");
    this.person = byId("ask-person");
    this.thinking = byId("thinking");
    this.banner = byId("banner");
    this.keep = byId("keep");
    this.unread = 0;
    this.stopped = false;
    this.thinking.textContent = words.thinking;
    document.addEventListener("visibilitychange", () => this.seen());
    this.connecting();
  }

  connecting() {
    this.set("getting-ready", texts.connecting, "");
    this.thinking.hidden = this.keep.hidden = true;
  }

  show(standing) {
    const { answers, ready, name } = standing;
    this.thinking.hidden = !(standing.thinking && ready);
    this.person.hidden = answers !== "desk";
    this.keep.hidden = answers !== "waiting";
    if (answers === "cadre") this.set("cadre", fill(texts.cadre, { name }), "");
    else if (answers === "waiting") this.set("waiting", texts.waiting, waitingMore(standing));
    else if (ready) this.set("desk", texts.desk, "");
    else this.set("getting-ready", texts.desk, texts.getting_ready);
  }

  set(state, text, more) {
    this.dot.className = `dot is-${state}`;
    this.row.classList.toggle("has-more", Boolean(more));
    if (this.line.textContent !== text) this.line.textContent = text;
    if (this.more.textContent !== more) this.more.textContent = more;
  }

  cut() {
    this.say(navigator.onLine === false ? words.offline : words.server_away);
  }

  mended() {
    this.say("");
  }

  say(text) {
    if (this.banner.textContent !== text) this.banner.textContent = text;
    this.banner.hidden = !text;
  }

  // Somebody left in a hurry: the title is no longer ours.
  stop() {
    this.stopped = true;
  }

  // A message came while nobody looked: the title counts, and tells nothing else.
  arrived() {
    if (this.stopped || document.visibilityState === "visible") return;
    this.unread += 1;
    document.title = fill(words.new_in_title, { count: this.unread, title: words.title });
  }

  seen() {
    if (this.stopped || document.visibilityState !== "visible") return;
    this.unread = 0;
    document.title = words.title;
  }
}

function waitingMore(standing) {
  const who = standing.on_duty ? texts.on_duty : fill(texts.off_duty, { seen_at: standing.seen_at });
  const meanwhile = standing.desk_speaks && standing.ready ? texts.desk_speaks : "";
  return [who, meanwhile].filter(Boolean).join(texts.comma);
}
