# Classes of square images as IDX files: a bar at the class's height, with specks. Usage: bars.py DIR SEED TRAIN TEST [SIDE CLASSES], TRAIN
# and TEST being numbers of images; ten classes of 28 x 28 unless said otherwise. SPDX-License-Identifier: Apache-2.0
import random, struct, sys
seed, train, test, side, classes = map(int, (sys.argv[2:] + ["28", "10"])[:5])
random.seed(seed)
top, margin = side // 2 - classes, side * 3 // 14
for part, count in (("train", train), ("t10k", test)):
    labels = bytes(random.randrange(classes) for _ in range(count))
    images = bytearray()
    for label in labels:
        for y in range(side):
            for x in range(side):
                on = 2 * label + top <= y < 2 * label + top + 2 and margin <= x < side - margin
                images.append(255 if on != (random.random() < 0.03) else 0)
    with open(f"{sys.argv[1]}/{part}-images-idx3-ubyte", "wb") as f:
        f.write(struct.pack(">IIII", 0x803, count, side, side) + images)
    with open(f"{sys.argv[1]}/{part}-labels-idx1-ubyte", "wb") as f:
        f.write(struct.pack(">II", 0x801, count) + labels)
