// Keeps the parts of a page fresh: the stream names a fingerprint for each part, and a part whose own differs is fetched
// anew by htmx. Without the stream the parts are fetched every few seconds.
const SILENT_FOR_MS = 40000;
const POLL_MS = 5000;
const AGAIN_MS = 300;

export function keepLive(address) {
  const latest = {};
  let source = null;
  let heardAt = Date.now();
  let releaseLock = null;

  const parts = () => document.querySelectorAll("[data-live]");
  const busy = (part) => part.classList.contains("htmx-request");
  const fetchPart = (part) => { if (!busy(part)) window.htmx.trigger(part, "stale"); };

  function refreshStale() {
    for (const part of parts()) {
      const known = latest[part.dataset.live];
      if (known && known !== part.dataset.fingerprint) fetchPart(part);
    }
  }

  function say(connected) {
    document.getElementById("offline").hidden = connected;
  }

  function heard() {
    heardAt = Date.now();
    say(true);
  }

  function open() {
    close();
    heardAt = Date.now();
    source = new EventSource(address);
    source.addEventListener("open", heard);
    source.addEventListener("alive", heard);
    source.addEventListener("state", (event) => {
      heard();
      Object.assign(latest, JSON.parse(event.data));
      refreshStale();
    });
    source.addEventListener("ended", () => { close(); location.reload(); });
    source.addEventListener("error", () => say(false));
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  // A browser opens about six connections to one server. Pages in the background share one stream between them, so that
  // a cadre with many talks open is not locked out; the page in front always has its own.
  function toBackground() {
    if (!navigator.locks) return;
    close();
    navigator.locks.request("niangjia-background-stream", () => new Promise((done) => {
      if (!document.hidden) { done(); return; }
      releaseLock = done;
      open();
    }));
  }

  function toFront() {
    if (releaseLock) { releaseLock(); releaseLock = null; }
    if (!source || source.readyState !== EventSource.OPEN) open();
    parts().forEach(fetchPart);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? toBackground() : toFront()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) toFront(); });
  window.addEventListener("online", () => open());
  document.body.addEventListener("htmx:afterSettle", () => setTimeout(refreshStale, AGAIN_MS));
  document.body.addEventListener("htmx:sendError", () => say(false));

  setInterval(() => {
    if (!source) return;
    const lost = source.readyState !== EventSource.OPEN;
    if (lost || Date.now() - heardAt > SILENT_FOR_MS) {
      if (source.readyState === EventSource.CLOSED || Date.now() - heardAt > SILENT_FOR_MS) open();
      parts().forEach(fetchPart);
    }
  }, POLL_MS);

  open();
  return { refresh: (name) => parts().forEach((part) => { if (part.dataset.live === name) fetchPart(part); }) };
}
