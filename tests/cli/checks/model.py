"""A second computation of what `glauber train` and `glauber eval` write, from the images and the weights of a model file.
SPDX-License-Identifier: Apache-2.0

model.py train MODEL.json DATA LOG JSON: the model file (as h5json prints it), the training's report and its JSON line.
model.py eval MODEL.json DATA JSON PART FIRST IMAGES: the exact accuracy.
"""
import json
import math
import sys

HIDDEN, FAN, BATCH, CLASSES, PIXELS, BOARDS, SEED = 20, 12, 64, 10, 784, 4, 5
PBITS, EDGES = PIXELS + HIDDEN + CLASSES, HIDDEN * (FAN + CLASSES)

model = json.load(open(sys.argv[2]))
data = sys.argv[3]


def images(part, first=0, count=None):
    pixels = open(f"{data}/{part}-images-idx3-ubyte", "rb").read()[16:]
    labels = open(f"{data}/{part}-labels-idx1-ubyte", "rb").read()[8:]
    count = len(labels) - first if count is None else count
    return [([1 if v > 127 else -1 for v in pixels[k * PIXELS:(k + 1) * PIXELS]], labels[k]) for k in range(first, first + count)]


def same(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got} instead of {want}")


def close(what, got, want, most=1e-6):
    if not abs(got - want) <= most:
        sys.exit(f"{what}: {got} instead of {want}")


def values(name, count):
    same(f"shape of {name}", model[name]["shape"], [count])
    return model[name]["values"]


def check_model(steps, j):
    """The file: what is known of the options, the graph, means, and weights against each other."""
    known = {"format": "glauber-model", "version": 2, "topology": f"local:hidden={HIDDEN},fan={FAN},window=5", "topology_seed": SEED,
             "width": 28, "height": 28, "pbits": PBITS, "couplings": EDGES, "weight_max": 127, "weight_bits": 8, "readout_beta": 0.75,
             "binarise_kind": 0, "binarise_threshold": 127, "array": "small", "images": 1280, "epochs": steps * BATCH / 1280,
             "seed": SEED, "layers": 3, "generative": 0}
    of_json = {"command": "command", "revision": "revision", "device": "device", "flips": "flips", "seconds": "seconds",
               "training_accuracy": "training_accuracy"}
    for name, want in known.items():
        same(name, model["@" + name], want)
    for name, key in of_json.items():
        same(name, model["@" + name], j[key])
    arrays = ["layer_kind", "layer_pbits", "edge_i", "edge_j", "weight", "bias", "master", "mu"]
    same("items", {*model}, {"@" + k for k in (*known, *of_json, "field_lsb")} | {*arrays})
    same("layers", (values("layer_kind", 3), values("layer_pbits", 3)), ([0, 1, 3], [PIXELS, HIDDEN, CLASSES]))
    edges = list(zip(values("edge_i", EDGES), values("edge_j", EDGES)))
    same("order of edges", edges, sorted(set(edges)))
    pixels = [(a, b) for a, b in edges if a < PIXELS]
    for h in range(PIXELS, PIXELS + HIDDEN):
        mine = [a for a, b in pixels if b == h]
        same("fan", len(mine), FAN)
        for side in ([a % 28 for a in mine], [a // 28 for a in mine]):
            same("window", max(side) - min(side) < 5, True)
    same("labels", {*edges} - {*pixels}, {(h, PIXELS + HIDDEN + k) for h in range(PIXELS, PIXELS + HIDDEN) for k in range(CLASSES)})
    mu, master, weight, bias, u = values("mu", PBITS), values("master", EDGES + PBITS), values("weight", EDGES), values("bias", PBITS), model["@field_lsb"]
    on = [0] * PIXELS
    for row, _ in images("train"):
        on = [n + (v > 0) for n, v in zip(on, row)]
    for p in range(PBITS):
        close("mu", mu[p], 2 * (on[p] + 1) / (1280 + 2) - 1 if p < PIXELS else 0 if p < PIXELS + HIDDEN else 2 / CLASSES - 1)
    same("weights", weight, [max(-127, min(127, round(2 * w / u))) for w in master[:EDGES]])
    centred = master[EDGES:]
    for w, (a, b) in zip(weight, edges):
        centred[a] -= w * u / 2 * mu[b]
        centred[b] -= w * u / 2 * mu[a]
    for got, want in zip(bias, centred):
        close("bias", got, want)


def check_train(log, j):
    text = open(log).read().split("\n")
    shares = [line.split(": ")[1].split()[0] for line in text if line.startswith("epoch")]
    clocks = int(next(line for line in text if "clocks a sweep" in line).split(", ")[1].split()[0])
    steps = len(shares)  # fewer than 20, so a line each
    sweeps = steps * (3 + 6 + 3 + 6)  # positive and negative, both with the same noise
    known = {"model": "m.h5", "topology": model["@topology"], "pbits": PBITS, "couplings": EDGES, "layers": 3, "weight_bits": 8,
             "images": 1280, "epochs": 0.3, "batch": BATCH, "seed": SEED, "flips": sweeps * BATCH * (HIDDEN + CLASSES),
             "cycles": sweeps * clocks * BOARDS, "saturated": sum(abs(w) == 127 for w in model["weight"]["values"]),
             "device_sums": 0, "host_sums": EDGES + HIDDEN + CLASSES}
    for key, want in known.items():
        same(key, j[key], want)
    times = {"device_seconds", "seconds", "processor_seconds"}
    same("keys", {*j}, {*known, *times, "training_accuracy", "device", "command", "revision", "version"})
    same("steps", steps, 6)
    for k, line in enumerate(l for l in text if l.startswith("epoch")):
        same("epoch", line.startswith(f"epoch {(k + 1) * BATCH / 1280:6.2f} of 0.3: "), True)
        same("updates", f", {j['flips'] * (k + 1) / steps:.3g} p-bit updates, " in line, True)
    same("start", f"1280 images, 0.3 epochs, batches of {BATCH} on {j['device']}" in text, True)
    end = f"m.h5: {j['flips']:.3g} p-bit updates in {j['seconds']:.1f} s; {j['device_seconds']:.0f} s on an array of 25 MHz"
    same("end", end in text, True)
    close("training accuracy", j["training_accuracy"], float(shares[-1]) / 100, 5e-5)
    # images whose labels tie count in part
    same("a share of the batch", round(j["training_accuracy"] * BATCH * 2520, 6) % 1, 0)
    same("accuracy", 0 < j["training_accuracy"] < 0.9, True)
    close("device_seconds", j["device_seconds"], j["cycles"] / 25e6, 1e-12)
    same("times", 0 < j["seconds"] < 60 and 0 < j["processor_seconds"] < 60, True)
    same("device", j["device"].startswith(f"emu small, {BOARDS} boards"), True)
    check_model(steps, j)


def check_eval(j, part, first, count):
    """The label with the least free energy, hidden p-bits summed over exactly."""
    edges = list(zip(model["edge_i"]["values"], model["edge_j"]["values"]))
    J = [w * model["@field_lsb"] / 2 for w in model["weight"]["values"]]
    h = model["bias"]["values"]
    right = 0
    for pixels, label in images(part, first, count):
        best = None
        for k in range(CLASSES):
            state = pixels + [0] * HIDDEN + [1 if c == k else -1 for c in range(CLASSES)]
            field = h[PIXELS:PIXELS + HIDDEN]
            for w, (a, b) in zip(J, edges):
                field[(a if b >= PIXELS + HIDDEN else b) - PIXELS] += w * state[b if b >= PIXELS + HIDDEN else a]
            score = sum(math.log(2 * math.cosh(f)) for f in field) + sum(h[PIXELS + HIDDEN + c] * state[PIXELS + HIDDEN + c] for c in range(CLASSES))
            best = max(best or (score, k), (score, k))
        right += best[1] == label
    same("images", j["images"], count)
    close("exact accuracy", j["accuracy_free_energy"], right / count, 1e-9)
    print(f"# {right} of {count}")


if sys.argv[1] == "train":
    check_train(sys.argv[4], json.loads(open(sys.argv[5]).read().strip().split("\n")[-1]))
else:
    check_eval(json.loads(open(sys.argv[4]).read().strip().split("\n")[-1]), sys.argv[5], int(sys.argv[6]), int(sys.argv[7]))
