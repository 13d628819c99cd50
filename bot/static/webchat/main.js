// Puts the page together: notice, talk, box, line, dialogs.

import { Composer } from "./composer.js";
import * as dialogs from "./dialogs.js";
import { FileChoice, FileOutbox } from "./files.js";
import { forgetAll, isPutAway, putAway } from "./kept.js";
import { Leaving } from "./leaving.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { post } from "./server.js";
import { StandingLine } from "./standing.js";
import { Talk } from "./talk.js";
import { appendWithNumbers } from "./telephone.js";
import { byId, places, words } from "./words.js";

const OK = 200;
const GONE = 401;
const scroller = byId("scroll");
const newBelow = byId("new-below");

const standing = new StandingLine();
const talk = new Talk(byId("talk"), scroller, { onHidden: () => (newBelow.hidden = false) });
const whenLost = { onStale: (sentence) => sessionOver(sentence || words.stale), onEdit: (text) => composer.add(text) };
const outbox = new Outbox(talk, whenLost);
const files = new FileOutbox(talk, whenLost);
const choice = new FileChoice({ onChange: () => talk.follows && talk.toBottom() });
const composer = new Composer({
  form: byId("write"),
  box: byId("box"),
  button: byId("send"),
  note: byId("box-note"),
  onSend: (text, file) => send(text, file ? { file } : {}),
  takeFile: () => choice.take(),
});
const line = new Line({
  onTalk: ({ isOther }) => isOther && talk.reset(),
  onMessage: arrived,
  onStanding: (news) => {
    talk.caughtUp();
    files.caughtUp();
    standing.show(news);
    if (!byId("thinking").hidden && talk.follows) talk.toBottom();
  },
  onGone: (why) => sessionOver(why === "stale" ? words.stale : words.ended_elsewhere),
  onCut: () => standing.cut(),
  onOpen: () => {
    standing.mended();
    outbox.resume();
    files.resume();
  },
});

function send(text, more = {}) {
  (more.file ? files : outbox).add(text, more);
  line.expect();
}

function arrived(message) {
  if (message.client) for (const box of [outbox, files]) box.confirm(message.client);
  if (!talk.show(message) || message.kind === "worker" || talk.replaying) return;
  byId("thinking").hidden = true;
  standing.arrived();
}

// Begin and end

function showTalk(begun) {
  byId("notice").hidden = begun;
  for (const id of ["talk-area", "standing-row", "clear"]) byId(id).hidden = !begun;
  document.body.classList.toggle("not-begun", !begun);
  composer.allow(begun);
  if (!begun) return;
  byId("write").hidden = false;
  composer.changed();
}

async function begin() {
  const button = byId("begin");
  const problem = byId("begin-error");
  button.disabled = true;
  problem.hidden = true;
  try {
    const { status, data } = await post(places.begin, {});
    if (status < 400) {
      putAway(false);
      start();
      composer.focusIfKeyboard();
      return;
    }
    problem.textContent = data.words || words.not_begun;
  } catch (error) {
    problem.textContent = words.not_begun;
  } finally {
    button.disabled = false;
  }
  problem.hidden = false;
}

function start() {
  talk.reset();
  standing.connecting();
  showTalk(true);
  line.forget();
  line.open();
  outbox.failed = files.failed = false;
  for (const box of [outbox, files]) box.begin();
}

// A page that the browser keeps for the back button keeps no words: they come again from the stream.
function putOutOfSight() {
  line.disconnect();
  line.forget();
  talk.reset();
}

function cameBack() {
  if (!line.wanted) return;
  if (isPutAway()) {
    line.close();
    restPage();
    return;
  }
  standing.connecting();
  for (const box of [outbox, files]) box.begin();
  line.open();
}

// As if nobody had written here: what there is comes when somebody begins.
function restPage() {
  showTalk(false);
  byId("write").hidden = true;
}

// What was typed and not stored goes back into the box; what was said is put away from this screen.
function sessionOver(sentence) {
  line.close();
  line.forget();
  for (const text of [...outbox.takeAll(), ...files.takeAll()].reverse()) composer.add(text);
  choice.forget();
  talk.reset();
  standing.mended();
  newBelow.hidden = true;
  dialogs.close(byId("confirm"));
  showTalk(false);
  byId("write").hidden = !byId("box").value.trim();
  byId("over").textContent = "";
  appendWithNumbers(byId("over"), sentence);
  byId("over").hidden = false;
  byId("over").focus({ preventScroll: true });
  scroller.scrollTop = 0;
}

async function clear() {
  const button = byId("clear-now");
  button.disabled = true;
  byId("confirm-error").hidden = true;
  line.close();
  try {
    const { status, data } = await post(places.clear, {});
    if (status === OK || status === GONE) cleared(data.kept ? words.kept : words.cleared);
    else notCleared();
  } catch (error) {
    notCleared();
  } finally {
    button.disabled = false;
  }
}

function notCleared() {
  byId("confirm-error").textContent = words.not_cleared;
  byId("confirm-error").hidden = false;
  line.open();
}

function cleared(sentence) {
  for (const box of [outbox, files]) box.takeAll();
  sessionOver(sentence);
  composer.put("");
  forgetAll();
  putAway(false);
  byId("write").hidden = true;
}

// Buttons

byId("begin").addEventListener("click", begin);
byId("clear").addEventListener("click", () => dialogs.open(byId("confirm")));
byId("clear-now").addEventListener("click", clear);
byId("all-lines").addEventListener("click", () => dialogs.open(byId("lines")));
byId("all-settings").addEventListener("click", () => dialogs.open(byId("settings")));
byId("ask-person").addEventListener("click", () => send(words.ask_for_person));
for (const id of ["confirm", "lines", "settings"]) dialogs.wire(byId(id));
new Leaving({
  onLeave: () => {
    line.close();
    standing.stop();
    talk.reset();
  },
});

byId("talk").addEventListener("click", (event) => {
  const button = event.target.closest(".choice");
  if (!button || button.disabled) return;
  const { message, index } = button.dataset;
  send(button.textContent, message ? { choice: { message, index: Number(index) } } : {});
});

newBelow.textContent = words.new_below;
newBelow.addEventListener("click", () => {
  talk.toBottom();
  newBelow.hidden = true;
});
scroller.addEventListener("scroll", () => talk.isAtBottom() && (newBelow.hidden = true), { passive: true });

// An open keyboard makes what can be seen smaller than the page: the box stays above it. Where 100vh is more than can be
// seen, and nothing better is known, the height is measured at once.
if (window.visualViewport) {
  const measure = () => {
    document.documentElement.style.setProperty("--seen-height", `${window.visualViewport.height}px`);
    document.body.classList.add("measured");
    window.scrollTo(0, 0);
  };
  window.visualViewport.addEventListener("resize", measure);
  if (!(window.CSS && CSS.supports("height", "100dvh"))) measure();
}

window.addEventListener("pagehide", putOutOfSight);
window.addEventListener("pageshow", (event) => event.persisted && cameBack());

document.body.dataset.started = "yes";
byId("begin").disabled = false;
if (places.begun === "yes" && !isPutAway()) {
  showTalk(true);
  start();
} else if (places.begun === "yes") restPage();
else showTalk(false);
