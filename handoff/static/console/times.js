// Lengths of time go on while the page is open, in the words that the server uses.
const EVERY_MS = 10000;
const unit = (name) => new Intl.NumberFormat("zh-CN", { style: "unit", unit: name, unitDisplay: "long" });
const minuteWords = unit("minute");
const hourWords = unit("hour");
const dayWords = unit("day");

export function tick() {
  const ahead = Date.parse(document.body.dataset.now) - Date.now(); // the server's clock, not this machine's
  setInterval(() => {
    document.querySelectorAll("[data-since]").forEach((place) => {
      const words = howLong(Date.now() + ahead - Date.parse(place.dataset.since));
      if (words && place.textContent !== words) place.textContent = words;
    });
  }, EVERY_MS);
}

function howLong(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 1) return "";
  if (minutes < 60) return minuteWords.format(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return dayWords.format(Math.floor(hours / 24));
  return hourWords.format(hours) + (minutes % 60 ? minuteWords.format(minutes % 60) : "");
}
