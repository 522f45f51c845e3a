"""Looks at the PNG of `glauber draw` for the bars of lib.sh. SPDX-License-Identifier: Apache-2.0

picture.py drawn PNG: most tiles of a row show the bar of that class.
picture.py inpaint PNG DIR: a row is a test image of its class, its upper half, and a result that keeps that half.
"""
import struct
import sys
import zlib

SIDE, SCALE, GAP, COLUMNS, CLASSES, UNKNOWN = 28, 3, 3, 3, 10, 48


def pixels(path):
    """Rows of grey values."""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    assert (depth, colour, interlaced) == (8, 0, 0)
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    raw, rows, above = zlib.decompress(packed), [], bytes(width)
    for y in range(height):
        kind, line = raw[y * (width + 1)], bytearray(raw[y * (width + 1) + 1 : (y + 1) * (width + 1)])
        for x in range(width):
            left, up, corner = line[x - 1] if x else 0, above[x], above[x - 1] if x else 0
            p = left + up - corner
            paeth = min((left, up, corner), key=lambda v: abs(p - v))
            line[x] = (line[x] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
        rows.append(bytes(line))
        above = line
    return rows


def body(rows, columns=COLUMNS, scale=SCALE):
    """Without the margin on the left, in which each row but those of weights has its number."""
    return [row[len(row) - (columns * (SIDE + 1) + 1) * scale :] for row in rows]


def tile(rows, k, column):
    top, left = GAP + k * (SIDE * SCALE + GAP), GAP + column * (SIDE * SCALE + GAP)
    whole = [rows[top + y][left : left + SIDE * SCALE] for y in range(SIDE * SCALE)]
    small = [whole[y * SCALE][::SCALE] for y in range(SIDE)]
    assert all(whole[y][x] == small[y // SCALE][x // SCALE] for y in range(SIDE * SCALE) for x in range(SIDE * SCALE))
    return small


def shown(image):
    """The class whose bar is brightest."""
    return max(range(CLASSES), key=lambda k: sum(sum(image[y][6:22]) for y in (2 * k + 4, 2 * k + 5)))


def first_of_class(folder, k):
    labels = open(f"{folder}/t10k-labels-idx1-ubyte", "rb").read()[8:]
    at = 16 + labels.index(k) * SIDE * SIDE
    image = open(f"{folder}/t10k-images-idx3-ubyte", "rb").read()[at : at + SIDE * SIDE]
    return [image[y * SIDE : (y + 1) * SIDE] for y in range(SIDE)]


def main():
    rows = body(pixels(sys.argv[2]))
    tiles = [[tile(rows, k, c) for c in range(COLUMNS)] for k in range(CLASSES)]
    if sys.argv[1] == "drawn":
        right = sum(shown(t) == k for k in range(CLASSES) for t in tiles[k])
        # Chance: measured(25.8, 2.5, 10.5) | tiles of 30 that show their class; eight seeds
        sys.exit(0 if right > CLASSES * COLUMNS * 0.35 else f"{right} of {CLASSES * COLUMNS} tiles show their class")
    for k, (image, half, result) in enumerate(tiles):
        assert image == first_of_class(sys.argv[3], k), f"class {k}: not its first test image"
        assert image[: SIDE // 2] == half[: SIDE // 2] == result[: SIDE // 2], f"class {k}: another upper half"
        assert all(v == UNKNOWN for row in half[SIDE // 2 :] for v in row)
        assert result[SIDE // 2 :] != half[SIDE // 2 :]
    assert any(0 < v < 255 for _, _, result in tiles for row in result for v in row), "no pixel is a mean over sweeps"


if __name__ == "__main__":
    main()
