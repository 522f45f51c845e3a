// Read: a drawing is held, the labels decide. SPDX-License-Identifier: Apache-2.0
import { EXAMPLES } from "./examples.js";
import { Machine, modelFile } from "./machine.js";
import { Pad } from "./pad.js";
import { colour, onScheme, paint } from "./pixels.js";
import { Player } from "./player.js";
import { bit, seedOf } from "./words.js";

const KEPT = 70; // sweeps in the raster

export class ReadPanel {
  verdict = -1;
  #section;
  #bars = [];
  #history = []; // of each sweep, how many chains have each label
  #asked = 0;

  constructor(section) {
    this.#section = section;
    this.player = new Player(section, (frame) => this.#take(frame));
    this.machine = this.player.machine;
    this.reader = new Machine(); // reads as the tool does, while the live run goes on
    this.pad = new Pad(section.querySelector("[data-pad]"), () => this.player.guard(() => this.again()));
    this.#makeBars();
    this.#makeExamples();
    const on = (selector, event, fn) => section.querySelector(selector).addEventListener(event, () => this.player.guard(fn));
    on("[data-do=clear]", "click", () => this.pad.set(new Uint8Array(784)));
    this.player.onRestart(() => this.again());
    section.querySelector("[data-ramp]").checked = false;
    section.querySelector("[data-ramp]").closest("label").remove();
    section.querySelector("[data-speed]").value = "film";
    onScheme(() => this.#paintRaster());
    this.opened = this.player.guard(() => this.open());
  }

  #makeBars() {
    const box = this.#section.querySelector(".bars");
    for (let k = 0; k < 10; k++) {
      const bar = document.createElement("div");
      bar.innerHTML = `<b>${k}</b><span><i></i></span><em></em>`;
      this.#bars.push(bar);
      box.append(bar);
    }
  }

  #makeExamples() {
    const box = this.#section.querySelector(".examples");
    EXAMPLES.forEach((grey, k) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", `Test image of a ${k}`);
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 56;
      const draw = () => paint(canvas.getContext("2d"), Array.from(grey, (v) => v / 255), 28, 28, 0, 0, 2);
      draw();
      onScheme(draw);
      button.append(canvas);
      button.onclick = () => this.pad.set(grey);
      box.append(button);
    });
  }

  async open() {
    const model = await modelFile("default");
    this.read = this.reader.ask("load", { model });
    await this.player.load({ model });
    this.player.setBeta(this.player.figures.readBeta);
    this.pad.set(EXAMPLES[7]);
  }

  /** The drawing is held; the verdict is the tool's, of 220 sweeps in four chains. */
  async again(play = true) {
    const { pbits } = this.player.figures ?? {};
    if (!pbits) return;
    const asked = ++this.#asked;
    const clamp = new Int8Array(pbits);
    this.pad.grey.forEach((v, p) => { clamp[p] = v > 127 ? 1 : -1; });
    const seed = seedOf(this.#section.querySelector("[data-seed]"));
    await this.player.start({ graph: "default", bias: true, seed, clamp, convention: "boltzmann" });
    if (asked !== this.#asked) return;
    this.#history = [];
    this.readDone = this.player.guard(() => this.#judge(asked));
    if (play) this.player.play();
  }

  async #judge(asked) {
    const at = this.#section.querySelector("[data-verdict]");
    if (!this.pad.grey.some((v) => v > 127)) {
      at.textContent = "Draw something.";
      return;
    }
    at.textContent = "Reading …";
    await this.read; // compiled
    if (asked !== this.#asked) return;
    this.read = this.reader.ask("read", { grey: this.pad.grey, width: 28, height: 28 });
    const { label } = await this.read;
    if (asked !== this.#asked) return;
    this.verdict = label;
    at.innerHTML =
      `<b>${label}</b> is what <code>glauber eval</code> reads: 220 sweeps in four chains, the label with the highest mean field.`;
  }

  #take(frame) {
    const { labelsFirst, labels } = this.player.figures;
    const now = new Float32Array(10);
    for (let chain = 0; chain < frame.chains; chain++) {
      for (let k = 0; k < labels; k++) now[k % 10] += bit(frame.states, chain * frame.rowBytes, labelsFirst + k);
    }
    this.#history.push(now.map((v) => v / (frame.chains * labels / 10)));
    if (this.#history.length > KEPT) this.#history.shift();
    this.#showBars();
    this.#paintRaster();
  }

  #showBars() {
    const mean = Array.from({ length: 10 }, (_, k) =>
      this.#history.reduce((sum, row) => sum + row[k], 0) / this.#history.length);
    const best = mean.indexOf(Math.max(...mean));
    this.#bars.forEach((bar, k) => {
      bar.querySelector("i").style.width = `${100 * mean[k]}%`;
      bar.querySelector("em").textContent = `${Math.round(100 * mean[k])} %`;
      bar.classList.toggle("best", k === best);
    });
    this.#section.querySelector(".bars").setAttribute("aria-label", `Label ${best} was on in ${Math.round(100 * mean[best])} percent`);
  }

  /** Rows are labels, columns sweeps; as bright as many chains have the label on. */
  #paintRaster() {
    const canvas = this.#section.querySelector("[data-raster]");
    const context = canvas.getContext("2d");
    const off = colour("field");
    const on = colour("accent");
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let x = 0; x < KEPT; x++) {
      for (let k = 0; k < 10; k++) {
        const v = this.#history[x]?.[k] ?? 0;
        context.fillStyle = `rgb(${off.map((o, c) => Math.round(o + (on[c] - o) * v)).join(" ")})`;
        context.fillRect(x * 8, k * 12, 7, 11);
      }
    }
  }

  rest() {
    this.player.pause();
  }
}
