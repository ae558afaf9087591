"""From arrays to the compiled sweep: one call of :func:`tinyml.kernels.sweep.run`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import ModuleType

import numpy as np

from tinyml.fusion import Program
from tinyml.tape import Floats, Ints

BLOCK = 96
"""Samples that are swept together, so that their rows stay in cache."""
TRAIN, FORWARD, BACKWARD = range(3)
"""The modes of the sweep."""
UNLIMITED = 2**62

# The kernel's arrays by column; what these numbers are is compiled in.
STEP, EPOCH, POSITION, DONE, STATUS, LOGGED, BLOCKS = range(7)
"""Columns of `counters`: steps, epochs, samples of this epoch before the current batch, samples of
the batch that are done, 0 or DIVERGED, epochs logged by this call, blocks swept since the start."""
DIVERGED = 1
RATE, C0, C1, C2, C3, DECAY1, DECAY2, PENALTY_RATE, DROPOUT = range(9)
"""Columns of `hyper`."""
FIRST, SECOND, PREVIOUS, GRADIENT, SCRATCH = range(5)
"""Rows of `state`: both moments, the weights before the last step, the gradient that it used; from
SCRATCH on four rows of room."""
STATE_ROWS = 8
MODE, RULE, PENALTY, BATCH, BLOCK_SIZE, SHUFFLE, SEED, FED, LOSS_ROW, N_ROWS = range(10)
"""Columns of `settings`."""


@dataclass(slots=True, eq=False)
class TrainingArrays:
    """The kernel's view of a training: settings, and arrays it reads and writes in place.

    Those of P numbers are in the program's packed order; `rows` is room for one block of samples.
    """

    rule: int = 0
    penalty: int = 0
    batch_size: int = UNLIMITED
    shuffle: bool = False
    seed: int = 0
    hyper: Floats = field(default_factory=lambda: np.zeros(9))
    is_weight: Floats = field(default_factory=lambda: np.zeros(0))
    gradient: Floats = field(default_factory=lambda: np.zeros(0))
    state: Floats = field(default_factory=lambda: np.zeros((STATE_ROWS, 0)))
    powers: Floats = field(default_factory=lambda: np.ones(2))
    sums: Floats = field(default_factory=lambda: np.zeros(3))
    counters: Ints = field(default_factory=lambda: np.zeros(7, np.int64))
    rows: Floats = field(default_factory=lambda: np.zeros((3, 0)))


def run_program(
    program: Program,
    fed: Floats,
    parameters: Floats,
    *,
    mode: int,
    training: TrainingArrays | None = None,
    order: Ints | None = None,
    log: Floats | None = None,
    max_steps: int = UNLIMITED,
    max_blocks: int = UNLIMITED,
    wanted: Ints | None = None,
    out: Floats | None = None,
) -> None:
    """Run the compiled sweep over the samples of `fed` (n_fed, n); see its docstring."""
    arrays = training or TrainingArrays(gradient=np.zeros_like(parameters))
    settings = [mode, arrays.rule, arrays.penalty, arrays.batch_size, BLOCK, arrays.shuffle]
    settings += [arrays.seed, program.n_fed, program.loss_row, program.n_rows]
    losses = np.zeros(0) if log is None else log
    if arrays.rows.size < 3 * program.n_rows * BLOCK:
        arrays.rows = _aligned(3, program.n_rows * BLOCK)
    _kernel().run(
        program.code,
        program.constants,
        program.table,
        program.mask_rows,
        fed,
        np.arange(fed.shape[1]) if order is None else order,
        np.array(settings, np.int64),
        arrays.hyper,
        arrays.is_weight,
        parameters,
        arrays.gradient,
        arrays.state,
        arrays.powers,
        arrays.sums,
        arrays.counters,
        arrays.rows,
        losses,
        max_blocks,
        max_steps,
        losses.size,
        np.zeros(0, np.int64) if wanted is None else wanted,
        np.zeros((0, 0, 0)) if out is None else out,
    )


@cache
def _kernel() -> ModuleType:
    """Import the compiled kernel when it is needed first, which takes a while."""
    return import_module("tinyml.kernels.sweep")


def _aligned(n_rows: int, n: int) -> Floats:
    """Return zeros (n_rows, n) that begin where a cache line does, n a multiple of 8."""
    room = np.zeros(n_rows * n + 8)
    start = -room.ctypes.data // 8 % 8
    return room[start : start + n_rows * n].reshape(n_rows, n)
