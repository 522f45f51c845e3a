// The worker: one machine, run where it cannot block the page. Answers {id, op, ...} with {id, ...} or {id, error}.
// SPDX-License-Identifier: Apache-2.0
import { Core } from "./core.js";

let core;
let busy = 0; // milliseconds spent in sweeps
let loaded; // its figures

const FIGURES = ["pbits", "couplings", "maxcut", "hot", "cold", "tiles", "lanes", "chains", "clocks", "gw", "colours", "width",
  "height", "labelsFirst", "labels", "readBeta", "biased"];

function figures() {
  const values = core.reals(core.c.window_figures(), FIGURES.length);
  return Object.fromEntries(FIGURES.map((name, k) => [name, values[k]]));
}

/** effort 0 compiles in a tenth of the time of the tool's default, for a sweep of some 6 % more clocks. */
function load({ model, generate, text, array = "", effort = 0 }) {
  const c = core.c;
  const start = performance.now();
  if (model) {
    core.check(core.with([model], (at) => c.window_model(at, model.length)));
  } else if (generate) {
    const { family, args, seed } = generate;
    core.check(core.with([family, args, String(seed)], (f, a, s) => c.window_generate(f, a, s)));
  } else {
    const bytes = new TextEncoder().encode(text.text);
    core.check(core.with([text.name, bytes, text.convention], (n, b, v) => c.window_parse(n, b, bytes.length, v)));
  }
  core.check(core.with([array], (a) => c.window_compile(a, effort)));
  loaded = figures();
  return { figures: loaded, array: core.text(c.window_array()), hash: core.text(c.window_graph_hash()),
    ms: performance.now() - start };
}

function start({ seed, chains = 16, clamp = null }) {
  const bytes = clamp && new Uint8Array(clamp.buffer, clamp.byteOffset, clamp.length);
  core.check(core.with([String(seed), bytes], (s, held) => core.c.window_start(s, chains, held)));
  busy = 0;
  return { chains: core.c.window_chains() };
}

/** So many sweeps, or as many as fit in `ms` milliseconds, at most `most`. */
function sweep({ beta, count = 1, ms = 0, most = Infinity }) {
  const c = core.c;
  const begin = performance.now();
  let left = ms ? most : count;
  let piece = ms ? 1 : count;
  while (left > 0) {
    const n = Math.min(piece, left);
    core.check(c.window_sweep(beta, n));
    left -= n;
    const spent = performance.now() - begin;
    if (ms && spent >= ms) break;
    if (spent < ms / 4) piece *= 2;
  }
  busy += performance.now() - begin;
  const chains = c.window_chains();
  const rowBytes = Math.ceil(loaded.pbits / 8);
  return {
    states: core.bytes(c.window_states(), chains * rowBytes), rowBytes, chains,
    energies: core.reals(c.window_energies(), chains), hash: core.text(c.window_sha256()),
    sweeps: c.window_sweeps(), updates: c.window_updates(), busy, beta,
  };
}

/** What `glauber sample` needs: the graph's files and the schedule so far. */
function files({ graph }) {
  const c = core.c;
  const result = { schedule: [] };
  const steps = c.window_alloc(4);
  const at = c.window_schedule(steps);
  core.check(!at);
  const pairs = core.reals(at, 2 * core.ints(steps, 1)[0]);
  c.window_free(steps);
  for (let k = 0; k < pairs.length; k += 2) result.schedule.push([pairs[k], pairs[k + 1]]);
  if (graph) {
    result.graph = core.text(c.window_graph_text());
    result.bias = core.text(c.window_bias_text());
  }
  return result;
}

function read({ grey, width, height }) {
  const scores = core.c.window_alloc(64 * 8);
  const label = core.with([grey], (at) => core.c.window_read(at, width, height, scores));
  const result = { label, scores: core.reals(scores, 10) };
  core.c.window_free(scores);
  core.check(label < 0);
  return result;
}

function chip() {
  const at = core.c.window_chip();
  core.check(!at);
  return { tiles: core.ints(at, loaded.clocks * loaded.tiles * 6) };
}

const operations = { load, start, sweep, files, read, chip,
  init({ module }) {
    core = new Core(module);
    return { version: core.text(core.c.window_version()) };
  } };

self.onmessage = ({ data }) => {
  try {
    self.postMessage({ id: data.id, result: operations[data.op](data) });
  } catch (error) {
    self.postMessage({ id: data.id, error: error.message });
  }
};
