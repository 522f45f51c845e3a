# The RTL behind a C API, one shared object an array (Verilator), and the board tops with USB gateware.
# SPDX-License-Identifier: Apache-2.0

# waveforms cost time even when none is written, so TRACE=1 builds its own
SIM_DIR = $(BUILD)/sim$(if $(filter 1,$(TRACE)),/trace)
LOCKSTEP := $(BUILD)/tests/lockstep
RTL := rtl/rtl.f $(wildcard rtl/*.svh rtl/*.sv rtl/*/*.sv)

.PHONY: sim sim-lib sim-usb ready-sim ready-luna
ready-sim:
	@HDF5=$(HDF5) scripts/setup.sh --check build sim

ready-luna:
	@HDF5=$(HDF5) scripts/setup.sh --check build sim luna

sim-lib: ready-sim $(SIM_DIR)/$(ARRAY).stamp

SIM_DEPS := $(RTL) rtl/arrays.def sim/glb_sim.cc sim/glb_sim.h scripts/verilate.sh scripts/array.sh

$(BUILD)/sim/trace/%.stamp: $(SIM_DEPS)
	$(Q)TRACE=1 scripts/verilate.sh $* $(BUILD)/sim/trace/$*
	@touch $@

$(BUILD)/sim/%.stamp: $(SIM_DEPS)
	$(Q)TRACE=0 scripts/verilate.sh $* $(BUILD)/sim/$*
	@touch $@

sim: ready-sim all $(SIM_DIR)/$(ARRAY).stamp $(LOCKSTEP)/sim_job
	GLAUBER_SIM_DIR=$(SIM_DIR) $(LOCKSTEP)/sim_job --array $(ARRAY) \
		$(if $(filter 1,$(TRACE)),--trace $(SIM_DIR)/$(ARRAY).fst)

# ---- USB gateware: LUNA's core, descriptors, and the board top driven at its USB pins ----

USB_GEN = $(BUILD)/usb
SERIAL ?= GLB0001

$(USB_GEN)/glb_luna_ulpi.v $(USB_GEN)/glb_luna_fs.v: $(USB_GEN)/glb_luna_%.v: fpga/usb/luna_core.py fpga/usb/requirements.txt | ready-luna
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
