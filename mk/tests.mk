# Tests, lint, sanitizers, fuzzers. SPDX-License-Identifier: Apache-2.0

COMMA := ,
SUPPORT_SRC := $(wildcard tests/support/*.c)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(BUILD)/%.o)
UNIT_SRC := $(wildcard tests/unit/*/test_*.c)
UNIT := $(UNIT_SRC:%.c=$(BUILD)/%)
TEST_ARRAYS := $(shell scripts/array.sh --for tests) small

# tests may look into any room; the tool's files but main are a library for them
TEST_LIBS := $(BUILD)/libtest_support.a $(BUILD)/libtool.a $(BUILD)/libusb_board.a $(PRIVATE_LIB)

$(SUPPORT_OBJ): CFLAGS_ALL += -Itests

$(BUILD)/libtest_support.a: $(SUPPORT_OBJ)
	$(archive)

$(BUILD)/libtool.a: $(filter-out %/main.o,$(TOOL_OBJ))
	$(archive)

# program: its sources linked with everything
define program
@mkdir -p $(@D)
$(call say,LD $@)
$(Q)$(CC) $(CFLAGS_ALL) -Itests $(filter %.c,$^) $(LDFLAGS) $(TEST_LIBS) $(TOOL_LIBS) $(EXTRA) -o $@
endef

$(BUILD)/tests/unit/%: EXTRA = -lcmocka
$(BUILD)/tests/unit/learn/test_out_of_memory: EXTRA = -lcmocka -Wl$(COMMA)--wrap=malloc$(COMMA)--wrap=calloc
$(BUILD)/tests/unit/learn/test_layer_phases $(BUILD)/tests/unit/learn/test_broken_counts $(BUILD)/tests/unit/sampler/test_statistics_bytes $(BUILD)/tests/unit/tempering/test_tempering_bytes: EXTRA = -lcmocka -Wl$(COMMA)--wrap=glb_emu_port_open
$(BUILD)/tests/unit/transports/test_sim_version: $(BUILD)/tests/unit/transports/libglauber-sim-tiny.so
$(BUILD)/tests/unit/transports/test_uart_line: EXTRA = -lcmocka -Wl$(COMMA)--wrap=tcsendbreak$(COMMA)--wrap=ioctl
$(BUILD)/tests/unit/tool/test_commands: EXTRA = -lcmocka -Wl$(COMMA)--wrap=glb_compile$(COMMA)--wrap=glb_device_line_counters$(COMMA)--wrap=glb_usb_find$(COMMA)--wrap=glb_usb_free_boards
$(BUILD)/tests/unit/%: tests/unit/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

# a simulator library of an older version; without sanitizers, as simulators are
$(BUILD)/tests/unit/transports/libglauber-sim-tiny.so: override SANITIZE =
$(BUILD)/tests/unit/transports/libglauber-sim-tiny.so: tests/unit/transports/old_simulator.c sim/glb_sim.h
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(CFLAGS_ALL) -shared $< -o $@

# the same at a simulated board's serial line
BITFILE := $(BUILD)/tests/bitfile
$(BITFILE)/lockstep: EXTRA = -Wl$(COMMA)--wrap=poll
$(BITFILE)/lockstep: tests/lockstep/lockstep.c tests/lockstep/random_programs.c tests/bitfile/slow_line.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

$(LOCKSTEP)/port: tests/lockstep/bursts.c
$(LOCKSTEP)/raw: tests/lockstep/raw_images.c
$(LOCKSTEP)/lockstep: tests/lockstep/random_programs.c
$(LOCKSTEP)/boundary: tests/lockstep/boundary_jobs.c tests/lockstep/boundary_reference.c tests/lockstep/clocked_board.c
$(LOCKSTEP)/%: tests/lockstep/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

# h5hash compares what a guest made with what is made here; pins drives the gateware at its pins
USB_TESTS := $(BUILD)/tests/usb/h5hash $(BUILD)/tests/usb/pins $(BUILD)/tests/usb/faults $(BUILD)/tests/usb/train
USB_SIMS := $(BUILD)/sim/usb-tiny-high.stamp $(BUILD)/sim/usb-tiny-full.stamp
$(BUILD)/tests/usb/faults $(BUILD)/tests/usb/train: EXTRA = -Wl$(COMMA)--wrap=glb_emu_port_open
$(BUILD)/tests/usb/pins: $(wildcard tests/usb/pins_*.c)
$(BUILD)/tests/usb/%: tests/usb/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

# what the tests of the tool read its HDF5 files with
CLI_TESTS := $(BUILD)/tests/cli/h5json
$(BUILD)/tests/cli/%: tests/cli/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

# compact models beside their model files, labels beside the page's
$(BUILD)/tests/web/%: CFLAGS_ALL += -Iweb
$(BUILD)/tests/web/%: tests/web/%.c web/core/compact.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

# what the tests of the Python package unplug
$(BUILD)/tests/python/%: tests/python/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

$(BUILD)/tools/%: tools/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

.PHONY: unit test run-tests test-long test-usb lint fuzz tools mutants mutants-check
unit: $(UNIT)
tools: $(patsubst tools/%.c,$(BUILD)/tools/%,$(wildcard tools/*.c))

# a make of its own after the set-up, which sees the packages that have come
test:
	@scripts/setup.sh build sim test python formal yosys usb luna web browser
	@$(MAKE) --no-print-directory run-tests

LOCKSTEP_TESTS := $(LOCKSTEP)/lockstep $(LOCKSTEP)/raw $(LOCKSTEP)/port $(LOCKSTEP)/boundary $(LOCKSTEP)/sim_job $(BITFILE)/lockstep
run-tests: all unit tools $(BUILD)/python.stamp $(BUILD)/bench/gpu_gibbs_cpu $(BUILD)/bench/graphs $(CLI_TESTS) $(PYTHON_TESTS) $(WEB_FILES) $(WEB_TESTS) $(USB_TESTS) $(USB_SIMS) $(TEST_ARRAYS:%=$(BUILD)/sim/%.stamp) $(LOCKSTEP_TESTS)
	@BUILD=$(BUILD) scripts/run_tests.sh

test-long: mutants-check all $(BUILD)/python.stamp build-asan build-tsan $(TEST_ARRAYS:%=$(BUILD)/sim/%.stamp) $(BUILD)/sim/25f.stamp $(BUILD)/sim/ulx3s-85.stamp $(LOCKSTEP_TESTS)
	@BUILD=$(BUILD) scripts/run_tests.sh long

test-usb: all $(USB_TESTS) $(USB_SIMS)
	@scripts/setup.sh --check build usb
	@BUILD=$(BUILD) scripts/run_tests.sh usb

lint: all
	@scripts/setup.sh --check build sim test python web
	@BUILD=$(BUILD) scripts/lint.sh

# instrumented builds in folders of their own; a report of a sanitizer fails the test (scripts/sanitized.sh)
# linked statically, as one library of the two would take the name of the file of reports from the other
ADDRESS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -static-libasan -static-libubsan
THREAD := -fsanitize=thread -fno-omit-frame-pointer
.PHONY: asan tsan build-asan build-tsan
build-asan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT=-O1 SANITIZE='$(ADDRESS)' tool unit $(patsubst $(BUILD)/%,$(BUILD)/asan/%,$(BUILD)/tests/usb/h5hash $(CLI_TESTS))

build-tsan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan OPT=-O1 SANITIZE='$(THREAD)' tool unit

asan tsan: %: build-% $(BUILD)/sim/small.stamp
	@scripts/setup.sh --check build sim test
	@BUILD=$(BUILD) scripts/run_tests.sh $*

fuzz:
	@scripts/setup.sh --check build fuzz
	@scripts/fuzz.sh $(BUILD)/fuzz

# deliberate faults, one at a time in a copy of the tree below $(BUILD)/mutants (tests/mutants/README.md); goes on where it stopped
SHARE ?= 1
mutants: mutants-check
	@scripts/setup.sh --check build sim test
	@nice -n 19 python3 tests/mutants/run.py run --build $(BUILD) --share $(SHARE) --seed $(or $(SEED),1) \
		--jobs $(or $(JOBS),1) $(if $(AREA),--area $(AREA))

mutants-check:
	@python3 tests/mutants/run.py check
