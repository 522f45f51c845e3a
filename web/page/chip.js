// Chip: the compiled schedule, clock by clock. SPDX-License-Identifier: Apache-2.0
import { GRAPHS } from "./anneal.js";
import { Machine, modelFile } from "./machine.js";
import { onScheme } from "./pixels.js";
import { count, rate } from "./words.js";

const FIELDS = 6; // of struct chip_tile: does, bank, word, lane, adds, pbit
const KINDS = ["idle", "noise", "read", "both", "close"];
const MEASURED = { family: "pegasus", args: "m=14", seed: 1 };

export class ChipPanel {
  machine = new Machine();
  clock = 0;
  #section;
  #tiles;
  #figures;
  #timer = 0;

  constructor(section) {
    this.#section = section;
    const menu = section.querySelector("[data-graph]");
    menu.add(new Option("the drawing machine, draw.h5", "draw"));
    GRAPHS.forEach(({ name }, k) => menu.add(new Option(name, k)));
    const on = (selector, event, fn) => section.querySelector(selector).addEventListener(event, fn);
    on("[data-graph]", "change", () => this.#guard(() => this.open()));
    on("[data-clock]", "input", (event) => this.show(Number(event.target.value)));
    on("[data-do=step]", "click", () => this.show(this.clock + 1));
    on("[data-do=back]", "click", () => this.show(this.clock - 1));
    on("[data-do=play]", "click", () => (this.#timer ? this.rest() : this.#play()));
    on("[data-do=measure]", "click", () => this.#guard(() => this.measure()));
    on("[data-strip]", "pointerdown", (event) => {
      const box = event.target.getBoundingClientRect();
      this.show(Math.floor((event.clientX - box.left) / box.width * this.#figures.clocks));
    });
    onScheme(() => this.#figures && this.#draw());
    this.opened = this.#guard(() => this.open());
  }

  async #guard(action) {
    const at = this.#section.querySelector("[data-message]");
    at.textContent = "";
    try {
      await action();
    } catch (error) {
      at.textContent = error.message;
      at.classList.add("bad");
    }
  }

  async open() {
    this.rest();
    const chosen = this.#section.querySelector("[data-graph]").value;
    const message = this.#section.querySelector("[data-message]");
    message.textContent = "Compiling for the array …";
    const loaded = await this.machine.ask("load",
      chosen === "draw" ? { model: await modelFile("draw") } : { generate: GRAPHS[chosen].generate });
    this.#tiles = (await this.machine.ask("chip")).tiles;
    this.#figures = loaded.figures;
    message.textContent = "";
    this.#section.querySelector("[data-clock]").max = loaded.figures.clocks - 1;
    this.#showFigures(loaded.array);
    this.show(Math.floor(loaded.figures.clocks / 3));
  }

  #showFigures(array) {
    const f = this.#figures;
    let idle = 0;
    for (let k = 0; k < this.#tiles.length; k += FIELDS) idle += this.#tiles[k] === 0;
    const rows = [["Array", array], ["P-bits and couplings", `${count(f.pbits)}, ${count(f.couplings)}`],
      ["Tiles × lanes × chains", `${f.tiles} × ${f.lanes} × ${f.chains}`], ["Clocks of a sweep", count(f.clocks)],
      ["Decisions a clock", (f.pbits * f.chains / f.clocks).toFixed(1)],
      ["Tiles at work", `${(100 - 100 * idle / (f.clocks * f.tiles)).toFixed(1)} %`]];
    this.#section.querySelector("[data-figures]").innerHTML =
      rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`).join("");
  }

  /** What tile t does in the clock: {does, bank, word, lane, adds, pbit}. */
  tile(clock, t) {
    const at = FIELDS * (clock * this.#figures.tiles + t);
    const [does, bank, word, lane, adds, pbit] = this.#tiles.subarray(at, at + FIELDS);
    return { does, bank, word, lane, adds, pbit };
  }

  show(clock) {
    const { clocks, tiles } = this.#figures;
    this.clock = (clock + clocks) % clocks;
    this.#section.querySelector("[data-clock]").value = this.clock;
    this.#section.querySelector("[data-show=clock]").textContent = `${this.clock} of ${clocks}`;
    const done = KINDS.map(() => 0);
    for (let t = 0; t < tiles; t++) done[this.tile(this.clock, t).does]++;
    this.#section.querySelector("[data-now]").textContent =
      `Of ${tiles} tiles ${done[2]} add couplings, ${done[3]} add and take noise, ${done[1]} take noise, ${done[4]} decide, ${done[0]} are idle.`;
    this.#draw();
  }

  #ink(name) {
    return getComputedStyle(this.#section).getPropertyValue(`--${name}`).trim();
  }

  #draw() {
    this.#drawNetwork();
    this.#drawStrip();
  }

  /** Banks above, tiles below, a curve for each word that arrives. */
  #drawNetwork() {
    const canvas = this.#section.querySelector("[data-network]");
    const context = canvas.getContext("2d");
    const { tiles, lanes } = this.#figures;
    const { width, height } = canvas;
    const pitch = (width - 20) / tiles;
    const x = (t) => 10 + pitch * (t + 0.5);
    const top = 24, bottom = height - 72;
    context.clearRect(0, 0, width, height);
    const read = new Set();
    for (let t = 0; t < tiles; t++) {
      const { does, bank } = this.tile(this.clock, t);
      if (bank < 0) continue;
      read.add(bank);
      context.strokeStyle = this.#ink(KINDS[does]);
      context.globalAlpha = 0.8;
      context.lineWidth = 1.6;
      context.beginPath();
      context.moveTo(x(bank), top);
      context.bezierCurveTo(x(bank), (top + bottom) / 2, x(t), (top + bottom) / 2, x(t), bottom);
      context.stroke();
    }
    context.globalAlpha = 1;
    for (let t = 0; t < tiles; t++) {
      const { does, lane, adds } = this.tile(this.clock, t);
      context.fillStyle = this.#ink(read.has(t) ? "ink" : "idle");
      context.fillRect(x(t) - pitch * 0.36, top - 22, pitch * 0.72, 20);
      for (let l = 0; l < lanes; l++) {
        const works = lane === l ? (does === 4 ? "close" : "noise") : adds >> l & 1 ? "read" : "idle";
        context.fillStyle = this.#ink(works);
        context.fillRect(x(t) - pitch * 0.36, bottom + 2 + l * 34, pitch * 0.72, 31);
      }
    }
  }

  /** A column for each clock, a row for each tile. */
  #drawStrip() {
    const canvas = this.#section.querySelector("[data-strip]");
    const context = canvas.getContext("2d");
    const { clocks, tiles } = this.#figures;
    const colours = KINDS.map((kind) => [1, 3, 5].map((at) => parseInt(this.#ink(kind).slice(at, at + 2), 16)));
    const image = new ImageData(clocks, tiles);
    for (let c = 0; c < clocks; c++) {
      for (let t = 0; t < tiles; t++) {
        const at = 4 * (t * clocks + c);
        image.data.set([...colours[this.#tiles[FIELDS * (c * tiles + t)]], 255], at);
      }
    }
    const small = new OffscreenCanvas(clocks, tiles);
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    context.fillStyle = this.#ink("ink");
    context.fillRect(Math.round((this.clock + 0.5) / clocks * canvas.width) - 1, 0, 3, canvas.height);
  }

  #play() {
    this.#timer = setInterval(() => this.show(this.clock + 1), 250);
    this.#section.querySelector("[data-do=play]").textContent = "Pause";
  }

  rest() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#section.querySelector("[data-do=play]").textContent = "Play";
  }

  /** P-bit updates a second on Pegasus P14, 16 and 512 chains. */
  async measure(ms = 1000) {
    const at = this.#section.querySelector("[data-speed-of]");
    const machine = new Machine();
    const results = {};
    at.textContent = "compiling Pegasus P14 …";
    await machine.ask("load", { generate: MEASURED });
    for (const chains of [16, 512]) {
      at.textContent = `${chains} chains …`;
      await machine.ask("start", { seed: 1, chains });
      const warm = await machine.ask("sweep", { beta: 1, ms: 200 });
      const end = await machine.ask("sweep", { beta: 1, ms });
      results[chains] = (end.updates - warm.updates) / ((end.busy - warm.busy) / 1000);
    }
    machine.close();
    at.textContent = `Pegasus P14, one core: ${rate(results[16])} with 16 chains, ${rate(results[512])} with 512.`;
    return results;
  }
}
