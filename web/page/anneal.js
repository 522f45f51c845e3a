// Anneal: lattices and max-cuts, generated or pasted. SPDX-License-Identifier: Apache-2.0
import { onScheme, paint, states } from "./pixels.js";
import { Player } from "./player.js";
import { Plot } from "./plot.js";
import { count, seedOf } from "./words.js";

export const GRAPHS = [
  { name: "Ising ferromagnet, 64 × 64", generate: { family: "torus2d", args: "lx=64,weights=const", seed: 1 }, file: "ising",
    beta: 0.44 },
  { name: "Spin glass, 64 × 64, couplings ±1", generate: { family: "torus2d", args: "lx=64", seed: 1 }, file: "glass" },
  { name: "Max-cut of G1: 800 nodes, 19,176 edges", generate: { family: "gset", args: "name=G1", seed: 1 }, file: "G1" },
  { name: "Max-cut of G14: 800 nodes, 4,694 edges", generate: { family: "gset", args: "name=G14", seed: 1 }, file: "G14" },
  { name: "Pegasus P6, couplings ±1", generate: { family: "pegasus", args: "m=6", seed: 1 }, file: "pegasus" },
];

/** Geometric from hot to cold, as `glauber anneal`, in 100 steps. */
export function coolingRamp(hot, cold, sweeps = 2000, steps = 100) {
  const each = sweeps / steps;
  return {
    sweeps,
    beta: (at) => hot * (cold / hot) ** (Math.min(steps - 1, Math.floor(at / each)) / (steps - 1)),
    end: (at) => Math.min(sweeps, (Math.floor(at / each) + 1) * each),
  };
}

export class AnnealPanel {
  #section;
  #context;
  #own = null; // a pasted graph: {text, convention}
  #choice = GRAPHS[0];
  #best = Infinity;

  constructor(section) {
    this.#section = section;
    this.#context = section.querySelector("[data-view]").getContext("2d");
    this.player = new Player(section, (frame) => this.#take(frame));
    this.machine = this.player.machine;
    this.plot = new Plot(section.querySelector("[data-plot]"));
    const menu = section.querySelector("[data-graph]");
    GRAPHS.forEach(({ name }, k) => menu.add(new Option(name, k)));
    const on = (selector, event, fn) => section.querySelector(selector).addEventListener(event, () => this.player.guard(fn));
    on("[data-graph]", "change", () => {
      if (menu.value === "own") return this.openOwn();
      this.#choice = GRAPHS[menu.value];
      this.#own = null;
      return this.open();
    });
    on("[data-do=own]", "click", () => this.openOwn());
    this.player.onRestart(() => this.again());
    section.querySelector("[data-speed]").value = "fast";
    onScheme(() => {
      this.plot.draw();
      if (this.player.frame) this.#paint(this.player.frame);
    });
    this.opened = this.player.guard(() => this.open());
  }

  openOwn() {
    const text = this.#section.querySelector("[data-text]").value;
    const convention = this.#section.querySelector("[data-convention]").value;
    this.#own = { text, convention, name: "pasted graph" };
    const menu = this.#section.querySelector("[data-graph]");
    if (!menu.querySelector("[value=own]")) menu.add(new Option("The pasted graph", "own"));
    menu.value = "own";
    return this.open();
  }

  async open() {
    const { player } = this;
    await player.load(this.#own ? { text: this.#own } : { generate: this.#choice.generate });
    const { pbits, couplings, maxcut, hot, cold } = player.figures;
    const slider = this.#section.querySelector("[data-beta]");
    const beta = this.#own ? undefined : this.#choice.beta;
    slider.max = Math.max(2 * (beta ?? 0), 1.25 * cold);
    slider.step = 10 ** Math.floor(Math.log10(slider.max / 500));
    this.#section.querySelector("[data-ramp]").checked = beta === undefined;
    player.setBeta(beta ?? hot);
    this.#section.querySelector("[data-energy-name]").textContent = maxcut ? "Mean cut" : "Mean energy";
    this.#section.querySelector("[data-about]").textContent =
      `${count(pbits)} p-bits, ${count(couplings)} couplings, on the array ${player.array}. One of 16 chains, in the order of the file.`;
    await this.again();
  }

  async again(play = true) {
    const { player } = this;
    const { maxcut, hot, cold, biased } = player.figures;
    const ramp = this.#section.querySelector("[data-ramp]").checked ? coolingRamp(hot, cold) : null;
    const seed = seedOf(this.#section.querySelector("[data-seed]"));
    const job = this.#own ? { graph: "pasted", bias: Boolean(biased), seed, convention: maxcut ? "maxcut" : "boltzmann" }
      : { graph: this.#choice.file, generate: this.#choice.generate, seed, convention: maxcut ? "maxcut" : "boltzmann" };
    await player.start(job, ramp);
    this.plot.clear();
    this.#best = Infinity;
    if (play) player.play();
  }

  #take(frame) {
    const sign = this.player.figures.maxcut ? -1 : 1;
    const low = Math.min(...frame.energies);
    this.#best = Math.min(this.#best, low);
    const mean = frame.energies.reduce((a, b) => a + b, 0) / frame.chains;
    this.plot.add({ sweep: frame.sweeps, mean: sign * mean, best: sign * this.#best });
    this.#paint(frame);
  }

  /** The p-bits in rows of a square; of a lattice that is the lattice. */
  #paint(frame) {
    const n = this.player.figures.pbits;
    const side = Math.ceil(Math.sqrt(n));
    const size = Math.max(1, Math.floor(512 / side));
    this.#context.clearRect(0, 0, 512, 512);
    const values = Array.from(states(frame, 0, 0, n));
    paint(this.#context, values, side, Math.ceil(n / side), Math.floor((512 - side * size) / 2), 0, size);
  }

  rest() {
    this.player.pause();
  }
}
