#!/bin/bash
# The page and its compact models. Needs `make web`, chromium and chromedriver. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
bad=0
for model in draw default; do
    "$build/tests/web/native" check "models/$model.h5" "$build/web/$model.glbm" || bad=1
done
python3 tests/web/test_page.py "$build/web" || bad=1
exit $bad
