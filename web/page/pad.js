// A pad of 28 x 28 pixels to draw on with mouse, finger, pen or keys. SPDX-License-Identifier: Apache-2.0
import { colour, onScheme, paint } from "./pixels.js";

const SIDE = 28;

export class Pad {
  grey = new Uint8Array(SIDE * SIDE);
  #canvas;
  #changed;
  #last = null;
  #cursor = null; // of the keyboard
  #due = false;

  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#changed = changed;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#last = null;
      this.#cursor = null;
      this.#stroke(event);
    });
    canvas.addEventListener("pointermove", (event) => event.buttons && this.#stroke(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => { this.#cursor = null; this.#show(); });
    onScheme(() => this.#show());
    this.#show();
  }

  set(grey) {
    this.grey = Uint8Array.from(grey);
    this.#show();
    this.#tell();
  }

  #stroke(event) {
    event.preventDefault();
    const box = this.#canvas.getBoundingClientRect();
    const to = { x: (event.clientX - box.left) / box.width * SIDE, y: (event.clientY - box.top) / box.height * SIDE };
    const from = this.#last ?? to;
    const steps = Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y)) + 1;
    for (let k = 1; k <= steps; k++) this.#dot(from.x + (to.x - from.x) * k / steps, from.y + (to.y - from.y) * k / steps);
    this.#last = to;
    this.#show();
    this.#tell();
  }

  /** A round brush as wide as the strokes of the training images. */
  #dot(x, y) {
    for (let py = Math.floor(y - 2); py <= y + 2; py++) {
      for (let px = Math.floor(x - 2); px <= x + 2; px++) {
        if (px < 0 || py < 0 || px >= SIDE || py >= SIDE) continue;
        if (Math.hypot(px + 0.5 - x, py + 0.5 - y) < 1.25) this.grey[py * SIDE + px] = 255;
      }
    }
  }

  #key(event) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move && event.key !== " ") return;
    event.preventDefault();
    this.#cursor ??= { x: 14, y: 14 };
    if (move) {
      this.#cursor.x = Math.min(SIDE - 1, Math.max(0, this.#cursor.x + move[0]));
      this.#cursor.y = Math.min(SIDE - 1, Math.max(0, this.#cursor.y + move[1]));
      if (event.shiftKey) this.#dot(this.#cursor.x + 0.5, this.#cursor.y + 0.5);
    } else {
      this.#dot(this.#cursor.x + 0.5, this.#cursor.y + 0.5);
    }
    this.#show();
    if (!move || event.shiftKey) this.#tell();
  }

  /** At most once a picture, or a fast hand would start a hundred jobs. */
  #tell() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#changed();
    });
  }

  #show() {
    const context = this.#canvas.getContext("2d");
    paint(context, Array.from(this.grey, (v) => v / 255), SIDE, SIDE, 0, 0, this.#canvas.width / SIDE);
    if (!this.#cursor) return;
    context.strokeStyle = `rgb(${colour("accent").join(" ")})`;
    context.lineWidth = 3;
    context.strokeRect(this.#cursor.x * 16, this.#cursor.y * 16, 16, 16);
  }
}
