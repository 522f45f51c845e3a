// libglauber's core in WebAssembly: loads it, passes texts and arrays in and out. SPDX-License-Identifier: Apache-2.0

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What the library asks of its surroundings: a clock, and nothing else. */
function surroundings(memory) {
  const none = () => 0;
  return {
    wasi_snapshot_preview1: {
      clock_time_get(id, precision, at) {
        new DataView(memory().buffer).setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true);
        return 0;
      },
      environ_sizes_get(count, size) {
        const view = new DataView(memory().buffer);
        view.setUint32(count, 0, true);
        view.setUint32(size, 0, true);
        return 0;
      },
      environ_get: none,
      proc_exit(status) {
        throw new Error(`the core has ended with status ${status}`);
      },
      fd_write: none, fd_close: none, fd_seek: none, fd_read: none,
    },
    env: { emscripten_notify_memory_growth: none, __call_sighandler: none },
  };
}

export class Core {
  /** From a compiled module. */
  constructor(module) {
    const imports = surroundings(() => this.c.memory);
    this.c = new WebAssembly.Instance(module, imports).exports;
    this.c._initialize();
  }

  /** The text at a pointer; null for none. */
  text(at) {
    if (!at) return null;
    const bytes = new Uint8Array(this.c.memory.buffer);
    let end = at;
    while (bytes[end]) end++;
    return decoder.decode(bytes.subarray(at, end));
  }

  bytes(at, count) {
    return new Uint8Array(this.c.memory.buffer).slice(at, at + count);
  }

  reals(at, count) {
    return new Float64Array(this.c.memory.buffer, at, count).slice();
  }

  ints(at, count) {
    return new Int32Array(this.c.memory.buffer, at, count).slice();
  }

  /** Calls fn with texts and byte arrays as pointers, which live during the call. */
  with(values, fn) {
    const at = values.map((value) => {
      if (value === null) return 0;
      const bytes = typeof value === "string" ? encoder.encode(value + "\0") : value;
      const to = this.c.window_alloc(bytes.length + 1);
      new Uint8Array(this.c.memory.buffer, to, bytes.length).set(bytes);
      return to;
    });
    try {
      return fn(...at);
    } finally {
      at.forEach((to) => this.c.window_free(to));
    }
  }

  /** Throws the library's words for an error. */
  check(failed) {
    if (failed) throw new Error(this.text(this.c.window_error()));
  }
}
