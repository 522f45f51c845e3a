# Reads the lists of deliberate faults (tests/mutants/AREA.txt), checks that each still applies, and draws a share of them.
# SPDX-License-Identifier: Apache-2.0
import hashlib
import math
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# cheap areas first
AREAS = ["emulator", "compiler", "client", "readers", "energy", "tempering", "trainer", "models",
         "tool", "options", "rtl-control", "rtl-port", "rtl-data", "usb"]
FIELDS = {"-": "old", "+": "new", "?": "reason", "=": "equivalent", "!": "known"}


class BadList(Exception):
    """An entry that cannot be used: where, and what to do."""


class Mutant:
    def __init__(self, area, where, ident, path):
        self.area, self.where, self.id, self.path = area, where, ident, path
        self.old = self.new = ""
        self.reason = self.equivalent = self.known = ""

    def add(self, field, text):
        before = getattr(self, field)
        join = "\n" if field in ("old", "new") else " "
        setattr(self, field, before + join + text if before else text)

    def source(self):
        return (ROOT / self.path).read_text()

    def apply(self, text):
        """The text of the file with the fault; the old text must occur exactly once."""
        found = text.count(self.old)
        if found != 1:
            raise BadList(f"{self.where}: {self.id}: the old text occurs {found} times in "
                          f"{self.path}; change the entry so that it occurs once")
        return text.replace(self.old, self.new)

    def key(self):
        text = "\0".join([self.path, self.old, self.new])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_area(area):
    """The entries of one file. Format: tests/mutants/README.md."""
    path = HERE / f"{area}.txt"
    mutants, current = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f"tests/mutants/{area}.txt:{number}"
        if line.startswith("@ "):
            words = line.split()
            if len(words) != 3:
                raise BadList(f"{where}: '@ ID FILE' expected")
            current = Mutant(area, where, words[1], words[2])
            mutants.append(current)
        elif line[:1] in FIELDS and line[1:2] in ("", " "):
            if current is None:
                raise BadList(f"{where}: a line of an entry before its '@ ID FILE'")
            current.add(FIELDS[line[0]], line[2:])
        elif line.strip() and not line.startswith("#"):
            raise BadList(f"{where}: a line starts with @ - + ? = ! or #, and a blank")
    return mutants


def read_all(areas=None):
    return [m for a in areas or AREAS for m in read_area(a)]


def check(mutants):
    """All that is wrong with the lists, a line each."""
    bad, ids = [], {}
    for m in mutants:
        name = f"{m.where}: {m.id}"
        if m.id in ids:
            bad.append(f"{name}: the id is also that of {ids[m.id]}; take a free one")
        ids[m.id] = m.where
        if not re.fullmatch(r"[A-Z]+[0-9]+", m.id):
            bad.append(f"{name}: an id is capital letters and a number")
        if not m.old or not m.reason:
            bad.append(f"{name}: needs '-' (old text) and '?' (what a user would notice)")
            continue
        if m.old == m.new:
            bad.append(f"{name}: old and new text are the same")
        try:
            m.apply(m.source())
        except BadList as e:
            bad.append(str(e))
        except OSError as e:
            bad.append(f"{name}: {m.path}: {e.strerror}; give the file's present path")
    return bad


def draw(mutants, share, seed):
    """A share of every area, the same for the same seed; at least one of each."""
    if share >= 1:
        return mutants
    kept = []
    for area in dict.fromkeys(m.area for m in mutants):
        mine = [m for m in mutants if m.area == area]
        mine.sort(key=lambda m: hashlib.sha256(f"{seed}:{m.id}".encode()).hexdigest())
        chosen = {m.id for m in mine[:max(1, math.ceil(share * len(mine)))]}
        kept += [m for m in mutants if m.id in chosen]
    return kept
