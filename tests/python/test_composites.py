"""GlauberSampler below the composites that need no network.

SPDX-License-Identifier: Apache-2.0
"""

import dimod
import pytest
from dimod.testing import assert_sampleset_energies
from dwave.preprocessing.composites import (
    ConnectedComponentsComposite,
    FixVariablesComposite,
    ScaleComposite,
    SpinReversalTransformComposite,
)

from glauber import GlauberSampler

MODEL = dimod.BQM({"a": 0.5, "d": 1.0}, {"ab": -1.0, "bc": 2.0, "ef": 1.5}, 1.0, "SPIN")
LOWEST = dimod.ExactSolver().sample(MODEL).first.energy


@pytest.mark.parametrize(
    "composite",
    [
        dimod.TrackingComposite,
        SpinReversalTransformComposite,
        ScaleComposite,
        ConnectedComponentsComposite,
        lambda child: FixVariablesComposite(child, algorithm="roof_duality"),
        lambda child: dimod.TruncateComposite(child, 5),
        lambda child: dimod.StructureComposite(child, list(MODEL.variables), list(MODEL.quadratic)),
    ],
)
def test_lowest_energy_below(composite):
    out = composite(GlauberSampler(array="small")).sample(MODEL, num_reads=20, seed=1)
    assert_sampleset_energies(out, MODEL)
    # Chance: 7 * 0.21 ** 20 | no read of 20 in the ground state; 4,096 reads without composites
    assert out.first.energy == pytest.approx(LOWEST)


def test_fixed_variables_and_higher_order():
    fixing = FixVariablesComposite(GlauberSampler(array="small"))
    out = fixing.sample(MODEL, fixed_variables={"a": 1}, num_reads=10)
    assert all(sample["a"] == 1 for sample in out.samples())
    cubic = dimod.HigherOrderComposite(GlauberSampler(array="small"))
    out = cubic.sample_hising({}, {("a", "b", "c"): -1.0}, num_reads=10, seed=1)
    # Chance: 0.03 ** 10 | no read of 10 in the ground state; 4,096 reads
    assert out.first.energy == -1
