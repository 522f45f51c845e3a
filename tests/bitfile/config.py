"""Reads the text that ecpunpack makes of a bit file. SPDX-License-Identifier: Apache-2.0"""


class TileConfig:
    def __init__(self):
        self.arcs = {}  # sink: source, in the tile's own names
        self.words = {}  # name: bits, the highest first
        self.enums = {}
        self.unknown = []


class Config:
    def __init__(self, path):
        self.device = None
        self.tiles = {}
        self.memories = {}  # number: 2,048 words of 9 bits
        tile, words = None, None
        with open(path) as file:
            for number, line in enumerate(file, 1):
                word = line.split()
                if not word:
                    continue
                key = word[0]
                if key == ".device":
                    self.device = word[1]
                elif key == ".tile":
                    tile, words = self.tiles.setdefault(word[1], TileConfig()), None
                elif key == ".bram_init":
                    tile, words = None, self.memories.setdefault(int(word[1]), [])
                elif key.startswith("."):
                    tile, words = None, None
                elif words is not None:
                    words.extend(int(w, 16) for w in word)
                elif tile and key == "arc:":
                    tile.arcs[word[1]] = word[2]
                elif tile and key == "word:":
                    tile.words[word[1]] = word[2]
                elif tile and key == "enum:":
                    tile.enums[word[1]] = word[2]
                elif tile and key == "unknown:":
                    tile.unknown.append(word[1])
                else:
                    raise ValueError(f"{path}:{number}: neither a section nor a line of a tile: {line.strip()}")
