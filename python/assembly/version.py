"""The version of the package: that of the C library, from its header.

SPDX-License-Identifier: Apache-2.0
"""

import re
from pathlib import Path

_header = Path(__file__).parents[2] / "host" / "include" / "glauber.h"
_parts = re.findall(r"^#define GLB_VERSION_(?:MAJOR|MINOR|PATCH) +(\d+)", _header.read_text(), re.M)
__version__ = ".".join(_parts)
