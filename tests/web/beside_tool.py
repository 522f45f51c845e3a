"""The tool beside the page: its hashes, its labels, and TAP lines. SPDX-License-Identifier: Apache-2.0"""

import json
import os
import subprocess
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("BUILD", "build")
GLAUBER = os.environ.get("GLAUBER", os.path.join(ROOT, BUILD, "glauber"))
failures = []


def test(name):
    """Runs the function at once; an exception is a failure."""

    def run(function):
        try:
            function()
            print(f"ok - {name}", flush=True)
        except Exception:
            failures.append(name)
            print("".join("# " + line for line in traceback.format_exc().splitlines(True)))
            print(f"not ok - {name}", flush=True)

    return run


def tool(*arguments, folder=None):
    return subprocess.run([GLAUBER, *arguments], cwd=folder, capture_output=True, text=True)


def tool_hash(*arguments):
    run = tool("sample", *arguments, "--json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])["states_sha256"]


def run_script(script):
    """The hash that a downloaded script's command prints."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "job.sh"), "w") as out:
            out.write(script)
        path = {**os.environ, "PATH": os.path.dirname(GLAUBER) + ":" + os.environ["PATH"]}
        run = subprocess.run(["sh", "job.sh"], cwd=folder, env=path, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        lines = [line.split() for line in run.stdout.splitlines() if line.startswith("states ")]
        assert len(lines) == 1 and lines[0][1] == "sha256", run.stdout
        return lines[0][2]


def as_the_tool(folder, grey, label):
    """`glauber eval` finds the label right that the page has read."""
    images, labels = os.path.join(folder, "one-images"), os.path.join(folder, "one-labels")
    with open(images, "wb") as out:
        out.write(bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28, *grey]))
    with open(labels, "wb") as out:
        out.write(bytes([0, 0, 8, 1, 0, 0, 0, 1, label]))
    run = tool("eval", os.path.join(ROOT, "models/default.h5"), "--data", f"{images},{labels}", "--batch", "16", "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1])["accuracy"] == 1


GRAPHS = (  # family, arguments, beta, array ("": chosen), sweeps
    ("torus2d", "lx=12", 0.6, "", 60),
    ("regular", "n=200,d=5,weights=gauss,bias=gauss", 0.8, "", 60),
    ("pegasus", "m=4", 1.0, "", 60),
    ("complete", "n=40,weights=uniform", 0.3, "", 60),
    ("gset", "name=G14", 1.5, "", 60),
    ("torus2d", "lx=6,weights=gauss", 0.9, "tiny4", 400),
    ("random", "n=20,m=40", 0.7, "tiny", 400),
    ("torus2d", "lx=4,bias=pm1", 0.5, "tiny1", 400),
)


def jobs(k):
    """Seeds and chains of graph k: blocks of every size that the kernel knows."""
    return [(seed, 16 << (k + at) % 6) for at, seed in enumerate(("1", "2", "18446744073709551615"))]


def compare_jobs(b, graph):
    """A graph's jobs on the page's machine and in the tool."""
    family, args, beta, array, sweeps = GRAPHS[graph]
    hashes = b.run("""
        const [family, graphArgs, beta, array, sweeps, jobs] = args;
        const m = new glauber.Machine();
        await m.ask('load', {generate: {family, args: graphArgs, seed: 3}, array});
        const hashes = [];
        for (const [seed, chains] of jobs) {
          await m.ask('start', {seed, chains});
          hashes.push((await m.ask('sweep', {beta, count: sweeps})).hash);
        }
        m.close();
        return hashes;""", family, args, beta, array, sweeps, jobs(graph))
    with tempfile.TemporaryDirectory() as folder:
        path, bias = os.path.join(folder, "g.mtx"), os.path.join(folder, "bias.mtx")
        biased = ["--bias", bias] if "bias=" in args else []
        made = tool("graph", family, args, "--seed", "3", "-o", path, *biased)
        assert made.returncode == 0, made.stderr
        options = [path, "--beta", str(beta), "--burn-in", str(sweeps - 1), "--samples", "1", "--effort", "0", *biased]
        options += ["--convention", "maxcut"] if family in ("gset", "random") else []
        options += ["--array", array] if array else []
        for (seed, chains), shown in zip(jobs(graph), hashes):
            assert tool_hash(*options, "--seed", seed, "--chains", str(chains)) == shown, (family, seed, chains)
