"""The compiled sweep over a program: training, and forward and backward over given samples.

There is one entry point, because every entry compiles everything it calls anew.
"""

from __future__ import annotations

from tinyml.fusion import AFFINE, CODE, COUNT, LOAD, N_IN, NEEDS, OUT, TABLE, A, B
from tinyml.kernels.compiler import entry, inner
from tinyml.kernels.dense import affine_backward, affine_forward, total
from tinyml.kernels.elementwise import (
    binary,
    binary_backward_first,
    binary_backward_second,
    unary,
)
from tinyml.kernels.update import shuffle, update
from tinyml.regularization import dropout_factor
from tinyml.sweeps import (
    BATCH,
    BLOCK_SIZE,
    BLOCKS,
    DIVERGED,
    DONE,
    DROPOUT,
    EPOCH,
    FED,
    FORWARD,
    LOGGED,
    LOSS_ROW,
    MODE,
    N_ROWS,
    PENALTY,
    POSITION,
    RULE,
    SEED,
    SHUFFLE,
    STATUS,
    STEP,
    TRAIN,
)
from tinyml.tape import Floats, Ints

_LAST_BINARY = 4
_POW, _MAXIMUM, _MINIMUM = 6, 12, 13


@inner
def _is_binary(code: int) -> bool:
    return (code <= _LAST_BINARY) | (code == _POW) | (code == _MAXIMUM) | (code == _MINIMUM)


@inner
def _feed(fed: Floats, order: Ints, start: int, n: int, data: Floats, stride: int) -> None:
    # Padding repeats the last sample: finite wherever the sample is, and its gradient is 0.
    for r in range(fed.shape[0]):
        row = data[r * stride : (r + 1) * stride]
        for j in range(n):
            row[j] = fed[r, order[start + j]]
        for j in range(n, stride):
            row[j] = row[n - 1]


@inner
def _drop_out(
    mask_rows: Ints,
    rate: float,
    seed: int,
    step: int,
    order: Ints,
    start: int,
    n: int,
    data: Floats,
    stride: int,
) -> None:
    for k in range(mask_rows.shape[0]):
        row = data[mask_rows[k, 0] * stride : (mask_rows[k, 0] + 1) * stride]
        for j in range(n):
            row[j] = dropout_factor(rate, seed, step, order[start + j], mask_rows[k, 1])
        for j in range(n, stride):
            row[j] = row[n - 1]


@inner
def _step(
    settings: Ints,
    hyper: Floats,
    is_weight: Floats,
    parameters: Floats,
    gradient: Floats,
    state: Floats,
    powers: Floats,
    sums: Floats,
    counters: Ints,
    losses: Floats,
    in_batch: int,
    n: int,
) -> bool:
    """Finish a batch: update the parameters, count, log an epoch's loss; False if not finite."""
    if sums[1] - sums[1] != 0.0 or not update(
        settings[RULE],
        settings[PENALTY],
        is_weight,
        parameters,
        gradient,
        state,
        hyper,
        powers,
        float(counters[STEP] + 1),
    ):
        counters[STATUS] = DIVERGED
        return False
    sums[0] += sums[1]
    sums[2] = sums[1] / in_batch
    counters[STEP] += 1
    counters[POSITION] += in_batch
    if counters[POSITION] == n:
        losses[counters[LOGGED]] = sums[0] / n
        counters[LOGGED] += 1
        counters[EPOCH] += 1
        counters[POSITION] = 0
        sums[0] = 0.0
    return True


@entry(
    "void(i8[:,::1], f8[::1], i8[::1], i8[:,::1], f8[:,::1], i8[::1], i8[::1], f8[::1], f8[::1],"
    " f8[::1], f8[::1], f8[:,::1], f8[::1], f8[::1], i8[::1], f8[:,::1], f8[::1], i8, i8, i8,"
    " i8[::1], f8[:,:,::1])"
)
def run(
    code: Ints,
    constants: Floats,
    table: Ints,
    mask_rows: Ints,
    fed: Floats,
    order: Ints,
    settings: Ints,
    hyper: Floats,
    is_weight: Floats,
    parameters: Floats,
    gradient: Floats,
    state: Floats,
    powers: Floats,
    sums: Floats,
    counters: Ints,
    rows: Floats,
    losses: Floats,
    n_blocks: int,
    max_steps: int,
    max_epochs: int,
    wanted: Ints,
    out: Floats,
) -> None:
    """Train, or look at samples, for at most `n_blocks` blocks of samples.

    Training stops after `max_steps` steps or `max_epochs` epochs. Everything that must survive
    between calls is in `parameters`, `gradient`, `state` (first and second moments, weights before
    the last step and its gradient, scratch), `powers` (β₁ᵗ, β₂ᵗ), `order`, `sums` (loss of this
    epoch, of this batch, mean of the last batch) and `counters`; a batch may be left half done and
    is resumed exactly. `losses[k]` receives the mean loss of the k-th epoch finished here.

    Looking sets ``out[0, k, sample]`` to row wanted[k] of every sample of `fed`; in mode BACKWARD
    ``out[1]`` and ``out[2]`` receive its local derivative and the gradient of the sample's own
    loss. `rows` is (3, n): data, slopes and gradients of one block.
    """
    data, slope, grad = rows[0], rows[1], rows[2]
    n, mode = order.size, settings[MODE]
    n_fed, loss_row = settings[FED], settings[LOSS_ROW]
    counters[LOGGED] = 0
    last_step = counters[STEP] + max_steps
    fed_start = fed_stop = 0
    for _ in range(n_blocks):
        position, done = counters[POSITION], counters[DONE]
        in_batch = min(settings[BATCH], n - position)
        if mode == TRAIN:
            if (counters[STEP] >= last_step) | (counters[LOGGED] >= max_epochs):
                break
            if done == 0:
                gradient[:] = 0.0
                sums[1] = 0.0
                if (position == 0) & (settings[SHUFFLE] != 0):
                    shuffle(order, settings[SEED], counters[EPOCH])
                    fed_stop = 0
        size = min(settings[BLOCK_SIZE], in_batch - done)
        stride = (size + 7) // 8 * 8
        start = position + done
        if (start != fed_start) | (start + size != fed_stop):  # else they are there still
            _feed(fed, order, start, size, data, stride)
            fed_start, fed_stop = start, start + size
        if mode == TRAIN:
            rate, seed, step = hyper[DROPOUT], settings[SEED], counters[STEP]
            _drop_out(mask_rows, rate, seed, step, order, start, size, data, stride)

        for k in range(code.shape[0]):
            op, first_row, count = code[k, CODE], code[k, OUT], code[k, COUNT]
            y = data[first_row * stride : (first_row + count) * stride]
            if op == AFFINE:
                inputs = table[code[k, TABLE] : code[k, TABLE] + code[k, N_IN]]
                block = parameters[code[k, A] : code[k, A] + count * (inputs.size + 1)]
                affine_forward(data, stride, first_row, count, inputs, block)
            elif op == LOAD:
                y[:] = parameters[code[k, A]]
            else:
                a = data[code[k, A] * stride : (code[k, A] + count) * stride]
                if _is_binary(op):
                    b = data[code[k, B] * stride : (code[k, B] + count) * stride]
                    binary(op, a, b, y)
                else:
                    local = slope[first_row * stride : (first_row + count) * stride]
                    unary(op, constants[k], a, y, local)

        if mode != FORWARD:
            grad[n_fed * stride : settings[N_ROWS] * stride] = 0.0
            grad[loss_row * stride : loss_row * stride + size] = (
                1.0 / in_batch if mode == TRAIN else 1.0
            )
            for k in range(code.shape[0] - 1, -1, -1):
                op, first_row, count = code[k, CODE], code[k, OUT], code[k, COUNT]
                start, stop = first_row * stride, (first_row + count) * stride
                if op == AFFINE:
                    inputs = table[code[k, TABLE] : code[k, TABLE] + code[k, N_IN]]
                    end = code[k, A] + count * (inputs.size + 1)
                    block = parameters[code[k, A] : end]
                    part = gradient[code[k, A] : end]
                    affine_backward(
                        data, grad, stride, first_row, count, inputs, block, part, n_fed
                    )
                elif op == LOAD:
                    gradient[code[k, A]] += total(grad[start:stop])
                else:
                    needs, upstream = code[k, NEEDS], grad[start:stop]
                    ga = grad[code[k, A] * stride : (code[k, A] + count) * stride]
                    if _is_binary(op):
                        gb = grad[code[k, B] * stride : (code[k, B] + count) * stride]
                        a = data[code[k, A] * stride : (code[k, A] + count) * stride]
                        b = data[code[k, B] * stride : (code[k, B] + count) * stride]
                        if needs & 1:
                            binary_backward_first(op, a, b, data[start:stop], upstream, ga)
                        if needs & 2:
                            binary_backward_second(op, a, b, data[start:stop], upstream, gb)
                    elif needs & 1:
                        local = slope[start:stop]
                        for j in range(ga.size):
                            ga[j] += upstream[j] * local[j]

        if mode == TRAIN:
            for j in range(size):
                sums[1] += data[loss_row * stride + j]
            counters[BLOCKS] += 1
            counters[DONE] = done + size
            if counters[DONE] == in_batch:
                counters[DONE] = 0
                if not _step(
                    settings,
                    hyper,
                    is_weight,
                    parameters,
                    gradient,
                    state,
                    powers,
                    sums,
                    counters,
                    losses,
                    in_batch,
                    n,
                ):
                    break
        else:
            for kind in range(out.shape[0]):
                for k in range(wanted.size):
                    row = wanted[k] * stride
                    for j in range(size):
                        out[kind, k, done + j] = rows[kind, row + j]
            counters[DONE] = done + size
            if counters[DONE] == n:
                break
