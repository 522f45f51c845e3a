// The hash of the states on the screen, and the command of the tool that prints the same one. SPDX-License-Identifier: Apache-2.0

/** JavaScript prints the shortest digits that give the same double back. */
const number = (x) => String(x);

export class Proof {
  #box;
  #machine;
  #job = null; // {graph, seed, clamp, convention, generate}
  #frame = null;
  #schedule = [];

  constructor(box, machine) {
    this.#box = box;
    this.#machine = machine;
    box.querySelector("[data-copy=hash]").onclick = (event) => this.#copy(event.target, this.#frame?.hash);
    box.querySelector("[data-copy=command]").onclick = async (event) => {
      await this.refresh();
      this.#copy(event.target, this.command());
    };
    box.querySelector("[data-script]").onclick = () => this.#download();
  }

  async #copy(button, text) {
    if (!text) return;
    const name = button.dataset.name ??= button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and press Ctrl+C";
    }
    setTimeout(() => { button.textContent = name; }, 1500);
  }

  /** A job begins: no states yet. */
  begin(job) {
    this.#job = job;
    this.#frame = null;
    this.#schedule = [];
    this.#show();
  }

  /** The states of a sweep; the command follows with refresh(), or now and then. */
  frame(frame) {
    this.#frame = frame;
    const last = this.#schedule.at(-1);
    const noted = this.#schedule.reduce((sum, step) => sum + step[1], 0);
    if (last && last[0] === frame.beta) last[1] += frame.sweeps - noted;
    else this.#schedule.push([frame.beta, frame.sweeps - noted]);
    this.#show();
  }

  /** The schedule as the core has it. */
  async refresh() {
    if (!this.#frame) return;
    this.#schedule = (await this.#machine.ask("files", { graph: false })).schedule;
    this.#show();
  }

  get hash() {
    return this.#frame?.hash ?? "";
  }

  command() {
    const job = this.#job;
    if (!job || !this.#frame) return "";
    const words = [];
    if (job.generate) {
      const { family, args, seed } = job.generate;
      words.push(`glauber graph ${family} ${args} --seed ${seed} -o ${job.graph}.mtx &&`);
    }
    words.push(`glauber sample ${job.graph}.mtx`);
    if (job.bias) words.push(`--bias ${job.graph}-bias.mtx`);
    if (job.convention !== "boltzmann") words.push(`--convention ${job.convention}`);
    if (job.clamp) words.push("--clamp held.txt");
    if (this.#schedule.length === 1) words.push(`--beta ${number(this.#schedule[0][0])}`);
    else words.push("--schedule betas.txt");
    words.push(`--burn-in ${this.#frame.sweeps - 1} --samples 1 --seed ${job.seed} --effort 0 --precision fast`);
    return words.join(" ");
  }

  /** A shell script that writes the job's files and runs the command. */
  async script() {
    await this.refresh();
    const job = this.#job;
    const { graph, bias } = await this.#machine.ask("files", { graph: !job.generate });
    const files = [];
    if (graph) files.push([`${job.graph}.mtx`, graph]);
    if (graph && bias) files.push([`${job.graph}-bias.mtx`, bias]);
    if (job.clamp) {
      const lines = [];
      job.clamp.forEach((value, k) => value && lines.push(`${k + 1} ${value}`));
      files.push(["held.txt", lines.join("\n") + "\n"]);
    }
    if (this.#schedule.length > 1) {
      files.push(["betas.txt", this.#schedule.map(([beta, sweeps]) => `${number(beta)} ${sweeps}\n`).join("")]);
    }
    const parts = files.map(([name, text]) => `cat >${name} <<'END_OF_FILE'\n${text}END_OF_FILE\n`);
    return `#!/bin/sh\n# states     sha256 ${this.hash}\nset -e\n${parts.join("")}${this.command()}\n`;
  }

  async #download() {
    if (!this.#frame) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await this.script()], { type: "text/x-shellscript" }));
    link.download = "glauber-job.sh";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  #show() {
    const hash = this.#box.querySelector("[data-hash]");
    hash.textContent = this.hash ? `${this.hash.slice(0, 8)} ${this.hash.slice(8, 16)} …` : "–";
    hash.title = this.hash;
    hash.dataset.full = this.hash;
    const words = this.command().split(" ").map((word) => Object.assign(document.createElement("span"), { textContent: word }));
    this.#box.querySelector("[data-command]").replaceChildren(...words.flatMap((word, k) => (k ? [" ", word] : [word])));
  }
}
