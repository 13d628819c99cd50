// Articles under an answer: closed they name law, article and status, opened they show every word.

import { get } from "./server.js";
import { appendWithNumbers } from "./telephone.js";
import { fill, make, places, words } from "./words.js";

const IN_FORCE = words.article.in_force;
const OK = 200;
const SHOWN_AT_ONCE = 3;

export function citationList(citations) {
  const box = make("div", "cites");
  box.append(make("p", "cites-title", words.article.cite));
  box.append(...citations.slice(0, SHOWN_AT_ONCE).map(card));
  if (citations.length > SHOWN_AT_ONCE) box.append(folded(citations.slice(SHOWN_AT_ONCE)));
  return box;
}

function folded(citations) {
  const details = make("details", "cites-more");
  const summary = make("summary", "", fill(words.article.more, { count: citations.length }));
  details.append(summary, ...citations.map(card));
  return details;
}

function card(citation) {
  const details = make("details", "cite");
  const summary = make("summary");
  summary.append(make("span", "cite-law", citation.short), make("span", "cite-no", citation.article_no));
  const isReference = citation.kind === "reference";
  if (citation.status) summary.append(make("span", `cite-status${citation.status === IN_FORCE ? "" : " other"}`, citation.status));
  if (isReference) summary.append(make("span", "cite-status other", words.article.reference));
  const full = make("div", "cite-full");
  const text = make("p", "cite-text");
  if (isReference) appendWithNumbers(text, words.article.reference_more);
  else text.textContent = citation.text;
  const source = make("p", "cite-source", sourceLine(citation));
  full.append(text, source);
  details.append(summary, full);
  if (!isReference && !citation.text) details.addEventListener("toggle", () => load(details, citation, text, source));
  return details;
}

function sourceLine(citation) {
  const [year, month, day] = citation.version_date.split("-").map(Number);
  const version = day ? fill(words.article.version, { year, month, day }) : "";
  return [`${citation.law} ${citation.article_no}`, version].filter(Boolean).join(" · ");
}

async function load(details, citation, text, source) {
  if (!details.open || details.dataset.loaded) return;
  text.textContent = words.article.loading;
  const query = new URLSearchParams({ law: citation.law, article_no: citation.article_no });
  try {
    const { status, data } = await get(`${places.article}?${query}`);
    text.textContent = status === OK ? data.text : data.words || words.article.not_loaded;
    if (status !== OK) return;
    details.dataset.loaded = "yes";
    source.textContent = sourceLine({ ...citation, version_date: data.version_date });
  } catch (error) {
    text.textContent = words.article.not_loaded;
  }
}
