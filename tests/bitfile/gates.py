"""Boolean expressions of LUTs, short ones, because a simulator evaluates thousands of them in each clock.

SPDX-License-Identifier: Apache-2.0
"""


def negated(expression):
    return expression[1:] if expression.startswith("~") else "~" + expression


def lut(bits, names):
    """An expression of a table of 2^n bits as an integer, bit i for the inputs names[0] (lowest bit of i), names[1], ..."""
    open_inputs = [k for k, name in enumerate(names) if name not in ("1'b0", "1'b1")]
    at = sum(1 << k for k, name in enumerate(names) if name == "1'b1")
    rows = [at + sum(1 << k for j, k in enumerate(open_inputs) if i >> j & 1) for i in range(1 << len(open_inputs))]
    return expand(sum((bits >> row & 1) << i for i, row in enumerate(rows)), [names[k] for k in open_inputs])


def expand(bits, names):
    """The same by its highest input, then the next; none of them is constant."""
    size = 1 << len(names)
    bits &= (1 << size) - 1
    if bits == 0:
        return "1'b0"
    if bits == (1 << size) - 1:
        return "1'b1"
    name, half = names[-1], size // 2
    low, high = bits & ((1 << half) - 1), bits >> half
    if low == high:
        return expand(low, names[:-1])
    if low ^ high == (1 << half) - 1:
        other = expand(low, names[:-1])
        return {"1'b0": name, "1'b1": negated(name)}.get(other, f"({name} ^ {other})")
    at0, at1 = expand(low, names[:-1]), expand(high, names[:-1])
    if at0 == "1'b0":
        return f"({name} & {at1})" if at1 != "1'b1" else name
    if at1 == "1'b0":
        return f"({negated(name)} & {at0})" if at0 != "1'b1" else negated(name)
    if at0 == "1'b1":
        return f"({negated(name)} | {at1})"
    if at1 == "1'b1":
        return f"({name} | {at0})"
    return f"({name} ? {at1} : {at0})"
