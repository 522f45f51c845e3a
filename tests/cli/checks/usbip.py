"""Attaches to `glauber usbip` as Linux does and prints what the board says of itself, as JSON. Usage: usbip.py PORT.
SPDX-License-Identifier: Apache-2.0"""
import json
import socket
import struct
import sys
import zlib

BUS_ID = b"1-1".ljust(32, b"\0")


def connect():
    return socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=60)


def take(s, n):
    data = b""
    while len(data) < n:
        more = s.recv(n - len(data))
        if not more:
            sys.exit("the connection ended")
        data += more
    return data


def submit(s, endpoint, length, out=b"", setup=bytes(8)):
    """A transfer; what comes in, `length` bytes at most, if there is nothing to go out."""
    submit.number += 1
    inward = not out and length > 0
    s.sendall(struct.pack(">IIIIIIIIII", 1, submit.number, 0x10002, inward, endpoint, 0, length, 0, 0, 0) + setup + out)
    _, number, _, _, _, status, actual = struct.unpack(">IIIIIiI", take(s, 48)[:28])
    assert (number, status) == (submit.number, 0), (number, status)
    return take(s, actual) if inward else b""


submit.number = 0


def descriptor(s, value, index, length):
    return submit(s, 0, length, setup=struct.pack("<BBHHH", 0x80, 6, value, index, length))


def text(s, index):
    return descriptor(s, 0x300 | index, 0x409, 255)[2:].decode("utf-16-le")


with connect() as s:
    s.sendall(struct.pack(">HHI", 0x111, 0x8005, 0))
    _, code, status, boards = struct.unpack(">HHII", take(s, 12))
    record = take(s, 312)
    bus, address, speed, vendor, product_id = struct.unpack(">IIIHH", record[288:304])
with connect() as s:
    s.sendall(struct.pack(">HHI", 0x111, 0x8003, 0) + BUS_ID)
    assert struct.unpack(">HHI", take(s, 8))[1:] == (3, 0)
    take(s, 312)
    device = descriptor(s, 0x100, 0, 18)
    product, serial = (text(s, device[k]) for k in (15, 16))
    settings = descriptor(s, 0x200, 0, 255)
    starts = [k for k in range(len(settings) - 6) if settings[k:k + 2] == b"\x07\x05"]
    ends = {settings[k + 2]: struct.unpack("<H", settings[k + 4:k + 6])[0] for k in starts if settings[k + 3] == 2}
    submit(s, 0, 0, setup=struct.pack("<BBHHH", 0, 9, 1, 0, 0))  # SET_CONFIGURATION
    frame = b"\xa5\x01\x07\0\0\0"
    frame += struct.pack("<I", zlib.crc32(frame))  # IDENT
    submit(s, next(e for e in ends if e < 0x80), len(frame), out=frame)
    reply = b""
    while len(reply) < 10:
        reply += submit(s, next(e for e in ends if e >= 0x80) & 15, 512)
assert reply[:3] == b"\x5a\x81\x07", reply
print(json.dumps({"boards": boards, "code": code, "bus_id": record[256:259].decode(), "speed": speed, "vendor": vendor, "product_id": product_id,
                  "product": product, "serial": serial, "packet": max(ends.values()), "ident": list(reply[6:-4])}))
