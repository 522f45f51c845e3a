# glauber: library, tool, simulator and tests. SPDX-License-Identifier: Apache-2.0
# `make help` lists the targets.

BUILD ?= build
PREFIX ?= /usr/local
VERSION := 0.1.0
ARRAY ?= ulx3s-85
TRACE ?= 0
# V=1 shows the compiler's command lines
Q = $(if $(V),,@)

CC = gcc
OPT ?= -O2
SANITIZE ?=
PKGS = hdf5 libpng igraph libusb-1.0
CFLAGS_ALL = $(OPT) -g -std=c11 -Wall -Wextra -Werror -D_GNU_SOURCE -DGLB_VERSION='"$(VERSION)"' -fPIC -pthread \
	-Ihost/include -Ihost/src -Isim $(shell pkg-config --cflags $(PKGS) 2>/dev/null) $(SANITIZE) $(CFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -ldl -lm -pthread

# cli_*.c make the tool, the rest of host/src the library
CLI_SRC := $(wildcard host/src/cli_*.c)
LIB_SRC := $(filter-out $(CLI_SRC),$(wildcard host/src/*.c))
TOOL_SRC := $(wildcard tools/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/%.o)
TOOLS := $(TOOL_SRC:tools/%.c=$(BUILD)/tools/%)
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
LOCKSTEP := $(BUILD)/tests/lockstep
HEADERS := $(wildcard host/include/*.h host/src/*.h sim/*.h rtl/arrays.def)

TEST_ARRAYS = tiny tiny1 tiny4 small

# h5hash compares what a guest made with what is made here; pins drives the gateware at its pins
USB_TESTS := $(BUILD)/tests/usb/h5hash $(BUILD)/tests/usb/pins $(BUILD)/tests/usb/faults
USB_SIMS := $(BUILD)/sim/usb-tiny-high.stamp $(BUILD)/sim/usb-tiny-full.stamp
SERIAL ?= GLB0001
COMMA := ,

.PHONY: bench bench-report
.PHONY: all help setup lib sim sim-lib test test-usb udev test-long lint asan area install data demo clean unit

all: setup $(BUILD)/glauber $(TOOLS)

help:
	@echo 'make                  build/glauber, build/libglauber.a'
	@echo 'make sim              Verilated RTL against emulator and exact enumeration [ARRAY=$(ARRAY)] [TRACE=1]'
	@echo 'make sim-usb          the board top with USB, driven at its ULPI or D+/D- pins [ARRAY=$(ARRAY)]'
	@echo 'make test             every quick test; the last line counts them'
	@echo 'make test-usb         a Linux guest attaches emulated boards over USB/IP and runs the tool on them'
	@echo 'make fuzz             a million inputs to each parser of what comes from outside'
	@echo 'make usb-report       measures USB at the simulated pins: docs/results/usb.json'
	@echo 'make test-long        the long lockstep runs'
	@echo 'make lint             verilator --lint-only, clang-format, cppcheck'
	@echo 'make asan             the unit tests with address and undefined-behaviour sanitizers'
	@echo 'make area             LUT4, FF, EBR and DSP of ARRAY with yosys'
	@echo 'make boards           boards that bit and flash know'
	@echo 'make bit BOARD=..     bit file [ARRAY=..] [MHZ=..] [SEED=..]; fails if the timing is not met'
	@echo 'make flash BOARD=..   programs a board [BIT=file] [TO=sram|flash]'
	@echo 'make report ROWS=..   adds runs of make bit to docs/results/ecp5.md and ecp5.json'
	@echo 'make bench            rates of this machine on the graphs of the comparison'
	@echo 'make bench-report     docs/results/comparison.md from the result files'
	@echo 'make data             fetches and checks the training data'
	@echo 'make demo             trains on MNIST and draws digits'
	@echo 'make udev             lets users open boards on USB (as root)'
	@echo 'make install          into PREFIX=$(PREFIX)'

setup:
	@scripts/setup.sh build

lib: setup $(BUILD)/libglauber.a

$(BUILD)/%.o: %.c $(HEADERS) Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo '  CC $<')
	$(Q)$(CC) $(CFLAGS_ALL) -c $< -o $@

# kernels that are called only where the processor has what they need
ifeq ($(shell uname -m),x86_64)
$(BUILD)/host/src/emu_avx2.o: CFLAGS_ALL += -mavx2 -mbmi -mbmi2 -mpopcnt
$(BUILD)/host/src/emu_avx512.o: CFLAGS_ALL += -mavx512f -mavx512bw -mbmi -mbmi2 -mpopcnt
endif
$(BUILD)/host/src/energy.o: CFLAGS_ALL += -O3

# models say which revision made them
REVISION := $(shell git describe --always --dirty --exclude '*' 2>/dev/null)
$(BUILD)/host/src/version.o: CFLAGS_ALL += -DGLB_REVISION='"$(REVISION)"'
$(BUILD)/host/src/version.o: $(wildcard .git/logs/HEAD)

$(BUILD)/libglauber.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $(LIB_OBJ)

$(BUILD)/glauber: $(CLI_OBJ) $(BUILD)/libglauber.a
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(OPT) $(SANITIZE) $(CLI_OBJ) $(BUILD)/libglauber.a $(LIBS) -o $@

$(BUILD)/tools/%: tools/%.c $(BUILD)/libglauber.a $(HEADERS)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libglauber.a $(LIBS) -o $@

# ---- simulator: one shared object an array ----

# waveforms cost time even when none is written, so TRACE=1 builds its own
SIM_DIR = $(BUILD)/sim$(if $(filter 1,$(TRACE)),/trace)
RTL := rtl/rtl.f $(wildcard rtl/*.svh rtl/*.sv rtl/*/*.sv)

sim-lib: setup-sim $(SIM_DIR)/$(ARRAY).stamp

.PHONY: setup-sim
setup-sim:
	@scripts/setup.sh build sim

SIM_DEPS := $(RTL) rtl/arrays.def sim/glb_sim.cc sim/glb_sim.h scripts/verilate.sh scripts/array.sh

$(BUILD)/sim/trace/%.stamp: $(SIM_DEPS)
	$(Q)TRACE=1 scripts/verilate.sh $* $(BUILD)/sim/trace/$*
	@touch $@

$(BUILD)/sim/%.stamp: $(SIM_DEPS)
	$(Q)TRACE=0 scripts/verilate.sh $* $(BUILD)/sim/$*
	@touch $@

sim: setup-sim all $(SIM_DIR)/$(ARRAY).stamp $(LOCKSTEP)/sim_job
	GLAUBER_SIM_DIR=$(SIM_DIR) $(LOCKSTEP)/sim_job --array $(ARRAY) \
		$(if $(filter 1,$(TRACE)),--trace $(SIM_DIR)/$(ARRAY).fst)

$(LOCKSTEP)/%: tests/lockstep/%.c $(wildcard tests/lockstep/*.h) $(BUILD)/libglauber.a $(HEADERS)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libglauber.a $(LIBS) -o $@

# ---- USB gateware: LUNA's core, descriptors, and the board top driven at its USB pins ----

USB_GEN = $(BUILD)/usb

.PHONY: setup-luna sim-usb
setup-luna:
	@scripts/setup.sh build sim luna

$(USB_GEN)/glb_luna_ulpi.v $(USB_GEN)/glb_luna_fs.v: $(USB_GEN)/glb_luna_%.v: fpga/usb/luna_core.py fpga/usb/requirements.txt | setup-luna
	@mkdir -p $(@D)
	@echo '  LUNA $@'
	$(Q).venv-usb/bin/python fpga/usb/luna_core.py $* $@

$(USB_GEN)/high/glb_usb_rom.svh $(USB_GEN)/full/glb_usb_rom.svh: $(USB_GEN)/%/glb_usb_rom.svh: $(BUILD)/tools/usb_rom
	@mkdir -p $(@D)
	$(Q)$< $(SERIAL) $* > $@.new && mv $@.new $@

USB_DEPS := $(RTL) $(wildcard fpga/*.sv fpga/usb/*.sv) rtl/arrays.def sim/glb_usb_sim.cc sim/glb_usb_sim.h scripts/verilate_usb.sh \
	scripts/array.sh $(USB_GEN)/glb_luna_ulpi.v $(USB_GEN)/glb_luna_fs.v

$(BUILD)/sim/usb-%-high.stamp: $(USB_DEPS) $(USB_GEN)/high/glb_usb_rom.svh
	$(Q)scripts/verilate_usb.sh $* high $(BUILD)/sim/usb-$*-high $(USB_GEN)
	@touch $@

$(BUILD)/sim/usb-%-full.stamp: $(USB_DEPS) $(USB_GEN)/full/glb_usb_rom.svh
	$(Q)scripts/verilate_usb.sh $* full $(BUILD)/sim/usb-$*-full $(USB_GEN)
	@touch $@

sim-usb: all $(BUILD)/sim/usb-$(ARRAY)-high.stamp $(BUILD)/sim/usb-$(ARRAY)-full.stamp

# ---- tests ----

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libglauber.a $(HEADERS)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(CFLAGS_ALL) -Itests/unit $< $(BUILD)/libglauber.a $(LIBS) -lcmocka -o $@

$(BUILD)/example: docs/example.c $(BUILD)/libglauber.a
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) -O2 -std=c11 -Wall -Wextra -Werror -Ihost/include $(SANITIZE) $< $(BUILD)/libglauber.a $(LIBS) -o $@

unit: $(UNIT)

# ---- USB: fuzzers, what it moves ----

$(BUILD)/bench/usb $(BUILD)/bench/usb_training: $(BUILD)/bench/%: bench/%.c tests/usb/pins_transport.h $(BUILD)/libglauber.a $(HEADERS)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libglauber.a $(LIBS) $(if $(findstring training,$@),-Wl$(COMMA)--wrap=glb_emu_port_open) -o $@

.PHONY: fuzz usb-report
fuzz:
	@scripts/setup.sh build fuzz
	@scripts/fuzz.sh $(BUILD)/fuzz

# the simulators only for parts that run them
usb-report: all $(if $(filter-out faults fuzz area training,$(or $(PARTS),all)),$(USB_SIMS) $(BUILD)/sim/usb-small-full.stamp $(BUILD)/sim/usb-ulx3s-85-high.stamp)
usb-report: $(USB_GEN)/glb_luna_ulpi.v $(USB_GEN)/glb_luna_fs.v $(USB_GEN)/high/glb_usb_rom.svh $(USB_GEN)/full/glb_usb_rom.svh
usb-report: $(BUILD)/bench/usb $(BUILD)/bench/usb_training $(BUILD)/tests/usb/faults
	@scripts/setup.sh build fuzz yosys
	@BUILD=$(BUILD) scripts/usb_report.sh $(PARTS)

# ---- comparison with GPU and CPU samplers ----

# the GPU kernels' source, its threads as fibers of the CPU
GPU_CPU_SRC = bench/gpu/sampler.cu $(wildcard bench/gpu/*.cc)
$(BUILD)/bench/gpu_gibbs_cpu: $(GPU_CPU_SRC) $(wildcard bench/gpu/*.h bench/gpu/*.cuh) Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)g++ -std=c++17 -O2 -g -Wall -Wextra -Werror -U_FORTIFY_SOURCE -x c++ $(GPU_CPU_SRC) -pthread -o $@

$(BUILD)/bench/emu_gibbs: bench/peers/emu_gibbs.c $(BUILD)/libglauber.a $(HEADERS)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libglauber.a $(LIBS) -o $@

$(BUILD)/bench/%: bench/compare/%.c $(BUILD)/libglauber.a $(HEADERS)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libglauber.a $(LIBS) -o $@

# what this machine has; a GPU if nvidia-smi is there
bench: setup-test all $(BUILD)/bench/graphs $(BUILD)/bench/emu_gibbs
	@BUILD=$(BUILD) bench/compare/cpu.sh
	@if command -v nvidia-smi >/dev/null 2>&1; then BUILD=$(BUILD) bench/gpu/run.sh; \
		else echo 'bench: no GPU here; docs/gpu.md says how to run that part elsewhere'; fi

bench-report:
	@scripts/setup.sh test
	@PYTHONDONTWRITEBYTECODE=1 python3 bench/compare/report.py docs/results

$(BUILD)/tests/usb/%: tests/usb/%.c $(BUILD)/libglauber.a $(HEADERS)
	@mkdir -p $(@D)
	$(if $(V),,@echo '  LD $@')
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libglauber.a $(LIBS) $(if $(findstring /faults,$@),-Wl$(COMMA)--wrap=glb_emu_port_open) -o $@

test: setup-test all unit $(BUILD)/example $(BUILD)/bench/gpu_gibbs_cpu $(BUILD)/bench/graphs $(USB_TESTS) $(USB_SIMS) $(TEST_ARRAYS:%=$(BUILD)/sim/%.stamp) $(LOCKSTEP)/lockstep \
		$(LOCKSTEP)/raw $(LOCKSTEP)/port $(LOCKSTEP)/sim_job
	@BUILD=$(BUILD) scripts/run_tests.sh

test-long: setup-test all $(TEST_ARRAYS:%=$(BUILD)/sim/%.stamp) $(BUILD)/sim/ulx3s-85.stamp $(LOCKSTEP)/lockstep \
		$(LOCKSTEP)/raw $(LOCKSTEP)/port
	@BUILD=$(BUILD) scripts/run_tests.sh long

.PHONY: setup-test
setup-test:
	@scripts/setup.sh build sim test formal yosys usb luna

test-usb: setup-usb all $(USB_TESTS) $(USB_SIMS)
	@BUILD=$(BUILD) scripts/run_tests.sh usb

.PHONY: setup-usb
setup-usb:
	@scripts/setup.sh build usb

lint:
	@scripts/setup.sh build sim test
	@scripts/lint.sh

asan:
	@scripts/setup.sh build test
	@$(MAKE) BUILD=$(BUILD)/asan OPT=-O1 SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined' \
		all unit
	@BUILD=$(BUILD)/asan scripts/run_tests.sh unit

area:
	@scripts/setup.sh yosys
	@fpga/area.sh $(ARRAY) $(BUILD)/area

# ---- FPGA ----

BOARD ?= ulx3s
MHZ ?=
SEED ?=
TO ?= sram
# the board's own array unless ARRAY was given on the command line
BIT_ARRAY = $(if $(filter command line environment,$(origin ARRAY)),$(ARRAY))
BIT ?=

# adds the runs ROWS (build/fpga/*/row.json) to docs/results/ecp5 and writes the report
.PHONY: bit flash boards report
bit: $(if $(filter %-usb,$(BOARD)),$(USB_GEN)/glb_luna_ulpi.v $(USB_GEN)/glb_luna_fs.v $(USB_GEN)/high/glb_usb_rom.svh $(USB_GEN)/full/glb_usb_rom.svh)
	@scripts/setup.sh yosys
	@USB='$(USB_GEN)' fpga/bit.sh '$(BOARD)' '$(BIT_ARRAY)' '$(MHZ)' '$(SEED)' '$(BUILD)/fpga'

flash:
	@fpga/flash.sh '$(BOARD)' '$(or $(BIT),$(firstword $(filter-out $(BUILD)/fpga/$(BOARD)-usb-%,$(wildcard $(BUILD)/fpga/$(BOARD)-*/glb.bit)) $(wildcard fpga/prebuilt/$(BOARD).bit) $(BUILD)/fpga/$(BOARD)/glb.bit))' '$(TO)'

ROWS ?=
report: all
	@fpga/report.sh $(BUILD)/glauber $(wildcard $(ROWS))

boards:
	@awk '!/^#/ { d = $$12; for (i = 13; i <= NF; i++) d = d " " $$i; printf "%-15s %-9s speed %s  default array %-9s at %s MHz  %s\n", $$1, $$3, $$5, $$7, $$8, d }' fpga/boards.def

data: all
	@scripts/data.sh

demo: all
	@scripts/demo.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include \
		$(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/glauber $(DESTDIR)$(PREFIX)/bin/glauber
	install -m 644 $(BUILD)/libglauber.a $(DESTDIR)$(PREFIX)/lib/libglauber.a
	install -m 644 host/include/glauber.h $(DESTDIR)$(PREFIX)/include/glauber.h
	install -m 644 docs/glauber.1 $(DESTDIR)$(PREFIX)/share/man/man1/glauber.1
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@PKGS@|$(PKGS)|' glauber.pc.in \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/glauber.pc
	@for so in $(BUILD)/sim/*/libglauber-sim-*.so; do if [ -e "$$so" ]; then \
		install -m 755 "$$so" $(DESTDIR)$(PREFIX)/lib/; fi; done

udev: scripts/60-glauber.rules
	install -m 644 $< $(DESTDIR)/etc/udev/rules.d/60-glauber.rules
	@[ -n "$(DESTDIR)" ] || { udevadm control --reload && udevadm trigger --subsystem-match=usb --subsystem-match=tty; }

clean:
	rm -rf $(BUILD)
