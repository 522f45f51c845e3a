# SPDX-License-Identifier: Apache-2.0
"""What the peer drivers share: options, MatrixMarket reading, exact enumeration, the JSON line.

Energies are E = -sum_{i<j} J_ij m_i m_j - sum_i h_i m_i, m in {-1,+1}, as everywhere in this repository.
"""
import argparse
import json
import math
import os

import numpy as np


class Graph:
    def __init__(self, name, n, i, j, J, h):
        self.name, self.n, self.i, self.j, self.J, self.h = name, n, i, j, J, h

    def energy(self, spins):
        """Energies of spins[chains, n] in {-1,+1}."""
        s = np.asarray(spins, dtype=np.int8)
        e = -(s.astype(np.float64) @ self.h)
        for at in range(0, len(self.J), 4096):  # blocks: a chains x couplings table would be large
            b = slice(at, at + 4096)
            e -= (s[:, self.i[b]] * s[:, self.j[b]]).astype(np.float64) @ self.J[b]
        return e


def read_mtx(path):
    with open(path) as f:
        head = f.readline().lower().split()
        if head[:3] != ["%%matrixmarket", "matrix", "coordinate"] or head[4] != "symmetric":
            raise SystemExit(f"{path}: not a symmetric coordinate MatrixMarket file")
        line = f.readline()
        while line.startswith("%"):
            line = f.readline()
        n, _, m = (int(x) for x in line.split())
        pattern = head[3] == "pattern"
        data = np.loadtxt(f, ndmin=2)
    if data.shape != (m, 2 if pattern else 3):
        raise SystemExit(f"{path}: {m} entries announced, table of {data.shape} found")
    i, j = data[:, 1].astype(int) - 1, data[:, 0].astype(int) - 1  # lower triangle: row > column
    J = np.ones(m) if pattern else data[:, 2]
    bias = path[:-4] + ".bias.mtx"
    return Graph(os.path.basename(path).rsplit(".", 1)[0], n, i, j, J, read_bias(bias, n))


def read_bias(path, n):
    """The biases beside a graph, 0 if there is no such file."""
    if not os.path.exists(path):
        return np.zeros(n)
    with open(path) as f:
        values = [x for line in f if not line.startswith("%") for x in line.split()]
    if values[:2] != [str(n), "1"] or len(values) != n + 2:
        raise SystemExit(f"{path}: not a MatrixMarket array of {n} biases")
    return np.array(values[2:], dtype=float)


def write_mtx(g, path):
    """The couplings, and the biases beside them."""
    with open(path, "w") as f:
        f.write(f"%%MatrixMarket matrix coordinate real symmetric\n{g.n} {g.n} {len(g.J)}\n")
        for i, j, J in zip(g.i, g.j, g.J):
            f.write(f"{max(i, j) + 1} {min(i, j) + 1} {float(J)!r}\n")
    with open(path[:-4] + ".bias.mtx", "w") as f:
        f.write(f"%%MatrixMarket matrix array real general\n{g.n} 1\n")
        f.writelines(f"{float(h)!r}\n" for h in g.h)


def check_graph():
    """A fixed frustrated graph of 12 p-bits with biases, small enough to enumerate."""
    rng = np.random.Generator(np.random.PCG64(12))
    i, j = (x for x in np.triu_indices(12, 1))
    keep = rng.random(len(i)) < 0.45
    i, j = i[keep], j[keep]
    return Graph("check12", 12, i, j, rng.normal(0, 0.7, len(i)), rng.normal(0, 0.5, 12))


def exact_mean_energy(g, beta):
    states = np.arange(1 << g.n)
    e = g.energy(((states[:, None] >> np.arange(g.n)) & 1) * 2 - 1)
    w = np.exp(-beta * (e - e.min()))
    return float((w * e).sum() / w.sum())


def check(system, sample):
    """Fails unless the mean energy of independent chains is within 4 sigma of enumeration at three beta."""
    g = check_graph()
    for beta in (0.3, 0.7, 1.2):
        e = g.energy(sample(g, 20000, 200, beta))
        exact = exact_mean_energy(g, beta)
        sigma = (e.mean() - exact) / (e.std(ddof=1) / math.sqrt(len(e)))
        print(f"{system}: beta {beta}: mean energy {e.mean():.4f}, exact {exact:.4f}, "
              f"{sigma:+.2f} sigma")
        if abs(sigma) > 4:
            raise SystemExit(f"{system}: mean energy off by {sigma:.1f} sigma")


def options(description):
    p = argparse.ArgumentParser(description=description)
    p.add_argument("graph", nargs="?", help="MatrixMarket file (symmetric)")
    p.add_argument("--chains", type=int, default=16)
    p.add_argument("--sweeps", type=int, default=100)
    p.add_argument("--beta", type=float, default=1.0)
    p.add_argument("--threads", type=int, default=1, help="0: all cores")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--repeat", type=int, default=3, help="the fastest of this many runs counts")
    p.add_argument("--check", action="store_true", help="compare with enumeration and exit")
    o = p.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    o.threads = o.threads or len(cores)
    os.sched_setaffinity(0, cores[:o.threads])
    if not o.check and not o.graph:
        p.error("a graph file is needed")
    return o


def report(system, version, g, o, seconds, energies):
    flips = g.n * o.chains * o.sweeps
    print(json.dumps({
        "system": system, "version": version, "graph": g.name, "pbits": g.n,
        "couplings": len(g.J), "chains": o.chains, "sweeps": o.sweeps, "beta": o.beta,
        "threads": o.threads, "flips": flips, "seconds": round(seconds, 6),
        "flips_per_ns": float(f"{flips / seconds * 1e-9:.4g}"),
        "mean_energy": float(energies.mean()), "best_energy": float(energies.min())}))
