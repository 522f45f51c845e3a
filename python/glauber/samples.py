"""What a run gives: samples and figures.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glauber._library import copied, ffi, fields, lib

_FIGURES = (
    "pbits",
    "couplings",
    "colours",
    "chains",
    "sweeps",
    "updates",
    "clocks",
    "stalls",
    "seconds",
    "job_seconds",
    "job_cpu_seconds",
    "mean_energy",
    "mean_energy_stderr",
    "best_energy",
    "saturated",
    "stopped",
    "reached",
)


@dataclass(frozen=True)
class Samples:
    """Samples of a run, sampling point by sampling point, at each point chain by chain.

    Of a run that went to its end `spins.reshape(-1, chains, n)` separates points and chains; one
    that was stopped has the samples that came.
    """

    spins: NDArray[np.int8]
    """int8[samples, n], -1 and +1."""
    energies: NDArray[np.float64]
    """float64[samples] in the units and sign of the graph's convention, before quantisation."""
    best_spins: NDArray[np.int8]
    """int8[n] of the best sample."""
    magnetization: NDArray[np.float64]
    """float64[n]: mean spins; NaN without samples."""
    pbits: int
    couplings: int
    colours: int
    chains: int
    sweeps: int
    """Of a chain."""
    updates: int
    """Of p-bits, all chains."""
    clocks: int
    """Of the array, added up over boards."""
    stalls: int
    seconds: float
    """Wall clock of the run."""
    job_seconds: float
    """Of that, without loading program and states."""
    job_cpu_seconds: float
    mean_energy: float
    mean_energy_stderr: float
    """From the spread of the chains' means."""
    best_energy: float
    saturated: int
    """Couplings and biases outside the array's number range."""
    stopped: int
    """1: ended before all samples came."""
    reached: int
    """1: ended by stop_energy."""

    def __repr__(self) -> str:
        return (
            f"<glauber.{type(self).__name__}: {len(self.spins)} of {self.pbits} p-bits, "
            f"{self.chains} chains, mean energy {self.mean_energy:.6g}"
            f"{', stopped' if self.stopped else ''}>"
        )


# the eight spins of each byte, as one word, which a look-up copies at once
_EIGHT = np.where(
    np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little"), 1, -1
)
_EIGHT = _EIGHT.astype(np.int8).view(np.uint64).reshape(256)
_CHUNK = 1 << 14


class Buffers:
    """Memory in which the library stores every sample of a run."""

    def __init__(self, samples: int, chains: int, n: int) -> None:
        self.bits = np.zeros((samples, chains, (n + 7) // 8), np.uint8)
        self.energies = np.full((samples, chains), np.nan)
        self.n = n

    def arrays(self) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
        """Spins and energies of the samples that came."""
        energies = self.energies.reshape(-1)
        packed = self.bits.reshape(-1, self.bits.shape[-1])
        came = ~np.isnan(energies)
        if not came.all():
            packed, energies = packed[came], energies[came]
        return self._spins(packed), energies

    def last_states(self) -> NDArray[np.int8]:
        """int8[chains, n]: the last sample of each chain that has one."""
        points = np.count_nonzero(~np.isnan(self.energies), axis=0)
        (chains,) = np.nonzero(points)
        return self._spins(self.bits[points[chains] - 1, chains])

    def _spins(self, packed: NDArray[np.uint8]) -> NDArray[np.int8]:
        packed = np.ascontiguousarray(packed)
        words = np.empty(packed.shape, np.uint64)
        source, target = packed.reshape(-1), words.reshape(-1)
        for at in range(0, source.size, _CHUNK):  # take() makes indices of 8 bytes
            part = slice(at, at + _CHUNK)
            _EIGHT.take(source[part], out=target[part], mode="clip")
        return np.ascontiguousarray(words.view(np.int8)[..., : self.n])


class GrowingBuffers(Buffers):
    """The same for a run of unknown length: a callback takes the samples as they come."""

    def __init__(self, chains: int, n: int) -> None:
        super().__init__(0, chains, n)
        self._rows: list[bytes] = []
        self._values: list[bytes] = []
        self.callback = ffi.callback("glb_block_fn", self._take, error=1)
        """A glb_block_fn."""

    def _take(self, _user: Any, block: Any) -> int:
        self._rows.append(ffi.buffer(block.rows, block.chains * block.row_bytes)[:])
        self._values.append(ffi.buffer(block.energies, 8 * block.chains)[:])
        return 0

    def gather(self) -> None:
        """Makes bits and energies of what came; after the run."""
        chains = self.energies.shape[1]
        rows = np.frombuffer(b"".join(self._rows), np.uint8)
        self.bits = rows.reshape(-1, chains, self.bits.shape[-1])
        self.energies = np.frombuffer(b"".join(self._values)).reshape(-1, chains)


def figures(sampler: Any, buffers: Buffers) -> dict[str, Any]:
    """Members of Samples, of the run that the sampler has ended."""
    result = lib.glb_sampler_result(sampler)
    spins, energies = buffers.arrays()
    return {
        "spins": spins,
        "energies": energies,
        "best_spins": copied(result.best_spins, buffers.n, np.int8),
        "magnetization": copied(result.magnetization, buffers.n, np.float64),
        **fields(result, *_FIGURES),
    }


def collected(sampler: Any, buffers: Buffers) -> Samples:
    """Samples and figures of the run that the sampler has ended."""
    return Samples(**figures(sampler, buffers))
