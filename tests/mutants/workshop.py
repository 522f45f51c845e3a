# A copy of the tree in which one fault at a time is set and tests are run. SPDX-License-Identifier: Apache-2.0
import hashlib
import os
import shutil
import signal
import subprocess
import threading

import suites
from entries import ROOT

PARTS = ("Makefile", "rtl", "sim", "fpga", "constraints", "host", "tests", "tools", "scripts", "mk", "docs", "bench", "models")
# no test of suites.py depends on these
APART = ("docs/", "models/", "bench/", "tests/mutants/", "tests/tree/", "tests/docs/", "tests/install/", "scripts/run_tests.sh",
         "scripts/lint.sh")
BUILD_SECONDS = 900

stop = threading.Event()  # no further fault; set by Ctrl-C
running, running_lock = set(), threading.Lock()


def tracked():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z", *PARTS], cwd=ROOT, check=True,
                         capture_output=True).stdout.decode()
    return sorted(f for f in out.split("\0") if f and (ROOT / f).is_file())


def end_all():
    """Kills what all workshops run."""
    stop.set()
    with running_lock:
        for p in running:
            os.killpg(p.pid, signal.SIGKILL)


class Workshop:
    def __init__(self, tree):
        self.tree = tree.resolve()
        self.tree.mkdir(parents=True, exist_ok=True)

    def copy(self):
        """Makes the copy equal to the tree; files that are equal already keep their times, for make. Returns a hash of all that
        tests depend on."""
        whole = hashlib.sha256()
        for name in tracked():
            source, target = ROOT / name, self.tree / name
            data = source.read_bytes()
            if not name.startswith(APART):
                whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
            if target.exists() and target.read_bytes() == data:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            os.utime(target)
        for name in (".venv", ".venv-usb"):  # proofs and the USB core's generator
            if (ROOT / name).exists() and not (self.tree / name).exists():
                (self.tree / name).symlink_to((ROOT / name).resolve())
        return whole.hexdigest()[:16]

    def shell(self, command, seconds):
        """(exit status or None for a time-out, the last lines) of a command in the copy, in a process group of its own.
        TEST_SECONDS lowers the limit."""
        seconds = min(seconds, float(os.environ.get("TEST_SECONDS", seconds)))
        with subprocess.Popen(["bash", "-c", command], cwd=self.tree, env=suites.environment(self.tree), start_new_session=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as p:
            with running_lock:
                running.add(p)
                if stop.is_set():
                    os.killpg(p.pid, signal.SIGKILL)
            try:
                out = p.communicate(timeout=seconds)[0]
                return p.returncode, out.decode(errors="replace")[-2000:]
            except subprocess.TimeoutExpired:
                os.killpg(p.pid, signal.SIGKILL)
                out = p.communicate()[0]
                return None, out.decode(errors="replace")[-2000:]
            finally:
                with running_lock:
                    running.discard(p)

    def build_and_run(self, name):
        """("built" or "broken", status, output): a test in the copy as it is."""
        build_cmd, run_cmd, seconds = suites.command(name)
        status, out = self.shell(build_cmd, BUILD_SECONDS)
        if status != 0:
            return "broken", status, out
        return "built", *self.shell(run_cmd, seconds)

    def try_fault(self, m, names, sound):
        """(outcome, test or message) of a fault: caught, caught (hang), survived, or invalid if it does not compile. sound(name)
        tells whether a test passes without a fault."""
        file = self.tree / m.path
        original = file.read_bytes()
        ran = False
        for name in names:
            if not sound(self, name):
                continue
            try:
                file.write_text(m.apply(original.decode()))
                built, status, out = self.build_and_run(name)
            finally:
                file.write_bytes(original)
            if stop.is_set():
                return "stopped", ""
            if built == "broken":
                return "invalid", out
            ran = True
            if status != 0:
                return "caught (hang)" if status is None else "caught", name
        return ("survived", "") if ran else ("invalid", "no test of its area could run")
