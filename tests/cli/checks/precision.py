"""Graphs with couplings and biases from 0.001 to 100, and the samples of one against its enumeration.

precision.py write NAME makes NAME.mtx and NAME.h; precision.py distance NAME FILE prints the total variation of the samples in FILE, as h5
shows them, and what chance alone gives. SPDX-License-Identifier: Apache-2.0
"""
import json
import math
import random
import sys


def wide(seed):
    """Eight p-bits; half of them are held by their biases, so that chains mix."""
    r = random.Random(seed)
    value = lambda low, high: 10 ** r.uniform(low, high) * r.choice((-1, 1))
    h = [value(1.5, 2) if i % 2 else value(-3, 0) for i in range(8)]
    return h, {(i, j): value(-3, 2 if (i | j) & 1 else 0) for i in range(8) for j in range(i + 1, 8) if r.random() < 0.5}


graphs = {
    # a chain of large couplings that a bias holds, small ones behind it
    "chain": ([100, 0, 0, 0.003, -0.8, 0.05], {(0, 1): 50, (1, 2): -30, (2, 3): 0.5, (3, 4): 0.02, (4, 5): 1.2}),
    # couplings to spins that are held, which nearly cancel
    "balance": ([100, -100, 0.01, 0.4, -0.002], {(0, 2): 70, (1, 2): 69.75, (0, 3): -20, (1, 3): -20.5, (2, 3): 0.3, (3, 4): 0.7, (2, 4): -0.004}),
    # small biases on p-bits that are coupled to others by as little
    "small": ([0.003, -0.02, 0.1, 1, -0.001], {(0, 1): 0.01, (1, 2): -0.3, (2, 3): 2.5, (3, 4): -0.002, (0, 4): 0.4}),
    "wide": wide(14),
    "wider": wide(33),
}


def energy(h, J, m):
    return -sum(a * s for a, s in zip(h, m)) - sum(w * m[i] * m[j] for (i, j), w in J.items())


def main():
    h, J = graphs[sys.argv[2]]
    n = len(h)
    if sys.argv[1] == "write":
        with open(sys.argv[2] + ".mtx", "w") as f:
            f.write(f"%%MatrixMarket matrix coordinate real symmetric\n{n} {n} {len(J)}\n")
            f.writelines(f"{j + 1} {i + 1} {w!r}\n" for (i, j), w in J.items())
        with open(sys.argv[2] + ".h", "w") as f:
            f.write(f"%%MatrixMarket matrix array real general\n{n} 1\n" + "".join(f"{v!r}\n" for v in h))
        return
    states = [[1 if k >> i & 1 else -1 for i in range(n)] for k in range(1 << n)]
    e = [energy(h, J, m) for m in states]
    p = [math.exp(min(e) - x) for x in e]
    p = [x / sum(p) for x in p]
    spins = json.load(open(sys.argv[3]))["spins"]["values"]
    count = [0] * (1 << n)
    for s in spins:
        count[s] += 1
    total = len(spins)
    noise = sum(math.sqrt(x * (1 - x) / total) for x in p) / math.sqrt(2 * math.pi)
    print(f"{sum(abs(c / total - x) for c, x in zip(count, p)) / 2:.6f} {noise:.6f}")


main()
