// Draw: a label is held, the picture forms. SPDX-License-Identifier: Apache-2.0
import { modelFile } from "./machine.js";
import { onScheme, paint, states } from "./pixels.js";
import { Player } from "./player.js";
import { seedOf } from "./words.js";

/** As `glauber draw` anneals, in fewer sweeps: beta rises in equal steps, then stays. */
const RAMP = { stages: 36, each: 40, hot: 1 / 16, last: 0.9, cold: 160 };

export function digitRamp({ stages, each, hot, last, cold } = RAMP) {
  const warm = stages * each;
  return {
    sweeps: warm + cold,
    beta: (at) => (at < warm ? hot + (last - hot) * Math.floor(at / each) / stages : last),
    end: (at) => (at < warm ? (Math.floor(at / each) + 1) * each : warm + cold),
  };
}

export class DrawPanel {
  digit = 3;
  #section;
  #context;

  constructor(section) {
    this.#section = section;
    this.#context = section.querySelector("[data-view]").getContext("2d");
    this.player = new Player(section, (frame) => this.#paint(frame));
    this.machine = this.player.machine;
    this.#makeDigits();
    const on = (selector, event, fn) => section.querySelector(selector).addEventListener(event, () => this.player.guard(fn));
    on("[data-machine]", "change", () => this.open());
    this.player.onRestart(() => this.again());
    section.querySelector("[data-speed]").value = "fast";
    section.addEventListener("ramp-end", () => { section.querySelector("[data-speed]").value = "film"; });
    onScheme(() => this.player.frame && this.#paint(this.player.frame));
    this.opened = this.player.guard(() => this.open());
  }

  #makeDigits() {
    const box = this.#section.querySelector(".digits");
    for (let k = 0; k < 10; k++) {
      const label = document.createElement("label");
      label.innerHTML = `<input type="radio" name="digit" value="${k}"><span>${k}</span>`;
      label.firstChild.checked = k === this.digit;
      label.firstChild.onchange = () => this.player.guard(() => {
        this.digit = k;
        return this.again();
      });
      box.append(label);
    }
  }

  async open() {
    this.name = this.#section.querySelector("[data-machine]").value;
    await this.player.load({ model: await modelFile(this.name) });
    this.player.setBeta(0.9);
    await this.again();
  }

  /** The held labels: the digit's p-bits up, the others down. */
  #clamp() {
    const { pbits, labelsFirst, labels } = this.player.figures;
    const clamp = new Int8Array(pbits);
    for (let k = 0; k < labels; k++) clamp[labelsFirst + k] = k % 10 === this.digit ? 1 : -1;
    return clamp;
  }

  async again(play = true) {
    const ramp = this.#section.querySelector("[data-ramp]").checked ? digitRamp() : null;
    if (ramp) this.#section.querySelector("[data-speed]").value = "fast";
    const seed = seedOf(this.#section.querySelector("[data-seed]"));
    await this.player.start({ graph: this.name, bias: true, seed, clamp: this.#clamp(), convention: "boltzmann" }, ramp);
    if (play) this.player.play();
  }

  #paint(frame) {
    if (!performance.getEntriesByName("first picture").length) performance.mark("first picture");
    const { width, height } = this.player.figures;
    for (let chain = 0; chain < 16; chain++) {
      paint(this.#context, states(frame, chain, 0, width * height), width, height,
        (chain % 4) * 116 + 2, Math.floor(chain / 4) * 116 + 2, 4);
    }
  }

  rest() {
    this.player.pause();
  }
}
