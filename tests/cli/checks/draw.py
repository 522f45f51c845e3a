"""A second computation of what `glauber draw` says and shows: the judge's reading of a picture, and the picture of weights.
SPDX-License-Identifier: Apache-2.0

draw.py judge PNG DATA JSON: three drawn digits a class before the training images; every key of the JSON line.
draw.py weights PNG MODEL.json: the couplings of a hidden unit a tile, three times ten of them.
draw.py numbers PNG: the rows have the numbers 0 to 9 before them.
draw.py grey PNG LEAST MOST: the share of pixels that are neither black nor white.
draw.py tiles PNG COLUMNS SCALE OTHER: pixel for pixel the tiles of OTHER, which has three columns and scale 3.
"""
import json
import sys

from picture import CLASSES, COLUMNS, SCALE, SIDE, body, pixels, tile

DIGITS = ["### #.# #.# #.# ###", ".#. ##. .#. .#. ###", "### ..# ### #.. ###", "### ..# ### ..# ###", "#.# #.# ### ..# ..#", "### #.. ### ..# ###",
          "### #.. ### #.# ###", "### ..# ..# .#. .#.", "### #.# ### #.# ###", "### #.# ### ..# ###"]
MASK = sum(1 << k for k in range(SIDE))


def bits(image):
    """Rows of 28 bits of an image of 784 grey values."""
    return [sum((image[y * SIDE + x] > 127) << x for x in range(SIDE)) for y in range(SIDE)]


def flat(rows):
    return sum(row << SIDE * y for y, row in enumerate(rows))


def differing(a, b):
    return bin(a ^ b).count("1")


def moved(rows, dx, dy):
    out = []
    for y in range(SIDE):
        row = rows[y - dy] if 0 <= y - dy < SIDE else 0
        out.append((row >> 1 if dx < 0 else row << 1 if dx > 0 else row) & MASK)
    return flat(out)


def load(folder, part):
    images = open(f"{folder}/{part}-images-idx3-ubyte", "rb").read()[16:]
    labels = open(f"{folder}/{part}-labels-idx1-ubyte", "rb").read()[8:]
    return [bits(images[k * SIDE * SIDE:(k + 1) * SIDE * SIDE]) for k in range(len(labels))], labels


def read(rows, train, labels):
    """(label, distance): of the 48 nearest, the three that are nearest at the best of nine places vote."""
    one = flat(rows)
    near = sorted((differing(one, t), k) for k, t in enumerate(train))[:48]
    places = [moved(rows, dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    best = sorted((min(differing(p, train[k]) for p in places), at, k) for at, (_, k) in enumerate(near))[:3]
    votes = [labels[k] for _, _, k in best]
    return max(votes, key=lambda v: (votes.count(v), -votes.index(v))), near[0][0]


def mean(values):
    return sum(values) / len(values)


def apart(images):
    flats = [flat(i) for i in images]
    return [min(differing(a, b) for j, b in enumerate(flats) if i != j) for i, a in enumerate(flats)]


def grid(path):
    rows = body(pixels(path))
    return [tile(rows, k, c) for k in range(CLASSES) for c in range(COLUMNS)]


def judge(picture, folder, line):
    j = json.loads(open(line).read().strip().split("\n")[-1])
    train, labels = load(folder, "train")
    test, true = load(folder, "t10k")
    train = [flat(t) for t in train]
    drawn = [bits(b"".join(t)) for t in grid(picture)]
    verdicts = [read(d, train, labels) for d in drawn]
    right = [v == i // COLUMNS for i, (v, _) in enumerate(verdicts)]
    by_class = [mean(right[k * COLUMNS:(k + 1) * COLUMNS]) for k in range(CLASSES)]
    tested = [read(t, train, labels) for t in test]
    wants = {"agreement": mean(right), "worst_class": min(by_class), "judge_accuracy": mean([v == t for (v, _), t in zip(tested, true)]),
             "drawn_to_train": mean([d for _, d in verdicts]), "test_to_train": mean([d for _, d in tested]),
             "drawn_apart": mean(apart(drawn)), "test_apart": mean(apart(test[:len(drawn)])),
             "copies": sum(d == 0 or a == 0 for (_, d), a in zip(verdicts, apart(drawn)))}
    for key, want in wants.items():
        assert abs(j[key] - want) < 1e-9, (key, j[key], want)
    assert all(abs(a - b) < 1e-9 for a, b in zip(j["agreement_by_class"], by_class)), by_class
    known = {"model": "d.h5", "output": picture, "pbits": 844, "couplings": 1500, "layers": 3, "weight_bits": 8, "images": 30, "sweeps": 200, "seed": 1,
             "flips": 200 * 32 * (784 + 50)}  # two boards of 16 chains; the labels are clamped
    assert all(j[k] == v for k, v in known.items()), {k: (j[k], v) for k, v in known.items() if j[k] != v}
    clocks = j["device_seconds"] * 50e6 / 200 / 2
    assert abs(clocks - round(clocks)) < 1e-6 and 784 * 16 / 16 / 2 < clocks < 3000, clocks
    text = open(line).read()
    width, height = (COLUMNS * (SIDE + 1) + 1) * SCALE + 5 * 3 * SCALE, (CLASSES * (SIDE + 1) + 1) * SCALE
    for shown in (f"{picture}: {CLASSES} x {COLUMNS} pictures, {width} x {height} pixels\n",
                  f"({100 * wants['judge_accuracy']:.2f} % of the test images right) read {100 * wants['agreement']:.1f} % of 30 drawn digits",
                  "by class:" + "".join(f"  {k}: {100 * v:.0f} %" for k, v in enumerate(by_class)) + "\n",
                  f"drawn {wants['drawn_to_train']:.1f}, test images {wants['test_to_train']:.1f}; to the nearest of the same set: drawn "
                  f"{wants['drawn_apart']:.1f}, as many test images {wants['test_apart']:.1f}; copies: {wants['copies']}\n"):
        assert shown in text, shown
    assert j["command"].startswith("glauber train") and j["revision"]
    assert {*j} == {*known, *wants, "agreement_by_class", "device_seconds", "command", "revision"}, {*j}


def weights(picture, file):
    m = json.load(open(file))
    hidden = m["layer_pbits"]["values"][1]
    couplings = [c for c in zip(m["edge_i"]["values"], m["edge_j"]["values"], m["weight"]["values"]) if c[0] < SIDE * SIDE]
    most = max(abs(w) for _, _, w in couplings)
    tiles = grid(picture)
    for k, shown in enumerate(tiles):
        want = [128] * SIDE * SIDE
        for p, h, w in couplings:
            if h - SIDE * SIDE == k * hidden // len(tiles):
                want[p] = int(128 + 127 * w / most + 0.5)
        assert list(b"".join(shown)) == want, k


if sys.argv[1] == "judge":
    judge(*sys.argv[2:])
elif sys.argv[1] == "weights":
    weights(*sys.argv[2:])
elif sys.argv[1] == "numbers":
    rows = pixels(sys.argv[2])
    dot, margin = 3 * SCALE, len(rows[0]) - len(body(rows)[0])
    for k, shape in enumerate(DIGITS):
        top = (k * (SIDE + 1) + 1) * SCALE + (SIDE * SCALE - 5 * dot) // 2
        seen = ["".join("#" if rows[top + y * dot + 4][dot + x * dot + 4] == 255 else "." for x in range(3)) for y in range(5)]
        assert seen == shape.split(), (k, seen)
    assert margin == 5 * dot and {v for r in rows for v in r[:margin]} == {96, 255}
elif sys.argv[1] == "grey":
    all_pixels = b"".join(b"".join(t) for t in grid(sys.argv[2]))
    share = mean([0 < v < 255 for v in all_pixels])
    assert float(sys.argv[3]) <= share <= float(sys.argv[4]), share
else:
    columns, scale = map(int, sys.argv[3:5])
    rows, other = pixels(sys.argv[2]), grid(sys.argv[5])
    assert len(rows[0]) == (columns * 29 + 1) * scale + 5 * 3 * scale
    rows = body(rows, columns, scale)
    assert (len(rows), len(rows[0])) == ((10 * 29 + 1) * scale, (columns * 29 + 1) * scale)
    gaps = {r[x] for y, r in enumerate(rows) for x in range(len(r)) if y // scale % 29 == 0 or x // scale % 29 == 0}
    assert len(gaps) == 1 and 32 < min(gaps) < 224, gaps
    for k in range(CLASSES):
        for c in range(columns):
            whole = [r[(1 + c * 29) * scale:(c + 1) * 29 * scale] for r in rows[(1 + k * 29) * scale:(k + 1) * 29 * scale]]
            assert all(whole[y][x] == other[k * COLUMNS + c][y // scale][x // scale] for y in range(28 * scale) for x in range(28 * scale)), (k, c)
