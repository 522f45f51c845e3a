"""The package's declarations are those of the C headers: a C compiler compares them.

SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess
import sys

import pytest
from glauber._declarations import ffi

from glauber._library import lib
from glauber.errors import BY_STATUS


@pytest.fixture(scope="module")
def assembly(root):
    sys.path.insert(0, str(root / "python" / "assembly"))
    import declarations

    return declarations


def run_c(root, folder, source):
    """Compiles and runs a C program with the public headers; its lines."""
    (folder / "x.c").write_text(source)
    flags = ["-std=c11", "-Wall", "-Werror", f"-I{root}/host/include"]
    subprocess.run(["gcc", *flags, "x.c", "-o", "x"], cwd=folder, check=True)
    return subprocess.run(["./x"], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_structs_have_the_size_and_offsets_that_c_gives_them(root, assembly, tmp_path):
    headers = "\n".join(p.read_text() for p in assembly.header_files(root))
    structs = re.findall(r"^struct (\w+) \{", headers, re.M)
    assert len(structs) >= 10
    lines, expected = [], []
    for name in structs:
        ctype = f"struct {name}"
        lines.append(f'printf("{ctype} %zu\\n", sizeof({ctype}));')
        expected.append(f"{ctype} {ffi.sizeof(ctype)}")
        for member, field in ffi.typeof(ctype).fields:
            at = f"offsetof({ctype}, {member}), sizeof((({ctype} *)0)->{member})"
            lines.append(f'printf("{name}.{member} %zu %zu\\n", {at});')
            expected.append(f"{name}.{member} {field.offset} {ffi.sizeof(field.type)}")
    head = "#include <glauber/learn.h>\n#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n"
    assert run_c(root, tmp_path, head + "\n".join(lines) + "}\n").splitlines() == expected


def test_every_public_function_is_declared_and_in_the_library(root, assembly):
    names = assembly.function_names(root)
    headers = [str(path) for path in assembly.header_files(root)]
    command = [root / "scripts" / "symbols.sh", *headers]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert len(names) > 60
    assert sorted(names) == sorted(listed)
    for name in names:
        assert ffi.typeof(getattr(lib, name)).kind == "function", name


def test_signatures_are_compatible_with_the_headers(root, assembly, tmp_path):
    """C refuses a second declaration of a function with another type."""
    lines = []
    for name in assembly.function_names(root):
        kind = ffi.typeof(getattr(lib, name))
        arguments = ", ".join(a.cname for a in kind.args) or "void"
        arguments = re.sub(r"(\w+)\(\*\)\(", r"\1 (*)(", arguments)
        result = kind.result.cname
        lines.append(f"extern __typeof__({result}) {name}({arguments});")
    # cffi keeps no const, and C counts const of what a pointer leads to as a part of the type
    headers = "\n".join(p.read_text() for p in assembly.header_files(root))
    headers = re.sub(r"^#include <glauber.*", "", headers, flags=re.M).replace("const ", "")
    run_c(root, tmp_path, headers + "\n" + "\n".join(lines) + "\nint main(void) { return 0; }\n")


def test_every_status_has_an_exception():
    names = [n for n in ffi.typeof("enum glb_status").relements if n != "GLB_OK"]
    assert sorted(names) == sorted(BY_STATUS)


def test_version_is_that_of_the_header(assembly, root):
    import glauber

    sys.path.insert(0, str(root / "python" / "assembly"))
    import version

    assert glauber.__version__ == version.__version__
