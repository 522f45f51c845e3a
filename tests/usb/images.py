# Ten classes of 28 x 28 images as IDX files: a bar at the class's height, with specks. Usage: images.py DIR
# SPDX-License-Identifier: Apache-2.0
import random, struct, sys
random.seed(1)
for part, count in (("train", 256), ("t10k", 64)):
    labels = bytes(random.randrange(10) for _ in range(count))
    images = bytearray()
    for label in labels:
        for y in range(28):
            for x in range(28):
                on = 2 * label + 4 <= y < 2 * label + 6 and 6 <= x < 22
                images.append(255 if on != (random.random() < 0.03) else 0)
    with open(f"{sys.argv[1]}/{part}-images-idx3-ubyte", "wb") as f:
        f.write(struct.pack(">IIII", 0x803, count, 28, 28) + images)
    with open(f"{sys.argv[1]}/{part}-labels-idx1-ubyte", "wb") as f:
        f.write(struct.pack(">II", 0x801, count) + labels)
