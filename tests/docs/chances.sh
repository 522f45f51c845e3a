#!/bin/bash
# The chances of false alarms add up to less than 1e-4, and the page about them shows what tests/chance.py prints.
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." && exec python3 -B tests/chance.py docs/design/test-statistics.md
