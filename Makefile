# glauber: library, tool, simulator, tests and bit files. `make help` lists the targets. SPDX-License-Identifier: Apache-2.0

BUILD ?= build
ARRAY ?= ulx3s-85
TRACE ?= 0
# V=1 shows the compiler's command lines
Q = $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)')

.PHONY: all help setup ready demo run-demo data clean

all: ready lib tool

help:
	@echo 'build'
	@echo '  make setup            installs with apt what building, simulating and testing need [SETUP=groups of scripts/setup.sh]'
	@echo '  make                  build/glauber, build/libglauber.so, build/libglauber.a [HDF5=0] [PNG=0] [WERROR=1]'
	@echo '  make install          into PREFIX=$(PREFIX) [libdir=..] [DESTDIR=..]; make uninstall takes it out again'
	@echo '  make dist             build/glauber-$(VERSION).tar.gz of the last commit'
	@echo '  make wheel            source archive and wheel of the Python package in build/dist; pip install . needs no make'
	@echo '  make web              the page that runs the emulator in a browser, in $(BUILD)/web [PORT=8000: make serve-web shows it]'
	@echo '  make clean'
	@echo 'run'
	@echo '  make demo             sets up, trains on MNIST and draws digits'
	@echo '  make data             fetches and checks the training data'
	@echo '  make sim              Verilated RTL against emulator and exact enumeration [ARRAY=$(ARRAY)] [TRACE=1]'
	@echo '  make sim-usb          the board top with USB, driven at its ULPI or D+/D- pins [ARRAY=$(ARRAY)]'
	@echo 'check'
	@echo '  make test             sets up and runs every quick test; the last line counts them'
	@echo '  make unit             builds the unit tests'
	@echo '  make test-python      the tests of the Python package alone'
	@echo '  make test-web         those of the page alone, in a headless Chromium'
	@echo '  make test-torch       those of glauber.torch, with PyTorch in .venv-torch (200 MB)'
	@echo '  make test-long        the long lockstep runs, sanitizers, a tenth of the deliberate faults'
	@echo '  make test-usb         a Linux guest attaches emulated boards over USB/IP and runs the tool on them'
	@echo '  make lint             verilator --lint-only, order of the rooms, clang-format, cppcheck'
	@echo '  make asan             unit tests and tests of the tool with address and undefined-behaviour sanitizers'
	@echo '  make tsan             those that use threads with the thread sanitizer'
	@echo '  make fuzz             a million inputs to each parser of what comes from outside'
	@echo '  make mutants          sets deliberate faults and runs the tests that should notice [AREA=..] [SHARE=0.1] [SEED=..]'
	@echo 'measure'
	@echo '  make bench            rates of this machine on the graphs of the comparison'
	@echo '  make bench-report     docs/results/comparison.md from the result files'
	@echo '  make usb-report       measures USB at the simulated pins: docs/results/usb.json'
	@echo '  make area             LUT4, FF, EBR and DSP of ARRAY with yosys'
	@echo 'boards'
	@echo '  make boards           boards that bit and flash know'
	@echo '  make bit BOARD=..     bit file [ARRAY=..] [MHZ=..] [SEED=..]; fails if the timing is not met'
	@echo '  make flash BOARD=..   programs a board [BIT=file] [TO=sram|flash]'
	@echo '  make report ROWS=..   adds runs of make bit to docs/results/ecp5.md and ecp5.json'
	@echo '  make udev             lets users open boards on USB (as root)'

# ---- set-up: only this target, demo and test install packages; all others name what is missing ----

SETUP ?= build sim test python formal yosys usb luna web browser data
setup:
	@scripts/setup.sh $(SETUP)

ready:
	@HDF5=$(HDF5) scripts/setup.sh --check build

data:
	@scripts/setup.sh --check data
	@scripts/data.sh

# a make of its own after the set-up, which sees the packages that have come
demo:
	@scripts/setup.sh build sim data
	@$(MAKE) --no-print-directory run-demo

run-demo: all
	@BUILD=$(BUILD) scripts/demo.sh

clean:
	rm -rf $(BUILD)

include mk/library.mk mk/install.mk mk/python.mk mk/sim.mk mk/web.mk mk/tests.mk mk/bench.mk mk/fpga.mk
