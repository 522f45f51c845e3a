# Measurements: rates of this machine, comparison with GPU and CPU samplers, USB. SPDX-License-Identifier: Apache-2.0

# bench/X.c, bench/compare/X.c and bench/peers/X.c become $(BUILD)/bench/X
$(BUILD)/bench/usb_training $(BUILD)/bench/usb_eval: bench/timed/timed_board.c
$(BUILD)/bench/usb_training $(BUILD)/bench/usb_eval: EXTRA = -Wl$(COMMA)--wrap=glb_emu_port_open
$(BUILD)/bench/%: bench/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)
$(BUILD)/bench/%: bench/compare/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)
$(BUILD)/bench/%: bench/peers/%.c $(TEST_LIBS) $(BUILD)/flags
	$(program)

# the GPU kernels' source, its threads as fibers of the CPU
GPU_CPU_SRC = bench/gpu/sampler.cu $(wildcard bench/gpu/*.cc)
$(BUILD)/bench/gpu_gibbs_cpu: $(GPU_CPU_SRC) $(wildcard bench/gpu/*.h bench/gpu/*.cuh) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)g++ -std=c++17 -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) -U_FORTIFY_SOURCE -x c++ $(GPU_CPU_SRC) -pthread -o $@

.PHONY: bench bench-report usb-report
# what this machine has; a GPU if nvidia-smi is there
bench: all $(BUILD)/bench/graphs $(BUILD)/bench/emu_gibbs
	@scripts/setup.sh --check test
	@BUILD=$(BUILD) bench/compare/cpu.sh
	@if command -v nvidia-smi >/dev/null 2>&1; then BUILD=$(BUILD) bench/gpu/run.sh; \
		else echo 'bench: no GPU here; docs/gpu.md says how to run that part elsewhere'; fi

bench-report:
	@scripts/setup.sh --check test
	@PYTHONDONTWRITEBYTECODE=1 python3 bench/compare/report.py docs/results

# the Python layer's cost, and other Python packages
.PHONY: bench-python
bench-python: $(BUILD)/python.stamp
	@BUILD=$(BUILD) bench/python/run.sh

# the simulators only for parts that run them
usb-report: all $(if $(filter-out faults fuzz area training eval,$(or $(PARTS),all)),$(USB_SIMS) $(BUILD)/sim/usb-small-full.stamp $(BUILD)/sim/usb-ulx3s-85-high.stamp)
usb-report: $(USB_GEN)/glb_luna_ulpi.v $(USB_GEN)/glb_luna_fs.v $(USB_GEN)/high/glb_usb_rom.svh $(USB_GEN)/full/glb_usb_rom.svh
usb-report: $(BUILD)/bench/usb $(BUILD)/bench/usb_training $(BUILD)/bench/usb_eval $(BUILD)/tests/usb/faults
	@scripts/setup.sh --check build fuzz yosys
	@BUILD=$(BUILD) scripts/usb_report.sh $(PARTS)
