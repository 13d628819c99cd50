// Beside the reply box: the time that is left goes on while the page is open, and a long text says in how many messages
// it goes out. When the time is over the server says what holds then.
const LIMITS = [[3600, 0], [60, 1], [1, 2]];
const PREFIX_BYTES = 60; // the cadre's name stands before the words

export function tickMeter() {
  const ahead = Date.parse(document.body.dataset.now) - Date.now(); // the server's clock, not this machine's
  const bytes = new TextEncoder();
  setInterval(() => {
    const meter = document.getElementById("meter");
    if (!meter) return;
    const place = meter.querySelector("[data-until-left]");
    if (place) write(place, timeLeft(Date.parse(place.dataset.untilLeft) - Date.now() - ahead, place.dataset.units.split(",")));
    const parts = meter.querySelector("[data-parts]");
    const text = document.getElementById("reply-text");
    if (parts && text) {
      const count = Math.ceil((bytes.encode(text.value.trim()).length + PREFIX_BYTES) / parts.dataset.mostBytes);
      parts.closest("p").hidden = count < 2;
      write(parts, String(count));
    }
  }, 1000);
}

function write(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

function timeLeft(milliseconds, units) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [size, unit] = LIMITS.find(([limit]) => seconds >= limit) || LIMITS[2];
  return `${Math.floor(seconds / size)} ${units[unit]}`;
}
