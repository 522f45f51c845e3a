"""What comes with the package for boards: bit files and rules for udev.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "boards_data"


def bitstreams() -> dict[str, Path]:
    """Bit files by the name of their board; boards_data/README.md beside them tells what is inside.

    To load one: `openFPGALoader -b ulx3s FILE`, or `make flash` in a clone.

    >>> sorted(bitstreams())[-1]
    'ulx3s-usb'
    """
    return {path.stem: path for path in sorted(_FOLDER.glob("*.bit"))}


def udev_rules() -> Path:
    """Rules that let users open boards: copy the file to /etc/udev/rules.d as root."""
    return _FOLDER / "60-glauber.rules"
