// Asking the server. Every answer is {status, data, again}, `again` the seconds after which it is worth trying again (0:
// not said); no answer at all is Unreachable.

import { places } from "./words.js";

const WAIT_MS = 20000;
const STANDS_STILL_MS = 30000;
const FORBIDDEN = 403;
// A short message still goes when the page is left while it is sent; browsers take no more than 64 KiB of such requests.
const GOES_ON_BYTES = 20000;

export class Unreachable extends Error {}

let csrfToken = document.querySelector('meta[name="csrf-token"]').content;

export async function post(address, body) {
  const answer = await ask(address, body);
  if (answer.status !== FORBIDDEN || !(await renewToken())) return answer;
  return ask(address, body);
}

export async function get(address) {
  return request(address, { method: "GET" });
}

// A form with a file: no time limit for the whole, but one for standing still. `onPart` hears how much has gone, 0 to 1.
export async function postForm(address, form, onPart) {
  const answer = await upload(address, form, onPart);
  if (answer.status !== FORBIDDEN || !(await renewToken())) return answer;
  return upload(address, form, onPart);
}

function upload(address, form, onPart) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STANDS_STILL_MS);
    };
    const cut = () => reject(new Unreachable("upload"));
    request.upload.addEventListener("progress", (event) => {
      moved();
      if (event.lengthComputable) onPart(event.loaded / event.total);
    });
    request.addEventListener("load", () => resolve(answerOf(request.status, request.responseText, request.getResponseHeader("Retry-After"))));
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, cut);
    request.addEventListener("loadend", () => clearTimeout(timer));
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", csrfToken);
    moved();
    request.send(form);
  });
}

function ask(address, data) {
  const body = JSON.stringify(data);
  return request(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken },
    body,
    keepalive: body.length * 3 < GOES_ON_BYTES,
  });
}

async function request(address, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT_MS);
  try {
    const response = await fetch(address, { ...options, credentials: "same-origin", cache: "no-store", signal: stop.signal });
    return answerOf(response.status, await response.text(), response.headers.get("Retry-After"));
  } catch (error) {
    throw new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}

function answerOf(status, text, retryAfter) {
  return { status, data: parsed(text), again: Number(retryAfter) || 0 };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return {};
  }
}

// The browser has forgotten the token's cookie: the page has a new one.
async function renewToken() {
  try {
    const response = await fetch(places.page, { credentials: "same-origin", cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const meta = page.querySelector('meta[name="csrf-token"]');
    if (meta) csrfToken = meta.content;
    return Boolean(meta);
  } catch (error) {
    return false;
  }
}
