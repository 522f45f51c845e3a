// Energies over sweeps: the mean of the chains and the best of them. SPDX-License-Identifier: Apache-2.0
import { amount, count } from "./words.js";

const MOST = 1200; // points; then every second one goes

export class Plot {
  points = []; // {sweep, mean, best}
  #canvas;
  #skip = 1;
  #seen = 0;

  constructor(canvas) {
    this.#canvas = canvas;
  }

  clear() {
    this.points = [];
    this.#skip = 1;
    this.#seen = 0;
    this.draw();
  }

  add(point) {
    if (this.#seen++ % this.#skip === 0) this.points.push(point);
    if (this.points.length > MOST) {
      this.points = this.points.filter((_, k) => k % 2 === 0);
      this.#skip *= 2;
    }
    this.draw(point);
  }

  draw(last = this.points.at(-1)) {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    const style = getComputedStyle(this.#canvas);
    const ink = (name) => style.getPropertyValue(`--${name}`).trim();
    context.clearRect(0, 0, width, height);
    if (!last) return;
    const points = [...this.points, last];
    const values = points.flatMap(({ mean, best }) => [mean, best]);
    const low = Math.min(...values);
    const high = Math.max(...values, low + 1);
    const left = 66, right = width - 8, top = 12, bottom = height - 24;
    const x = (sweep) => left + (right - left) * sweep / last.sweep;
    const y = (value) => bottom - (bottom - top) * (value - low) / (high - low);
    context.font = "13px system-ui, sans-serif";
    context.fillStyle = ink("soft");
    context.strokeStyle = ink("line");
    context.lineWidth = 1;
    context.textAlign = "right";
    for (const value of [low, (low + high) / 2, high]) {
      context.beginPath();
      context.moveTo(left, Math.round(y(value)) + 0.5);
      context.lineTo(right, Math.round(y(value)) + 0.5);
      context.stroke();
      context.fillText(amount(value).replace(/\.\d$/, ""), left - 8, y(value) + 4);
    }
    context.fillText(`sweep ${count(last.sweep)}`, right, height - 6);
    for (const [name, key, lineWidth] of [["soft", "mean", 1.5], ["accent", "best", 2]]) {
      context.strokeStyle = ink(name);
      context.lineWidth = lineWidth;
      context.beginPath();
      points.forEach((point, k) => context[k ? "lineTo" : "moveTo"](x(point.sweep), y(point[key])));
      context.stroke();
    }
    context.textAlign = "left";
    context.fillStyle = ink("accent");
    context.fillText("best of 16 chains", left, height - 6);
    context.fillStyle = ink("soft");
    context.fillText("mean", left + 128, height - 6);
  }
}
