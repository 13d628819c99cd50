// Asking the server. Every answer is {status, data}; no answer at all is Unreachable.

import { places } from "./words.js";

const WAIT_MS = 20000;
const FORBIDDEN = 403;

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

function ask(address, body) {
  return request(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken },
    body: JSON.stringify(body),
  });
}

async function request(address, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT_MS);
  try {
    const response = await fetch(address, { ...options, credentials: "same-origin", cache: "no-store", signal: stop.signal });
    const text = await response.text();
    return { status: response.status, data: parsed(text) };
  } catch (error) {
    throw new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
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

// Status of an address that streams, without reading the stream.
export async function statusOf(address) {
  const stop = new AbortController();
  try {
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: stop.signal });
    return response.status;
  } catch (error) {
    throw new Unreachable(String(error));
  } finally {
    stop.abort();
  }
}
