"""Learns the couplings of a spin glass from its states, with a torch optimizer.

SPDX-License-Identifier: Apache-2.0
"""

import torch

import glauber
from glauber.torch import Ising, TorchSampler

torch.manual_seed(1)
truth = glauber.Graph.generate("torus2d", lx=6, weights="gauss", scale=0.5, seed=3)
data = glauber.sample(truth, samples=40, interval=20, chains=256, seed=5).spins
data = torch.from_numpy(data).float()

i, j, J = truth.couplings
model = Ising(glauber.Graph.from_arrays(truth.n, i, j, 0 * J))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
wanted = torch.from_numpy(J).float()
with TorchSampler(model, sweeps=5) as sampler:
    for step in range(151):
        batch = data[torch.randint(len(data), (1024,))]
        states = sampler.sample(chains=1024)
        loss = model(batch).mean() - model(states).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            error = (model.coupling - wanted).abs().max().item()
            print(f"step {step}: largest error of a coupling {error:.2f}")
