"""Writes the images of an IDX pair in other forms, and looks at what `glauber predict` makes of them. SPDX-License-Identifier: Apache-2.0

images.py npy DIR PART FOLDER TYPE: DIR's part as FOLDER/PART-images.npy and -labels.npy; TYPE: bytes, shorts, unit, sixteen, flat.
images.py png DIR PART FOLDER KIND: as FOLDER/CLASS/NUMBER.png; KIND: grey, rgb, alpha, bits.
images.py one DIR PART NUMBER FILE [SCALE] [invert]: one of them as a picture, each pixel SCALE wide and high.
images.py seen DIR PART COLUMNS SCALE FILE: FILE is the picture of all of them, black and white above 127.
images.py odd FILE: a picture of 30 x 17 pixels. images.py shrunk SIDE FILE: FILE is that, scaled to SIDE x SIDE, black and white.
images.py judged EVAL PREDICT DIR PART: eval's accuracy is that of the labels of predict, which are the likeliest ones.
"""
import json
import os
import struct
import sys
import zlib

from picture import pixels


def load(folder, part):
    data = open(f"{folder}/{part}-images-idx3-ubyte", "rb").read()
    count, height, width = struct.unpack(">III", data[4:16])
    labels = open(f"{folder}/{part}-labels-idx1-ubyte", "rb").read()[8:]
    size = height * width
    return height, width, [data[16 + k * size : 16 + (k + 1) * size] for k in range(count)], labels


def array(path, kind, shape, data):
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape!r}, }}\n".encode()
    with open(path, "wb") as f:
        f.write(b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + data)


def arrays(source, part, folder, kind):
    height, width, images, labels = load(source, part)
    os.makedirs(folder, exist_ok=True)
    every, shape = b"".join(images), (len(images), height, width)
    forms = {"bytes": ("|u1", shape, every), "shorts": (">i2", (*shape, 1), struct.pack(f">{len(every)}h", *every)),
             "unit": ("<f4", shape, struct.pack(f"<{len(every)}f", *(v / 255 for v in every))),
             "sixteen": ("<f8", shape, struct.pack(f"<{len(every)}d", *(v / 255 * 16 for v in every))),
             "flat": ("|u1", (len(images), height * width), every)}
    array(f"{folder}/{part}-images.npy", *forms[kind])
    array(f"{folder}/{part}-labels.npy", "<i8", (len(labels),), struct.pack(f"<{len(labels)}q", *labels))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture(path, rows, kind="grey"):
    depth, colour = {"grey": (8, 0), "rgb": (8, 2), "alpha": (8, 4), "bits": (1, 0)}[kind]

    def packed(row):
        if kind == "bits":
            text = "".join("1" if v > 127 else "0" for v in row)
            return int(text.ljust(-(-len(row) // 8) * 8, "0"), 2).to_bytes(-(-len(row) // 8), "big")
        each = {"grey": lambda v: (v,), "rgb": lambda v: (v, v, v), "alpha": lambda v: (255, v)}[kind]
        return bytes(b for v in row for b in each(v))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), depth, colour, 0, 0, 0)
    raw = b"".join(b"\0" + packed(row) for row in rows)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def cut(image, height, width):
    return [image[y * width : (y + 1) * width] for y in range(height)]


def folder_of(source, part, folder, kind):
    height, width, images, labels = load(source, part)
    for k, (image, label) in enumerate(zip(images, labels)):
        place = f"{folder}/{chr(ord('a') + label)}"
        os.makedirs(place, exist_ok=True)
        picture(f"{place}/{k:05d}.png", cut(image, height, width), kind)


def one(source, part, number, file, scale="1", inverted=""):
    height, width, images, _ = load(source, part)
    rows = cut(images[int(number)], height, width)
    if inverted:
        rows = [bytes(255 - v for v in row) for row in rows]
    s = int(scale)
    picture(file, [bytes(row[x // s] for x in range(width * s)) for row in rows for _ in range(s)])


def seen(source, part, columns, scale, file):
    height, width, images, _ = load(source, part)
    s, columns, shown = int(scale), int(columns), pixels(file)
    for k, image in enumerate(images):
        top, left = (1 + k // columns * (height + 1)) * s, (1 + k % columns * (width + 1)) * s
        for y in range(height * s):
            want = bytes(255 if image[y // s * width + x // s] > 127 else 0 for x in range(width * s))
            assert shown[top + y][left : left + width * s] == want, (k, y)


ODD = [bytes((x * x * 7 + y * y * 13 + 5 * x * y) % 256 for x in range(30)) for y in range(17)]


def odd(file):
    picture(file, ODD)


def shrunk(side, file):
    """The mean of the part of ODD that each of side x side pixels covers, exactly."""
    side, shown = int(side), pixels(file)
    height, width = len(ODD), len(ODD[0])
    for y in range(side):
        for x in range(side):
            total = 0
            for v in range(height):
                for u in range(width):
                    high = min((v + 1) * side, (y + 1) * height) - max(v * side, y * height)
                    wide = min((u + 1) * side, (x + 1) * width) - max(u * side, x * width)
                    total += max(high, 0) * max(wide, 0) * ODD[v][u]
            grey = (2 * total + height * width) // (2 * height * width)
            assert shown[3 + 3 * y][3 + 3 * x] == (255 if grey > 127 else 0), (y, x, grey)


def judged(evaluated, predicted, source, part):
    e, p = (json.loads(open(f).read().strip().split("\n")[-1]) for f in (evaluated, predicted))
    _, _, images, labels = load(source, part)
    assert len(p["labels"]) == len(p["probabilities"]) == sum(p["images"]) == len(images)
    assert abs(sum(a == b for a, b in zip(p["labels"], labels)) / len(labels) - e["accuracy"]) < 1e-12
    for row, label in zip(p["probabilities"], p["labels"]):
        assert abs(sum(row) - 1) < 1e-9 and max(row) == row[label] and min(row) >= 0
    assert all(p[k] == e[k] for k in ("model", "topology", "sweeps", "chains", "burn_in", "beta", "seed", "flips", "device", "version"))
    lines = open(predicted).read().strip().split("\n")
    for i, line in enumerate(lines[:-1]):
        row = p["probabilities"][i]
        best = sorted(range(len(row)), key=lambda k: (-row[k], k))[:3]
        want = ", ".join(f"{k} ({row[k]:.3f})" for n, k in enumerate(best) if n == 0 or row[k] >= 0.001)
        assert line == f"{p['files'][0]}[{i}]: {want}", (line, want)


if __name__ == "__main__":
    {"npy": arrays, "png": folder_of, "one": one, "seen": seen, "judged": judged, "odd": odd, "shrunk": shrunk}[sys.argv[1]](*sys.argv[2:])
