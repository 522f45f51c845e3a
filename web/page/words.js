// Numbers for people; small helpers of the panels. SPDX-License-Identifier: Apache-2.0

export const count = (x) => Math.round(x).toLocaleString("en-US");

/** An energy, with a minus sign. */
export const amount = (x) => (x < 0 ? "−" : "") + Math.abs(x).toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** "41 million/s" of updates a second. */
export function rate(perSecond) {
  if (!Number.isFinite(perSecond)) return "–";
  if (perSecond >= 1e9) return `${(perSecond / 1e9).toFixed(2)} billion/s`;
  return `${(perSecond / 1e6).toFixed(1)} million/s`;
}

/** The seed in a field; what is no whole number below 2^53 becomes 1. */
export function seedOf(field) {
  const text = field.value.trim();
  if (!/^\d{1,15}$/.test(text)) field.value = "1";
  return Number(field.value);
}

export function newSeed(field) {
  field.value = String(1 + Math.floor(Math.random() * 999999));
}

/** P-bit i of a chain's row. */
export const bit = (states, offset, i) => states[offset + (i >> 3)] >> (i & 7) & 1;
