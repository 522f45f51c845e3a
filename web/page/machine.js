// A machine in a worker of its own, as promises. SPDX-License-Identifier: Apache-2.0

let module; // the compiled core, shared by all workers

async function fetched(url) {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error(`${url} cannot be loaded (${reply.status}); copy the whole folder that make web builds`);
  return reply.arrayBuffer();
}

function compiled() {
  module ??= fetched("glauber.wasm").then((bytes) => WebAssembly.compile(bytes));
  return module;
}

const models = new Map();

/** A trained machine's file, fetched once. */
export function modelFile(name) {
  if (!models.has(name)) models.set(name, fetched(`${name}.glbm`).then((bytes) => new Uint8Array(bytes)));
  return models.get(name);
}

export class Machine {
  #worker = new Worker("worker.js", { type: "module" });
  #waiting = new Map();
  #next = 0;

  constructor() {
    this.#worker.onmessage = ({ data }) => {
      const { resolve, reject } = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error !== undefined) reject(new Error(data.error));
      else resolve(data.result);
    };
    this.#worker.onerror = (event) => {
      const error = new Error(event.message || "the worker cannot be started");
      this.#waiting.forEach(({ reject }) => reject(error));
      this.#waiting.clear();
    };
    this.ready = compiled().then((compiledModule) => this.#send("init", { module: compiledModule }));
  }

  #send(op, values) {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, op, ...values });
    });
  }

  async ask(op, values = {}) {
    await this.ready;
    return this.#send(op, values);
  }

  close() {
    this.#worker.terminate();
  }
}
