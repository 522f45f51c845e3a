"""Files of the lists of bad inputs: text with escapes, or an expression of the functions here. SPDX-License-Identifier: Apache-2.0

The HDF5 files are patched without a library: object headers of the format that the tool writes have no checksums.
"""
import bz2
import gzip
import lzma
import os
import struct
import zlib


def load(name):
    return open(name, "rb").read()


def cut(name, size):
    """The first bytes of a file, or all but the last -size."""
    return load(name)[:size]


def flip(name, at):
    data = bytearray(load(name))
    data[at] ^= 0x55
    return bytes(data)


def swap(name, old, new):
    """A file with one text replaced by another of the same length, everywhere."""
    old, new = old.encode(), new.encode()
    data = load(name)
    assert len(old) == len(new) and old in data, (name, old)
    return data.replace(old, new)


def pad8(n):
    return (n + 7) // 8 * 8


def attribute(name, key, packed, datatype):
    """A file with the value of a scalar attribute replaced; of those of one name the last."""
    data = bytearray(load(name))
    at = data.rindex(b"\0" + key.encode() + b"\0") + 1
    value = at + pad8(len(key) + 1) + datatype + 8
    data[value : value + len(packed)] = packed
    return bytes(data)


def whole(name, key, v):
    return attribute(name, key, struct.pack("<q", v), 16)


def real(name, key, v):
    return attribute(name, key, struct.pack("<d", v), 24)


def idx(kind, sizes, count=None, value=0):
    """An IDX file of bytes: its header, then count bytes (as many as the header says)."""
    total = 1
    for n in sizes:
        total *= n
    head = struct.pack(">BBBB", 0, 0, kind, len(sizes)) + b"".join(struct.pack(">I", n) for n in sizes)
    return head + bytes([value]) * (total if count is None else count)


def npy(kind, shape, count=None, value=None, fortran=False):
    """A .npy file: count bytes of zeros or as many as the header says, or every element a value."""
    size = int(kind[2:] or 1)
    total = 1
    for n in shape:
        total *= n
    head = f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {shape!r}, }}".encode()
    data = value * total if value else bytes(total * size if count is None else count)
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(head) + 1) + head + b"\n" + data


def png(width, height, depth=8):
    """A black picture."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    rows = bytes((1 + width * depth // 8) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def flip_bytes(data, at):
    data = bytearray(data)
    data[at] ^= 0x55
    return bytes(data)


FUNCTIONS = {"cut": cut, "flip": flip, "swap": swap, "whole": whole, "real": real, "idx": idx, "load": load, "gzip": gzip.compress,
             "bz2": bz2.compress, "xz": lzma.compress, "npy": npy, "png": png,
             "flip_bytes": flip_bytes, "struct": struct}


def write(name, kind, text):
    data = text.encode().decode("unicode_escape").encode("latin-1") if kind == ":" else eval(text, FUNCTIONS)  # pylint: disable=eval-used
    if os.path.dirname(name):
        os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "wb") as f:
        f.write(data)
