// While an alarm rings: the title blinks and a tone repeats until somebody has acknowledged it.
const BLINK_MS = 1000;

export function watchAlarms() {
  const words = document.body.dataset;
  const quietTitle = document.title;
  const sound = new Sound();
  let known = new Set();
  let first = true;

  const ringing = () => {
    const alarms = document.getElementById("alarms");
    return alarms ? alarms.dataset.numbers.split(" ").filter(Boolean) : [];
  };

  function look() {
    const numbers = ringing();
    const fresh = numbers.filter((number) => !known.has(number));
    if (fresh.length && !first) note(fresh);
    if (fresh.length && first && document.hidden) note(fresh);
    known = new Set(numbers);
    first = false;
    sound.ring(numbers.length > 0);
    if (!numbers.length) document.title = quietTitle;
  }

  setInterval(() => {
    if (!known.size) return;
    document.title = document.title === quietTitle ? words.alarmTitle : quietTitle;
  }, BLINK_MS);

  document.body.addEventListener("htmx:afterSettle", look);
  prepareNotes();
  look();
}

// The number only: a notice may show on a locked screen.
function note(numbers) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  for (const number of numbers) {
    try {
      const notice = new Notification(number, { body: document.body.dataset.alarmNote, tag: number, requireInteraction: true });
      notice.onclick = () => { window.focus(); notice.close(); };
    } catch {
      return; // phones only let service workers notify
    }
  }
}

function prepareNotes() {
  const button = document.getElementById("notes-on");
  if (!button || !("Notification" in window) || Notification.permission !== "default" || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", async () => { await Notification.requestPermission(); button.hidden = true; });
}

class Sound {
  // A looping sample goes on in a background page, where timers are slowed down.
  constructor() {
    const Context = window.AudioContext || window.webkitAudioContext;
    this.context = Context ? new Context() : null;
    this.playing = null;
    this.wanted = false;
    this.show();
    if (!this.context) return;
    this.context.addEventListener("statechange", () => this.show());
    for (const gesture of ["pointerdown", "keydown", "touchend"]) {
      document.addEventListener(gesture, () => this.allow(), { capture: true, passive: true });
    }
    document.getElementById("sound-on-button").addEventListener("click", () => this.try());
    document.getElementById("sound-try")?.addEventListener("click", () => this.try());
  }

  get on() { return this.context !== null && this.context.state === "running"; }

  show() {
    document.getElementById("sound-off").hidden = this.on;
    const isOn = document.getElementById("sound-is-on");
    if (isOn) isOn.hidden = !this.on;
  }

  async allow() {
    if (!this.context || this.on) return;
    try { await this.context.resume(); } catch { /* the strip stays */ }
    this.show();
  }

  async try() {
    await this.allow();
    if (this.on && !this.playing) this.start(false);
  }

  ring(wanted) {
    if (!this.context || wanted === this.wanted) return;
    this.wanted = wanted;
    this.stop();
    if (wanted) this.start(true);
  }

  start(again) {
    const node = this.context.createBufferSource();
    node.buffer = tone(this.context);
    node.loop = again;
    node.connect(this.context.destination);
    node.onended = () => { if (this.playing === node) this.playing = null; };
    node.start();
    this.playing = node;
  }

  stop() {
    if (this.playing) this.playing.stop();
    this.playing = null;
  }
}

// Three short double notes, then a rest: plain to hear, not shrill.
function tone(context) {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, Math.floor(rate * 2.6), rate);
  const samples = buffer.getChannelData(0);
  [[0, 740], [0.2, 988], [0.5, 740], [0.7, 988], [1.0, 740], [1.2, 988]].forEach(([at, hertz]) => {
    const begin = Math.floor(at * rate);
    const length = Math.floor(0.18 * rate);
    for (let i = 0; i < length; i += 1) {
      const swell = Math.min(1, i / (0.01 * rate), (length - i) / (0.06 * rate));
      samples[begin + i] = 0.5 * swell * Math.sin((2 * Math.PI * hertz * i) / rate);
    }
  });
  return buffer;
}
