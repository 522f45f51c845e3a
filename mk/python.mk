# The Python package: staged for the tests, and as a wheel. SPDX-License-Identifier: Apache-2.0

PYTHON = .venv-python/bin/python

.PHONY: python test-python wheel ready-python
ready-python:
	@HDF5=$(HDF5) scripts/setup.sh --check build python

# the package below $(BUILD)/python, for PYTHONPATH
python: $(BUILD)/python.stamp
$(BUILD)/python.stamp: $(BUILD)/$(SO) $(HEADER) $(wildcard host/include/glauber/*.h python/*/*.py) | ready-python
	@echo '  PYTHON $(BUILD)/python'
	$(Q)$(PYTHON) python/assembly/stage.py $(BUILD)
	@touch $@

# a board that can be unplugged; mk/tests.mk has its rule
PYTHON_TESTS := $(BUILD)/tests/python/serial_board

test-python: tool $(BUILD)/python.stamp $(PYTHON_TESTS)
	@BUILD=$(BUILD) scripts/run_tests.sh python

# those of glauber.torch, with PyTorch in an environment of its own; part of make test-long
.PHONY: test-torch
test-torch: $(BUILD)/python.stamp
	@BUILD=$(BUILD) tests/python/torch.sh

# many more samplers opened and closed
.PHONY: test-python-long
test-python-long: tool $(BUILD)/python.stamp $(PYTHON_TESTS)
	@SAMPLERS=10000 BUILD=$(BUILD) tests/python/run.sh tests/python/test_faults.py

# auditwheel packs the libraries that not every Linux has, and tags the wheel for the C library that it needs
wheel: ready-python
	@rm -rf $(BUILD)/dist
	@BUILD=$(BUILD) HDF5=$(HDF5) $(PYTHON) -m hatchling build -t sdist -t wheel -d $(BUILD)/dist
	@if PATH=$(CURDIR)/.venv-python/bin:$$PATH auditwheel repair -w $(BUILD)/dist $(BUILD)/dist/*-linux_*.whl >$(BUILD)/auditwheel.log 2>&1; \
		then rm $(BUILD)/dist/*-linux_*.whl; \
		else echo 'wheel: auditwheel cannot repair it ($(BUILD)/auditwheel.log); it is for machines like this one'; fi
	@ls $(BUILD)/dist/*
