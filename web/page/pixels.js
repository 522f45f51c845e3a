// Pictures of states. SPDX-License-Identifier: Apache-2.0
import { bit } from "./words.js";

const style = getComputedStyle(document.documentElement);

/** A colour of the style sheet as [r, g, b]. */
export function colour(name) {
  const hex = style.getPropertyValue(`--${name}`).trim();
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** Calls fn when light and dark change. */
export function onScheme(fn) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fn);
}

/** Paints values 0 .. 1 of width x height places, each a square of whole pixels, at (x, y). */
export function paint(context, values, width, height, x, y, size) {
  const off = colour("off");
  const on = colour("on");
  const image = context.createImageData(width * size, height * size);
  for (let row = 0; row < height * size; row++) {
    for (let column = 0; column < width * size; column++) {
      const v = values[Math.floor(row / size) * width + Math.floor(column / size)];
      const at = 4 * (row * width * size + column);
      for (let k = 0; k < 3; k++) image.data[at + k] = off[k] + (on[k] - off[k]) * v;
      image.data[at + 3] = v === undefined ? 0 : 255;
    }
  }
  context.putImageData(image, x, y);
}

/** P-bits first .. first + n - 1 of a chain as 0 and 1. */
export function states(frame, chain, first, n) {
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) values[i] = bit(frame.states, chain * frame.rowBytes, first + i);
  return values;
}
