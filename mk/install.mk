# Installing, uninstalling, source archive. SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
prefix = $(PREFIX)
bindir = $(prefix)/bin
libdir = $(prefix)/lib
includedir = $(prefix)/include
mandir = $(prefix)/share/man

.PHONY: install uninstall udev dist
install: all
	install -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(libdir)/pkgconfig' '$(DESTDIR)$(includedir)/glauber' '$(DESTDIR)$(mandir)/man1'
	install -m 755 $(BUILD)/glauber '$(DESTDIR)$(bindir)/glauber'
	install -m 755 $(BUILD)/$(SO) '$(DESTDIR)$(libdir)/libglauber.so.$(VERSION)'
	ln -sf libglauber.so.$(VERSION) '$(DESTDIR)$(libdir)/$(SO)'
	ln -sf $(SO) '$(DESTDIR)$(libdir)/libglauber.so'
	install -m 644 $(BUILD)/libglauber.a '$(DESTDIR)$(libdir)/libglauber.a'
	install -m 644 $(HEADER) '$(DESTDIR)$(includedir)/glauber.h'
	install -m 644 sim/glb_sim.h $(wildcard host/include/glauber/*.h) '$(DESTDIR)$(includedir)/glauber/'
	install -m 644 docs/glauber.1 '$(DESTDIR)$(mandir)/man1/glauber.1'
	sed -e 's|@PREFIX@|$(prefix)|' -e 's|@LIBDIR@|$(libdir)|' -e 's|@INCLUDEDIR@|$(includedir)|' -e 's|@VERSION@|$(VERSION)|' \
		-e 's|@PKGS@|$(strip $(LIB_PKGS))|' glauber.pc.in > '$(DESTDIR)$(libdir)/pkgconfig/glauber.pc'
	@for so in $(BUILD)/sim/*/libglauber-sim-*.so; do [ ! -e "$$so" ] || \
		{ echo "install -m 755 $$so '$(DESTDIR)$(libdir)/'" && install -m 755 "$$so" '$(DESTDIR)$(libdir)/'; } || exit 1; done

uninstall:
	rm -f '$(DESTDIR)$(bindir)/glauber' '$(DESTDIR)$(includedir)/glauber.h' '$(DESTDIR)$(mandir)/man1/glauber.1'
	rm -f '$(DESTDIR)$(libdir)/libglauber.so.$(VERSION)' '$(DESTDIR)$(libdir)/$(SO)' '$(DESTDIR)$(libdir)/libglauber.so' \
		'$(DESTDIR)$(libdir)/libglauber.a' '$(DESTDIR)$(libdir)/pkgconfig/glauber.pc' '$(DESTDIR)$(libdir)'/libglauber-sim-*.so
	rm -f $(patsubst host/include/glauber/%,'$(DESTDIR)$(includedir)/glauber/%',$(wildcard host/include/glauber/*.h)) '$(DESTDIR)$(includedir)/glauber/glb_sim.h'
	-rmdir '$(DESTDIR)$(includedir)/glauber' 2>/dev/null

udev: scripts/60-glauber.rules
	install -d '$(DESTDIR)/etc/udev/rules.d'
	install -m 644 $< '$(DESTDIR)/etc/udev/rules.d/60-glauber.rules'
	@[ -n "$(DESTDIR)" ] || { udevadm control --reload && udevadm trigger --subsystem-match=usb --subsystem-match=tty; }

dist:
	@mkdir -p $(BUILD)
	@git describe --always --exclude '*' > $(BUILD)/REVISION
	git archive --prefix=glauber-$(VERSION)/ --add-file=$(BUILD)/REVISION -o $(BUILD)/glauber-$(VERSION).tar.gz HEAD
