# Which tests claim which area, cheap ones first, and how one test is built and run. Names are those of scripts/run_tests.sh.
# SPDX-License-Identifier: Apache-2.0
import os
import re

from entries import ROOT


def units(*rooms):
    found = []
    for room in rooms:
        one = ROOT / "tests/unit" / f"{room}.c"
        files = [one] if one.exists() else sorted((ROOT / "tests/unit" / room).glob("test_*.c"))
        found += [f"unit {f.parent.name}/{f.stem}" for f in files]
    return found


# Tests take seconds unless noted; those of an area are tried in this order, after those of the file's own room.
TESTS = {
    "emulator": units("array", "emulator/test_reference", "emulator/test_reference_counts",
                      "emulator/test_counting", "emulator/test_emu_counts", "emulator/test_emu_sums", "emulator/test_kernel_noise",
                      "emulator/test_emu_program", "emulator/test_emulator_job", "emulator/test_emu_images", "emulator/test_kernel_tail",
                      "emulator/test_own_word", "emulator/test_emu_sums", "emulator/test_emu_sum_places", "emulator/test_emulator",
                      "emulator/test_emu_counts", "transports/test_emu_port", "emulator/test_exactness") + ["lockstep raw", "lockstep tiny"],
    "compiler": units("compiler", "check", "array", "api/test_api_program", "emulator/test_exactness",
                      "sampler/test_sampler", "sampler/test_start_states") + ["cli compile", "cli sample", "cli files", "lockstep tiny"],
    "client": units("wire", "device", "transports", "api/test_api_device") + ["cli device", "lockstep port"],
    "readers": units("base", "graph/test_graph_read", "files", "array/test_program", "array/test_program_file",
                     "learn/test_model", "graph/test_graph_gen", "api/test_api_graph_input", "sampler/test_sampler")
    + ["cli errors", "cli files", "cli anneal", "cli device", "cli bad_inputs"],
    "energy": units("graph", "sampler", "learn/test_readers", "learn/test_label_scores", "learn/test_read_labels", "api")
    + ["cli samples", "cli sample", "cli anneal", "cli statistics"],
    "tempering": units("tempering", "device/test_groups") + ["cli temper"],
    "trainer": units("learn", "training", "tool/test_train_options") + ["cli model", "cli train", "cli resume", "cli lattice"],
    "models": units("learn") + ["cli model", "cli draw", "cli train"],
    "tool": units("tool") + ["cli manual", "cli options", "cli errors", "cli sample", "cli anneal", "cli samples", "cli compile",
                             "cli files", "cli device", "cli model", "cli draw", "cli usbip", "cli resume", "cli train",
                             "cli bad_inputs", "cli signals", "cli terminal"],
    "options": units("tool") + ["cli manual", "cli options", "cli errors", "cli sample", "cli anneal", "cli samples", "cli compile",
                                "cli files", "cli model", "cli draw", "cli resume", "cli train", "cli bad_inputs",
                                "cli signals", "cli terminal"],
    "rtl-data": ["rtl parameters", "formal skid", "formal fifo", "bench tb_glb_memories", "bench tb_glb_pbit",
                 "bench tb_glb_noise", "bench tb_glb_array_edges", "ecp5 tb_glb_pbit", "ecp5 tb_glb_memories",
                 "bench tb_glb_array", "lockstep raw", "lockstep tiny"],
    "rtl-control": ["bench tb_glb_beta", "bench tb_glb_seed", "formal segment", "formal job_queue", "bench tb_glb_sequencer",
                    "bench tb_glb_core", "lockstep port", "lockstep boundary", "lockstep tiny"],
    "rtl-port": ["bench tb_glb_crc32", "bench tb_glb_frame_tx", "bench tb_glb_host_port", "bench tb_glb_host_port_random", "formal frame_rx",
                 "bench tb_glb_core", "lockstep port", "lockstep boundary"],
    "usb": units("usb_board") + ["bench tb_glb_byte_fifo", "bench tb_glb_usb_fifo", "bench tb_glb_uart", "bench tb_glb_board",
                                 "bench tb_usb_tops", "bench tb_tops", "formal usb_fifo", "pins high", "pins full", "usb faults"],
}

NEEDS = {"device": "build/sim/small.stamp", "anneal": "build/tests/usb/h5hash", "temper": "build/sim/tiny.stamp",
         "usbip": "build/sim/usb-tiny-high.stamp build/sim/usb-tiny-full.stamp"}  # of scripts, besides the tool and what reads HDF5
LOCKSTEP = {"raw": "--jobs 60", "port": "--bursts 60", "tiny": "--jobs 60", "boundary": ""}
# the files whose faults a test can see, for the tests that not every file of their area reaches
BYTES, BOARD, FIFO = "fpga/glb_byte_fifo.sv", "fpga/glb_board.sv", "fpga/usb/glb_usb_fifo.sv"
ONLY = {"bench tb_glb_byte_fifo": (BYTES,), "bench tb_glb_uart": (BYTES, "fpga/glb_uart.sv"), "bench tb_glb_board": (BOARD,),
        "bench tb_tops": ("fpga/glb_", "fpga/top_"),
        "bench tb_usb_tops": ("fpga/top_", "fpga/usb/glb_usb_reset.sv"), "bench tb_glb_usb_fifo": (FIFO,),
        "ecp5 tb_glb_pbit": ("rtl/array/glb_pbit.sv", "rtl/array/glb_relay.sv", "rtl/common/"),
        "ecp5 tb_glb_memories": ("rtl/array/glb_sched_col.sv", "rtl/array/glb_counter.sv", "rtl/sequencer/glb_tables.sv", "rtl/common/"),
        "formal usb_fifo": (FIFO,), "formal skid": ("rtl/common/glb_skid.sv",), "formal fifo": ("rtl/common/glb_fifo.sv",),
        "unit usb_board/test_host": ("host/",), "unit usb_board/test_usbip": ("host/",),
        "unit usb_board/test_usbip_port": ("host/",), "usb faults": ("host/",),
        "pins high": (BOARD, "fpga/usb/", "host/"), "pins full": (BOARD, "fpga/usb/", "host/")}


def tests_of(mutant):
    """The tests of its area in the order in which they are tried."""
    names = [n for n in TESTS[mutant.area] if mutant.path.startswith(ONLY.get(n, ("",)))]
    parts = mutant.path.split("/")
    room = f"unit {parts[2]}/" if parts[:2] == ["host", "lib"] else "-"
    return [n for n in names if n.startswith(room)] + [n for n in names if not n.startswith(room)]


def command(name):
    """(command that builds, command that runs, seconds after which it hangs) of a test, run in the copied tree."""
    build = "build"  # of the copy
    kind, what = name.split(" ", 1)
    make = "make -s "
    if kind == "unit":
        exe = f"{build}/tests/unit/{what}"
        return make + exe, exe, 150
    if kind == "cli":
        return f"{make}tool build/tests/cli/h5json {NEEDS.get(what, '')}", f"tests/cli/{what}.sh", 400
    if kind == "lockstep":
        exe = f"{build}/tests/lockstep/" + (what if what in ("raw", "port", "boundary") else "lockstep")
        return make + f"{exe} {build}/sim/tiny.stamp", f"{exe} {LOCKSTEP[what]} tiny", 400
    if kind == "bench":
        return f"scripts/bench.sh --compile {what}", f"scripts/bench.sh --run {what}", 300
    if kind == "ecp5":
        return ":", f"tests/ecp5/cells.sh {what}", 300
    if kind == "formal":
        return ":", f"tests/formal/run.sh {build}/tests/formal {what}", 400
    if kind == "pins":
        exe = f"{build}/tests/usb/pins"
        return make + f"{exe} {build}/sim/usb-tiny-{what}.stamp", f"{exe} {what}", 400
    if name == "usb faults":
        return make + f"{build}/tests/usb/faults", f"{build}/tests/usb/faults", 400
    if name == "rtl parameters":
        return ":", "tests/rtl/parameters.sh", 300
    raise KeyError(name)


def support(file):
    """Patterns of the helpers in tests/support that a test includes."""
    path = ROOT / "tests" / file
    return [f"support/{n}.[ch]" for n in re.findall(r'#include "support/(\w+)\.h"', path.read_text() if path.exists() else "")]


def bench_files(file):
    """A bench of tests/rtl or a folder there with what it is compiled with and includes from there."""
    path = next((ROOT / "tests/rtl").rglob(os.path.basename(file)), ROOT / "tests/rtl" / file)
    text = path.read_text() if path.exists() else ""
    parts = re.findall(r"tests/rtl/(\S+)", text.split("\n", 1)[0]) if text.startswith("// FILES:") else []
    parts += re.findall(r'`include "([\w/]+\.svh)"', text)
    return [str(path.relative_to(ROOT / "tests"))] + [f for part in parts for f in bench_files(part)]


def sources(name):
    """The files of a test itself, without what it tests."""
    kind, what = name.split(" ", 1)
    pins = [f"usb/{f.name}" for f in (ROOT / "tests/usb").glob("pins*")]
    globs = {"unit": [f"unit/{what}.c", *support(f"unit/{what}.c")], "cli": [f"cli/{what}.sh", f"cli/checks/{what}.py"],
             "bench": bench_files(f"{what}.sv"), "formal": [f"formal/{what}.*", "formal/run.sh"], "lockstep": ["lockstep/*"],
             "pins": pins + [s for f in pins for s in support(f)], "usb": ["usb/*"], "rtl": [f"rtl/{what}.sh"],
             "ecp5": ["ecp5/*", *bench_files(f"{what}.sv")]}[kind]
    return sorted({p for g in globs for p in (ROOT / "tests").glob(g)})


def environment(tree):
    env = dict(os.environ, BUILD="build", CMOCKA_MESSAGE_OUTPUT="TAP", MAKEFLAGS="", MFLAGS="")
    env["GLAUBER"] = str(tree / "build/glauber")
    env["GLAUBER_SIM_DIR"] = str(tree / "build/sim")
    return env
