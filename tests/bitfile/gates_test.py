#!/usr/bin/env python3
"""gates.lut() against the tables themselves: every table of four inputs, and constant inputs. SPDX-License-Identifier: Apache-2.0"""
import gates

COLUMNS = {"a": 0xAAAA, "b": 0xCCCC, "c": 0xF0F0, "d": 0xFF00, "1'b0": 0, "1'b1": 0xFFFF}


def value(text):
    """Value of an expression over the 16 rows, and what follows it."""
    if text[0] == "~":
        inner, rest = value(text[1:])
        return inner ^ 0xFFFF, rest
    if text[0] != "(":
        name = next(n for n in COLUMNS if text.startswith(n))
        return COLUMNS[name], text[len(name):]
    left, rest = value(text[1:])
    operator = rest[1]
    right, rest = value(rest[3:])
    if operator == "?":
        other, rest = value(rest[3:])
        return left & right | (left ^ 0xFFFF) & other, rest[1:]
    return {"&": left & right, "|": left | right, "^": left ^ right}[operator], rest[1:]


def table(bits, names):
    """What a LUT with these inputs gives in each of the 16 rows."""
    rows = 0
    for row in range(16):
        index = sum((COLUMNS[name] >> row & 1) << k for k, name in enumerate(names))
        rows |= (bits >> index & 1) << row
    return rows


def main():
    inputs = [("a", "b", "c", "d"), ("d", "a", "c", "b"), ("a", "1'b1", "c", "1'b0"), ("1'b1", "b", "1'b1", "d")]
    count = 0
    for names in inputs:
        for bits in range(0 if names == inputs[0] else 5, 65536, 1 if names == inputs[0] else 11):
            got, rest = value(gates.lut(bits, list(names)))
            if rest or got != (bits if names == inputs[0] else table(bits, names)):
                print(f"not ok - bit file: table {bits:04x} of {names}: {gates.lut(bits, list(names))}")
                return 1
            count += 1
    print(f"ok - bit file: {count} tables of LUTs as gates")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
