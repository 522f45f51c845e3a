"""An Ising model as a torch module, and a sampler that draws its states on a device.

The sampler has the shape of dwave-pytorch-plugin's TorchSampler: `sample(x)`, where NaN is free and
-1 and +1 are clamped. docs/examples/torch_ising.py trains with both.
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from glauber._library import Closing, integer
from glauber.device import Device
from glauber.graph import Graph, as_graph
from glauber.program import Program
from glauber.sampler import Sampler
from glauber.settings import Settings


class Ising(torch.nn.Module):
    """E(s) = -sum J_ij s_i s_j - sum h_i s_i with parameters J and h, which start with the graph's.

    graph: a Graph, a networkx graph or a square matrix. `coupling`: float32[m], in the order of
    `graph.couplings`; `bias`: float32[n].
    """

    i: torch.Tensor
    j: torch.Tensor

    def __init__(self, graph: Any) -> None:
        super().__init__()
        self.graph: Graph = as_graph(graph)
        i, j, values = self.graph.couplings
        self.register_buffer("i", torch.from_numpy(i.astype(np.int64)))
        self.register_buffer("j", torch.from_numpy(j.astype(np.int64)))
        self.coupling = torch.nn.Parameter(torch.tensor(values, dtype=torch.float32))
        self.bias = torch.nn.Parameter(torch.tensor(self.graph.biases, dtype=torch.float32))

    def statistics(self, s: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Products s_i s_j [..., m] of coupled pairs, and s itself, of s [..., n]."""
        return s[..., self.i] * s[..., self.j], s

    def forward(self, s: torch.Tensor) -> torch.Tensor:
        """Energies [...] of states s [..., n], -1 and +1.

        Its gradient with respect to the parameters is minus the statistics, so
        `model(data).mean() - model(samples).mean()` has that of the negative log-likelihood.
        """
        pairs, singles = self.statistics(s)
        return -(pairs @ self.coupling) - singles @ self.bias


class TorchSampler(Closing):
    """Draws states of an `Ising` module with its present parameters.

    model: the module. sweeps: of each chain in a call, >= 1. beta: inverse temperature. device,
    array: as of `glauber.Device`. lsb: step of the couplings on the array; those of 8 bits reach
    from -127 to 127 steps, and those beyond are cut. seed: equal seeds and calls give equal states.
    """

    def __init__(
        self,
        model: Ising,
        *,
        sweeps: int = 10,
        beta: float = 1.0,
        device: str | Device = "emu",
        array: str | None = None,
        lsb: float = 1 / 32,
        seed: int = 1,
    ) -> None:
        self.model = model
        self.sweeps = integer("sweeps", sweeps, 1, 2**32 - 1)
        self.beta = beta
        self.saturated = 0
        """Couplings and biases outside the array's number range in the last call."""
        self._seed = integer("seed", seed, 0, 2**64 - 1)
        self._own_device = None if isinstance(device, Device) else Device(device, array)
        opened = self._own_device or device
        assert isinstance(opened, Device)
        i, j, values = model.graph.couplings
        graph = Graph.from_arrays(model.graph.n, i, j, values)
        program = Program.compile(graph, opened.identity().array, u=lsb)
        self._sampler = Sampler(graph, opened, program=program)
        self._chains: NDArray[np.int8] | None = None

    @torch.no_grad()
    def sample(self, x: torch.Tensor | None = None, chains: int | None = None) -> torch.Tensor:
        """States [chains, n], -1 and +1, on the device and in the type of the parameters.

        Without x the chains persist: they go on from the states of the last such call, with as many
        chains. x: [chains, n]; NaN is free, -1 and +1 are clamped; one chain for each row, which
        starts at random. Rows that leave the same places free run side by side.
        """
        weights = [
            p.detach().cpu().double().numpy() for p in (self.model.coupling, self.model.bias)
        ]
        self.saturated = self._sampler.set_weights(*weights)
        if x is None:
            states = self._persistent(chains)
        elif chains is None or chains == len(x):
            states = self._conditional(x.detach().cpu().double().numpy())
        else:
            raise ValueError(f"chains: {chains}, but x has {len(x)} rows")
        return torch.from_numpy(states).to(self.model.bias)

    def _persistent(self, chains: int | None) -> NDArray[np.int8]:
        if chains is None:
            chains = self._sampler.board_chains if self._chains is None else len(self._chains)
        if self._chains is not None and chains != len(self._chains):
            raise ValueError(
                f"chains: {chains}, but the chains that persist are {len(self._chains)}"
            )
        self._chains = self._run(integer("chains", chains, 1, 2**20), init=self._chains)
        return self._chains

    def _conditional(self, x: NDArray[np.float64]) -> NDArray[np.int8]:
        free = np.isnan(x)
        if x.ndim != 2 or x.shape[1] != self.model.graph.n:
            raise ValueError(f"x: shape {x.shape}, expected (chains, {self.model.graph.n})")
        if not np.all(free | (np.abs(x) == 1)):
            raise ValueError("x: has values other than -1, +1 and NaN")
        clamp = np.where(free, 0, np.nan_to_num(x)).astype(np.int8)
        out = clamp.copy()
        places, group = np.unique(free, axis=0, return_inverse=True)
        for k, place in enumerate(places):
            (rows,) = np.nonzero(group.reshape(-1) == k)
            if place.any():
                out[rows] = self._run(len(rows), clamp=clamp[rows])
        return out

    def _run(self, chains: int, **states: Any) -> NDArray[np.int8]:
        self._seed = (self._seed + 1) % 2**64
        settings = Settings(
            beta=self.beta, burn_in=self.sweeps - 1, samples=1, chains=chains, seed=self._seed,
            **states,
        )  # fmt: skip
        buffers, interrupted = self._sampler.run(settings)
        if interrupted:
            raise KeyboardInterrupt
        return buffers.last_states()[:chains]

    def close(self) -> None:
        """Frees the sampler, and the device if it was opened by name."""
        self._sampler.close()
        if self._own_device is not None:
            self._own_device.close()
