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
$(BUILD)/tests/unit/%: tests/unit/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

$(LOCKSTEP)/port: tests/lockstep/bursts.c
$(LOCKSTEP)/%: tests/lockstep/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

# h5hash compares what a guest made with what is made here; pins drives the gateware at its pins
USB_TESTS := $(BUILD)/tests/usb/h5hash $(BUILD)/tests/usb/pins $(BUILD)/tests/usb/faults
USB_SIMS := $(BUILD)/sim/usb-tiny-high.stamp $(BUILD)/sim/usb-tiny-full.stamp
$(BUILD)/tests/usb/faults: EXTRA = -Wl$(COMMA)--wrap=glb_emu_port_open
$(BUILD)/tests/usb/pins: $(wildcard tests/usb/pins_*.c)
$(BUILD)/tests/usb/%: tests/usb/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

$(BUILD)/tools/%: tools/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

.PHONY: unit test run-tests test-long test-usb lint asan fuzz tools mutants mutants-check
unit: $(UNIT)
tools: $(patsubst tools/%.c,$(BUILD)/tools/%,$(wildcard tools/*.c))

# a make of its own after the set-up, which sees the packages that have come
test:
	@scripts/setup.sh build sim test python formal yosys usb luna
	@$(MAKE) --no-print-directory run-tests

LOCKSTEP_TESTS := $(LOCKSTEP)/lockstep $(LOCKSTEP)/raw $(LOCKSTEP)/port $(LOCKSTEP)/sim_job
run-tests: all unit tools $(BUILD)/python.stamp $(BUILD)/bench/gpu_gibbs_cpu $(BUILD)/bench/graphs $(USB_TESTS) $(USB_SIMS) $(TEST_ARRAYS:%=$(BUILD)/sim/%.stamp) $(LOCKSTEP_TESTS)
	@BUILD=$(BUILD) scripts/run_tests.sh

test-long: mutants-check all $(TEST_ARRAYS:%=$(BUILD)/sim/%.stamp) $(BUILD)/sim/ulx3s-85.stamp $(LOCKSTEP_TESTS)
	@BUILD=$(BUILD) scripts/run_tests.sh long

test-usb: all $(USB_TESTS) $(USB_SIMS)
	@scripts/setup.sh --check build usb
	@BUILD=$(BUILD) scripts/run_tests.sh usb

lint: all
	@scripts/setup.sh --check build sim test python
	@BUILD=$(BUILD) scripts/lint.sh

asan:
	@scripts/setup.sh --check build test
	@$(MAKE) BUILD=$(BUILD)/asan OPT=-O1 SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined' \
		tool unit
	@BUILD=$(BUILD)/asan scripts/run_tests.sh unit

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
