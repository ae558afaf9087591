"""What is measured: networks, samples and batches, the same numbers for every contender."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tinyml import MLP

Floats = NDArray[np.float64]
LEARNING_RATE = 0.01


@dataclass(frozen=True)
class Workload:
    """Plain descent on the mean squared error of a tanh network, in a fixed order of samples."""

    name: str
    n_inputs: int
    layer_sizes: tuple[int, ...]
    n_samples: int
    batch_size: int

    @cached_property
    def x(self) -> Floats:
        return np.random.default_rng(7).normal(size=(self.n_samples, self.n_inputs))

    @cached_property
    def y(self) -> Floats:
        return np.where(self.x[:, 0] * self.x[:, 1] > 0.0, 1.0, -1.0)

    def model(self) -> MLP:
        return MLP(self.n_inputs, self.layer_sizes, "tanh", seed=1)

    def weights(self) -> list[tuple[Floats, Floats]]:
        """Per layer (n_in, n_out) weights and (n_out,) biases, the same for every contender."""
        layers = [np.array(layer) for layer in self.model().state()]
        return [(np.ascontiguousarray(a[:, :-1].T), a[:, -1].copy()) for a in layers]

    @property
    def n_parameters(self) -> int:
        sizes = (self.n_inputs, *self.layer_sizes)
        return sum((a + 1) * b for a, b in pairwise(sizes))

    def part(self, n_samples: int) -> Workload:
        """The same with fewer samples, for contenders that would need minutes."""
        batch = min(self.batch_size, n_samples)
        return Workload(self.name, self.n_inputs, self.layer_sizes, n_samples, batch)


WORKLOADS = (
    Workload("XOR 2-4-1, full batch", 2, (4, 1), 4, 4),
    Workload("2-4-2-1, 250 samples, batch 10", 2, (4, 2, 1), 250, 10),
    Workload("2-8-8-1, 500 samples, full batch", 2, (8, 8, 1), 500, 500),
    Workload("2-8-8-1, 500 samples, batch 10", 2, (8, 8, 1), 500, 10),
    Workload("2-64-64-1, 500 samples, full batch", 2, (64, 64, 1), 500, 500),
    Workload("7-8×6-1, 500 samples, full batch", 7, (8,) * 6 + (1,), 500, 500),
    Workload("2-256-256-1, 500 samples, full batch", 2, (256, 256, 1), 500, 500),
)
