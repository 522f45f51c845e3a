# The library, shared and static, the simulated USB board and the tool. SPDX-License-Identifier: Apache-2.0

CC = gcc
OPT ?= -O2
SANITIZE ?=
# 1: warnings are errors, as in continuous integration
WERROR ?=
# 0: without HDF5, so without files of samples, programs, models and checkpoints
HDF5 ?= 1
# 0: the library without libpng, so without reading pictures; the tool always has it
PNG ?= 1

HEADER := host/include/glauber.h
version_of = $(shell sed -n 's/^\#define GLB_VERSION_$(1) *\([0-9]*\).*/\1/p' $(HEADER))
VERSION := $(call version_of,MAJOR).$(call version_of,MINOR).$(call version_of,PATCH)
# the number in the soname: raised when a program built against an older library would no longer run
SOVERSION := 0

LIB_PKGS = $(if $(filter 0,$(HDF5)),,hdf5) $(if $(filter 0,$(PNG)),,libpng) libusb-1.0 zlib
TOOL_PKGS = libpng
pkg_flags = $(shell pkg-config $(1) 2>/dev/null)

CFLAGS_ALL = $(OPT) -g -std=c11 -Wall -Wextra $(if $(WERROR),-Werror) -D_GNU_SOURCE -DGLB_VERSION='"$(VERSION)"' -fPIC -pthread \
	-Ihost/include -Ihost/lib -Ihost -Irtl -Isim -MMD -MP $(call pkg_flags,--cflags $(LIB_PKGS) $(TOOL_PKGS)) $(SANITIZE) $(CPPFLAGS) $(CFLAGS)
LIBS = $(call pkg_flags,--libs $(LIB_PKGS)) -ldl -lm -pthread
TOOL_LIBS = $(call pkg_flags,--libs $(TOOL_PKGS)) $(LIBS)
LINK = $(CC) $(OPT) -g $(SANITIZE) $(CFLAGS) $(LDFLAGS)

LIB_SRC := $(filter-out $(if $(filter 0,$(HDF5)),host/lib/files/hdf5_%.c host/lib/files/sample_file.c host/lib/files/sample_info.c host/lib/files/statistics_file.c,host/lib/files/no_hdf5.c) \
	host/lib/files/$(if $(filter 0,$(PNG)),png_file,no_png).c, \
	$(wildcard host/lib/*.c host/lib/*/*.c host/lib/*/*/*.c))
USB_BOARD_SRC := $(wildcard host/usb_board/*.c)
TOOL_SRC := $(wildcard host/tool/*.c host/tool/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
USB_BOARD_OBJ := $(USB_BOARD_SRC:%.c=$(BUILD)/%.o)
TOOL_OBJ := $(TOOL_SRC:%.c=$(BUILD)/%.o)

SO := libglauber.so.$(SOVERSION)
# every object of the library with all its symbols: for the tool and for tests
PRIVATE_LIB := $(BUILD)/libglauber-private.a

.PHONY: lib tool
lib: $(BUILD)/libglauber.so $(BUILD)/libglauber.a
tool: $(BUILD)/glauber

# ---- objects; each depends on the headers that it includes and on the flags ----

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

FLAGS := $(CC) $(CFLAGS_ALL) $(LDFLAGS)
.PHONY: always
$(BUILD)/flags: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(FLAGS))' > $@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(CC) $(CFLAGS_ALL) -c $< -o $@

$(LIB_OBJ): CFLAGS_ALL += -fvisibility=hidden

# kernels that are called only where the processor has what they need
ifeq ($(shell uname -m),x86_64)
KERNELS := $(BUILD)/host/lib/emulator/kernels
$(KERNELS)/avx2.o $(KERNELS)/count_avx2.o: CFLAGS_ALL += -mavx2 -mbmi -mbmi2 -mpopcnt
$(KERNELS)/avx512.o $(KERNELS)/avx512vbmi.o $(KERNELS)/count_avx512.o: CFLAGS_ALL += -mavx512f -mavx512bw -mavx512vl -mbmi -mbmi2 -mpopcnt
$(KERNELS)/avx512vbmi.o: CFLAGS_ALL += -mavx512vbmi
endif
$(BUILD)/host/lib/emulator/kernels/portable.o $(BUILD)/host/lib/emulator/kernels/count_portable.o $(BUILD)/host/lib/graph/energy.o: CFLAGS_ALL += -O3
$(BUILD)/host/lib/learn/data/dataset_warp.o: CFLAGS_ALL += -O3
# loops over chains and blocks; -fno-trapping-math lets selections be vectorised
$(BUILD)/host/lib/sampler/certificate/%.o: CFLAGS_ALL += -O3 -fno-math-errno -fno-trapping-math

# models name the revision that made them; a source archive carries it in a file
REVISION := $(shell git describe --always --dirty --exclude '*' 2>/dev/null || cat REVISION 2>/dev/null)
$(BUILD)/host/lib/base/version.o: CFLAGS_ALL += -DGLB_REVISION='"$(REVISION)"'
$(BUILD)/host/lib/base/version.o: $(wildcard .git/logs/HEAD)

# ---- libraries ----

define archive
@rm -f $@
$(Q)ar rcs $@ $^
endef

$(PRIVATE_LIB): $(LIB_OBJ)
	$(archive)

$(BUILD)/libusb_board.a: $(USB_BOARD_OBJ)
	$(archive)

# exports what host/glauber.symbols lists, and nothing else
$(BUILD)/glauber.map: host/glauber.symbols
	@mkdir -p $(@D)
	@{ echo 'GLAUBER_$(SOVERSION) { global:'; sed 's/#.*//; s/[a-z0-9_]\{1,\}/&;/' $<; echo 'local: *; };'; } > $@

$(BUILD)/$(SO): $(LIB_OBJ) $(BUILD)/glauber.map
	$(call say,LD $@)
	$(Q)$(LINK) -shared -Wl,-soname,$(SO) -Wl,--version-script=$(BUILD)/glauber.map -Wl,-z,defs -Wl,-z,nodelete $(LIB_OBJ) $(LIBS) -o $@

$(BUILD)/libglauber.so: $(BUILD)/$(SO)
	@ln -sf $(SO) $@

# one object in which the library's own symbols are local, so that a program's names cannot collide with them
$(BUILD)/libglauber.o: $(LIB_OBJ)
	$(call say,LD $@)
	$(Q)$(CC) -r -nostdlib $(LIB_OBJ) -o $@
	$(Q)objcopy --localize-hidden $@

$(BUILD)/libglauber.a: $(BUILD)/libglauber.o
	$(archive)

$(BUILD)/glauber: $(TOOL_OBJ) $(BUILD)/libusb_board.a $(PRIVATE_LIB)
	$(call say,LD $@)
	$(Q)$(LINK) $^ $(TOOL_LIBS) -o $@
