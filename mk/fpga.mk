# Area, bit files, boards. SPDX-License-Identifier: Apache-2.0

BOARD ?=
MHZ ?=
SEED ?=
TO ?= sram
BIT ?=
ROWS ?=
# the board's own array unless ARRAY was given on the command line
BIT_ARRAY = $(if $(filter command line environment,$(origin ARRAY)),$(ARRAY))
USB_SOURCES := $(USB_GEN)/glb_luna_ulpi.v $(USB_GEN)/glb_luna_fs.v $(USB_GEN)/high/glb_usb_rom.svh $(USB_GEN)/full/glb_usb_rom.svh

.PHONY: area bit flash report boards
area:
	@scripts/setup.sh --check yosys
	@fpga/area.sh $(ARRAY) $(BUILD)/area

bit: $(if $(filter %-usb,$(BOARD)),$(USB_SOURCES))
	@fpga/board.sh '$(BOARD)' >/dev/null
	@scripts/setup.sh --check yosys
	@USB='$(USB_GEN)' fpga/bit_seeds.sh '$(BOARD)' '$(BIT_ARRAY)' '$(MHZ)' '$(SEED)' '$(BUILD)/fpga'

flash:
	@fpga/flash.sh '$(BOARD)' '$(BIT)' '$(TO)' '$(BUILD)/fpga'

# adds the runs ROWS (build/fpga/*/row.json) to docs/results/ecp5 and writes the report
report: all
	@fpga/report.sh $(BUILD)/glauber $(wildcard $(ROWS))

boards:
	@awk '!/^#/ { d = $$12; for (i = 13; i <= NF; i++) d = d " " $$i; printf "%-15s %-9s speed %s  default array %-9s at %s MHz  %s\n", $$1, $$3, $$5, $$7, $$8, d }' fpga/boards.def
