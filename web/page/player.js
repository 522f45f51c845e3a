// Plays a live run: sweep by sweep, paused, or as fast as the worker goes; beta by hand or along a ramp.
// SPDX-License-Identifier: Apache-2.0
import { Machine } from "./machine.js";
import { Proof } from "./proof.js";
import { amount, count, newSeed, rate } from "./words.js";

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sweeps a picture and pictures a second by the speed's name; ms: as many sweeps as fit. */
const SPEEDS = { slow: { count: 1, wait: 200 }, film: { count: 1 }, fast: { count: 8 }, full: { ms: 28 } };

export class Player {
  machine = new Machine();
  frame = null;
  figures = null;
  #panel;
  #onFrame;
  #playing = false;
  #loop = Promise.resolve();
  #ramp = null; // {beta(sweep), end(sweep), sweeps}
  #job = null;

  /** panel: the section with the controls; onFrame(frame): paints. */
  constructor(panel, onFrame) {
    this.#panel = panel;
    this.#onFrame = onFrame;
    this.proof = new Proof(panel.querySelector("[data-proof]"), this.machine);
    this.beta = panel.querySelector("[data-beta]");
    this.#button("play", () => (this.#playing ? this.pause() : this.play()));
    this.#button("step", async () => {
      await this.pause();
      await this.sweep({ count: 1 });
      await this.proof.refresh();
    });
    this.beta.addEventListener("input", () => {
      this.#ramp = null;
      this.#showBeta();
    });
  }

  #button(name, action) {
    this.#panel.querySelector(`[data-do=${name}]`).onclick = () => this.guard(action);
  }

  /** The controls with which a run starts over: its button, the ramp's box, the seed and a new one. */
  onRestart(again) {
    const on = (selector, event, fn) => this.#panel.querySelector(selector)?.addEventListener(event, () => this.guard(fn));
    on("[data-do=again]", "click", again);
    on("[data-ramp]", "change", again);
    on("[data-seed]", "change", again);
    on("[data-do=seed]", "click", () => {
      newSeed(this.#panel.querySelector("[data-seed]"));
      return again();
    });
  }

  /** Runs an action; its error is shown in the panel. */
  async guard(action) {
    this.say("");
    try {
      await action();
    } catch (error) {
      await this.pause();
      this.say(error.message, true);
    }
  }

  say(text, bad = false) {
    const at = this.#panel.querySelector("[data-message]");
    at.textContent = text;
    at.classList.toggle("bad", bad);
    at.setAttribute("role", bad ? "alert" : "status");
  }

  setBeta(value) {
    this.beta.value = value;
    this.#showBeta();
  }

  #showBeta(value = Number(this.beta.value)) {
    this.#panel.querySelector("[data-show-beta]").textContent = value.toFixed(value < 0.1 ? 4 : 3);
  }

  /** Loads a graph: what the worker's load takes. */
  async load(what) {
    await this.pause();
    this.frame = null;
    this.#job = null;
    this.proof.begin(null);
    this.say("Compiling for the array …");
    const loaded = await this.machine.ask("load", what);
    this.figures = loaded.figures;
    this.array = loaded.array;
    this.say("");
    return loaded;
  }

  /** Starts a job: {seed, clamp, graph, ...} as the proof takes it; ramp as above or null. */
  async start(job, ramp = null) {
    const was = this.#playing;
    await this.pause();
    this.#job = job;
    this.#ramp = ramp;
    await this.machine.ask("start", { seed: job.seed, clamp: job.clamp, chains: 16 });
    this.frame = null;
    this.proof.begin(job);
    return was;
  }

  /** Sweeps and paints; {count} or {ms}. */
  async sweep(ask) {
    if (!this.#job) return;
    const at = this.frame?.sweeps ?? 0;
    const request = { ...ask, beta: Number(this.beta.value) };
    if (this.#ramp) {
      request.beta = this.#ramp.beta(at);
      const left = this.#ramp.end(at) - at;
      if (request.count) request.count = Math.min(request.count, left);
      else request.most = left;
      this.beta.value = request.beta;
      this.#showBeta(request.beta);
    }
    const job = this.#job;
    const frame = await this.machine.ask("sweep", request);
    if (job !== this.#job) return; // another one has begun
    this.frame = frame;
    this.proof.frame(frame);
    this.#showNumbers(frame);
    this.#onFrame(frame);
    if (this.#ramp && frame.sweeps >= this.#ramp.sweeps) {
      this.#ramp = null;
      this.#panel.dispatchEvent(new Event("ramp-end"));
    }
  }

  #showNumbers(frame) {
    const set = (name, text) => {
      const at = this.#panel.querySelector(`[data-show=${name}]`);
      if (at) at.textContent = text;
    };
    const mean = frame.energies.reduce((a, b) => a + b, 0) / frame.energies.length;
    set("sweep", count(frame.sweeps));
    set("energy", amount(this.figures.maxcut ? -mean : mean));
    set("rate", rate(frame.updates / (frame.busy / 1000)));
  }

  get playing() {
    return this.#playing;
  }

  play() {
    if (this.#playing || !this.#job) return;
    this.#playing = true;
    this.#showPlaying();
    this.#loop = this.#run().catch((error) => {
      this.#playing = false;
      this.#showPlaying();
      this.say(error.message, true);
    });
  }

  async #run() {
    while (this.#playing) {
      const speed = SPEEDS[this.#panel.querySelector("[data-speed]")?.value ?? "film"];
      await this.sweep(speed.ms ? { ms: speed.ms } : { count: speed.count });
      await (speed.wait ? pause(speed.wait) : nextFrame());
    }
  }

  async pause() {
    this.#playing = false;
    this.#showPlaying();
    await this.#loop;
    if (this.frame) await this.proof.refresh();
  }

  #showPlaying() {
    const button = this.#panel.querySelector("[data-do=play]");
    button.textContent = this.#playing ? "Pause" : "Play";
    button.classList.toggle("playing", this.#playing);
  }
}
