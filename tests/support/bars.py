# Ten classes of 28 x 28 images as IDX files: a bar at the class's height, with specks. Usage: bars.py DIR SEED TRAIN TEST, the last two
# being numbers of images. SPDX-License-Identifier: Apache-2.0
import random, struct, sys
seed, train, test = map(int, sys.argv[2:])
random.seed(seed)
for part, count in (("train", train), ("t10k", test)):
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
