"""Structs of options of the C library, filled from keywords.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from typing import Any

from glauber._library import encoded, ffi, integer

_RANGES = {
    "int": (-(2**31), 2**31 - 1),
    "uint32_t": (0, 2**32 - 1),
    "uint64_t": (0, 2**64 - 1),
}


def _number(name: str, kind: Any, value: Any) -> Any:
    if kind.cname in _RANGES:
        return integer(name, value, *_RANGES[kind.cname])
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: {value!r} is not a number") from None


def set_options(struct: Any, options: dict[str, Any]) -> tuple[Any, ...]:
    """Sets members of a struct, but where a value is None; TypeError names what it does not have.

    Returns what must live as long as the struct is used.
    """
    members = dict(ffi.typeof(struct[0]).fields)
    kept = []
    for name, value in options.items():
        if name not in members or name == "size":
            known = ", ".join(sorted(set(members) - {"size"}))
            raise TypeError(f"there is no option {name!r}; there are {known}")
        if value is None:
            continue
        kind = members[name].type
        if kind.kind == "pointer":
            kept.append(ffi.new("char[]", encoded(value)))
            setattr(struct, name, kept[-1])
        else:
            setattr(struct, name, value if kind.kind == "enum" else _number(name, kind, value))
    return tuple(kept)


def choice(name: str, value: Any, choices: dict[str, int]) -> int:
    """The number of a choice by its name; ValueError lists the names."""
    if value not in choices:
        raise ValueError(f"{name}: {value!r} is unknown; there are {', '.join(choices)}")
    return choices[value]
