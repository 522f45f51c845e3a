"""The C declarations of the public headers, as cffi reads them.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import io
import re
from pathlib import Path

import cffi


def header_files(root: Path) -> list[Path]:
    """glauber.h's own headers in the order in which it includes them, and those of learning."""
    include = root / "host" / "include"
    names = re.findall(r"^#include <(glauber/\w+\.h)>", (include / "glauber.h").read_text(), re.M)
    return [include / name for name in [*names, "glauber/dataset.h", "glauber/learn.h"]]


def declarations(root: Path) -> str:
    """What the headers declare, without comments and preprocessor lines."""
    text = "\n".join(path.read_text() for path in header_files(root))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.S)
    text = re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)
    text = text.replace("GLB_API ", "")
    return re.sub(r"\n\s*\n+", "\n", text).strip() + "\n"


def function_names(root: Path) -> list[str]:
    """Functions that the headers mark with GLB_API."""
    text = "\n".join(path.read_text() for path in header_files(root))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.findall(r"GLB_API\b[^;(]*?\b(glb_\w+)\s*\(", text)


def write_module(root: Path, path: Path) -> None:
    """Writes the Python module that declares the library (cffi's ABI mode, out of line)."""
    ffi = cffi.FFI()
    ffi.cdef(declarations(root))
    ffi.set_source("glauber._declarations", None)
    with contextlib.redirect_stdout(io.StringIO()):
        ffi.emit_python_code(str(path))
