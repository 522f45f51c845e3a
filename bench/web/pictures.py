#!/usr/bin/env python3
"""Pictures of the page: docs/results/window.png and window-chip.png. Usage: pictures.py [WEB_FOLDER]
SPDX-License-Identifier: Apache-2.0"""

import os
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/web"))
import browser

DIGIT, SEED, SWEEPS = 3, 2026, 1600  # it rests at the end of its ramp


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build/web")
    out = os.path.join(ROOT, "docs/results")
    server = browser.serve(folder)
    with browser.Browser(1120, 1140) as b:
        b.open(f"http://localhost:{server.server_port}/")
        b.wait("performance.getEntriesByName('first picture').length")
        b.wait("glauber?.panels.draw")
        b.run("""
            await glauber.panels.draw.opened;
            document.querySelector('#view-draw [data-seed]').value = String(args[1]);
            document.querySelector('#view-draw [data-speed]').value = 'full';
            for (const digit of [(args[0] + 1) % 10, args[0]])
              document.querySelector(`.digits input[value="${digit}"]`).click();""", DIGIT, SEED)
        b.wait(f"glauber.panels.draw.digit === {DIGIT} && glauber.panels.draw.player.frame?.sweeps >= {SWEEPS}", 120)
        b.run("await glauber.panels.draw.player.pause();")
        b.picture(os.path.join(out, "window.png"))
        b.click("#tab-chip")
        b.wait("document.querySelector('#view-chip canvas')?.width > 0")
        b.run("await new Promise((done) => setTimeout(done, 1500));")
        b.picture(os.path.join(out, "window-chip.png"))


main()
