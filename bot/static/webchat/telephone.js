// Telephone numbers in what the desk says become links. No look-behind: older iPhones do not know it.

import { fill, make, words } from "./words.js";

const DIGITS = /\d+(?:-\d+)*/g;
const MOBILE = /^1[3-9]\d{9}$/;
const LANDLINE = /^0\d{2,3}-\d{7,8}$/;
const SHORT_WITH_AREA = /^0\d{2,3}-12\d{3}$/;

// What to dial for a piece of text, or an empty string when it is no telephone number.
function dialOf(number, before, after, rest) {
  const known = words.numbers[number] || (words.emergency.includes(number) ? number : "");
  const dial = known || (MOBILE.test(number) || LANDLINE.test(number) || SHORT_WITH_AREA.test(number) ? number : "");
  if (!dial || words.not_before.includes(before || "\n")) return "";
  const isCounted = after && words.not_after.includes(after) && rest[1] !== words.number_word;
  return isCounted || /[A-Za-z]/.test(after || "") ? "" : dial;
}

// Text as nodes, numbers as links; returns the numbers found, in their order.
export function appendWithNumbers(parent, text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(DIGITS)) {
    const end = match.index + match[0].length;
    const dial = dialOf(match[0], text[match.index - 1], text[end], text.slice(end, end + 2));
    if (!dial) continue;
    parent.append(text.slice(from, match.index), link(dial, match[0]));
    if (!found.some((item) => item.number === match[0])) found.push({ number: match[0], dial });
    from = end;
  }
  parent.append(text.slice(from));
  return found;
}

// Large buttons for the numbers of an emergency, or null when none is named.
export function callButtons(found) {
  const urgent = found.filter((item) => words.emergency.includes(item.number));
  if (!urgent.length) return null;
  const row = make("div", "calls");
  for (const item of urgent) row.append(link(item.dial, fill(words.call, item)));
  return row;
}

function link(dial, text) {
  const anchor = make("a", "", text);
  anchor.href = `tel:${dial}`;
  return anchor;
}
