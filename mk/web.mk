# The page: libglauber in WebAssembly, machines, files of web/page. SPDX-License-Identifier: Apache-2.0

WEB := $(BUILD)/web
WEB_OBJ := $(BUILD)/web-obj
# the library without HDF5, boards and simulators, and what the page calls
WEB_SRC := $(filter-out host/lib/files/hdf5_%.c host/lib/files/png_file.c host/lib/files/unpack.c host/lib/files/sample_file.c host/lib/files/sample_info.c host/lib/files/statistics_file.c \
	host/lib/transports/usb%.c host/lib/transports/uart.c host/lib/transports/sim%.c, $(wildcard host/lib/*/*.c host/lib/*/*/*.c web/core/*.c))
WEB_OBJS := $(WEB_SRC:%.c=$(WEB_OBJ)/%.o)
WEB_MACHINES := draw default
WEB_FILES := $(patsubst web/page/%,$(WEB)/%,$(wildcard web/page/*)) $(WEB)/glauber.wasm $(WEB_MACHINES:%=$(WEB)/%.glbm)
PORT ?= 8000

# Debian's emscripten finds its JavaScript there, whichever node runs it
EMCC = NODE_PATH=/usr/share/nodejs emcc
WEB_CFLAGS = -O3 -msimd128 -std=gnu11 -Wall -Wextra $(if $(WERROR),-Werror) -D_GNU_SOURCE -DGLB_VERSION='"$(VERSION)"' -fvisibility=hidden \
	-Ihost/include -Ihost/lib -Ihost -Irtl -Iweb/core -MMD -MP

.PHONY: web serve-web test-web run-test-web
# a make of its own after the set-up, which sees the packages that have come
web:
	@scripts/setup.sh build web
	@$(MAKE) --no-print-directory $(WEB_FILES)

serve-web: web
	@echo 'http://localhost:$(PORT)/'
	@cd $(WEB) && exec python3 -m http.server --bind localhost $(PORT)

test-web:
	@scripts/setup.sh build test web browser
	@$(MAKE) --no-print-directory run-test-web

WEB_TESTS := $(BUILD)/tests/web/native
run-test-web: all $(WEB_FILES) $(WEB_TESTS)
	@BUILD=$(BUILD) scripts/run_tests.sh web

-include $(shell find $(WEB_OBJ) -name '*.d' 2>/dev/null)

$(WEB_OBJ)/%.o: %.c mk/web.mk
	@mkdir -p $(@D)
	$(call say,EMCC $<)
	$(Q)$(EMCC) $(WEB_CFLAGS) -c $< -o $@

$(WEB)/glauber.wasm: $(WEB_OBJS)
	@mkdir -p $(@D)
	$(call say,EMCC $@)
	$(Q)$(EMCC) -O3 -msimd128 $^ -sSTANDALONE_WASM --no-entry -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=33554432 -sTOTAL_STACK=1048576 -o $@

$(WEB)/%: web/page/%
	@mkdir -p $(@D)
	@cp $< $@

$(BUILD)/web-convert: web/convert.c web/core/compact.c $(PRIVATE_LIB) $(BUILD)/flags
	$(call say,LD $@)
	$(Q)$(CC) $(CFLAGS_ALL) -Iweb $(filter %.c,$^) $(LDFLAGS) $(PRIVATE_LIB) $(LIBS) -o $@

$(WEB)/%.glbm: models/%.h5 $(BUILD)/web-convert
	@mkdir -p $(@D)
	$(Q)$(BUILD)/web-convert $< $@
