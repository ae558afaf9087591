"""The compiled sweeps over a program: training, and forward and backward over given samples."""

from __future__ import annotations

from tinyml.fusion import A, AFFINE, B, CODE, COUNT, LOAD, N_IN, NEEDS, OUT, TABLE
from tinyml.kernels.compiler import entry, inner
from tinyml.kernels.dense import affine_backward, affine_forward, total
from tinyml.kernels.elementwise import (
    binary,
    binary_backward_first,
    binary_backward_second,
    unary,
)
from tinyml.kernels.update import RULES as UPDATE_RULES
from tinyml.kernels.update import shuffle, update
from tinyml.tape import Floats, Ints

STEP, EPOCH, POSITION, DONE, STATUS, LOGGED = range(6)
"""Columns of `counters`: steps, epochs, samples of this epoch before the current batch, samples of
the batch that are done, 0 or DIVERGED, epochs logged by this call."""
RULE, PENALTY, BATCH, BLOCK, SHUFFLE, SEED, FED, LOSS_ROW, N_ROWS = range(9)
"""Columns of `settings`."""
DIVERGED = 1
_LAST_BINARY = 4
_POW, _MAXIMUM, _MINIMUM = 6, 12, 13


@inner
def _is_binary(code: int) -> bool:
    return (code <= _LAST_BINARY) | (code == _POW) | (code == _MAXIMUM) | (code == _MINIMUM)


@inner
def forward(
    code: Ints,
    constants: Floats,
    table: Ints,
    parameters: Floats,
    data: Floats,
    slope: Floats,
    stride: int,
) -> None:
    """Run the program forward over `stride` samples whose fed rows are in place."""
    for k in range(code.shape[0]):
        op, out, count = code[k, CODE], code[k, OUT], code[k, COUNT]
        start, stop = out * stride, (out + count) * stride
        if op == AFFINE:
            rows = table[code[k, TABLE] : code[k, TABLE] + code[k, N_IN]]
            block = parameters[code[k, A] : code[k, A] + count * (rows.size + 1)]
            affine_forward(data, stride, out, count, rows, block)
        elif op == LOAD:
            data[start:stop] = parameters[code[k, A]]
        else:
            a = data[code[k, A] * stride : (code[k, A] + count) * stride]
            if _is_binary(op):
                b = data[code[k, B] * stride : (code[k, B] + count) * stride]
                binary(op, a, b, data[start:stop])
            else:
                unary(op, constants[k], a, data[start:stop], slope[start:stop])


@inner
def backward(
    code: Ints,
    table: Ints,
    parameters: Floats,
    data: Floats,
    slope: Floats,
    grad: Floats,
    gradient: Floats,
    stride: int,
    n_fed: int,
) -> None:
    """Run the program backward from the gradients of its last rows; add to `gradient`."""
    for k in range(code.shape[0] - 1, -1, -1):
        op, out, count, needs = code[k, CODE], code[k, OUT], code[k, COUNT], code[k, NEEDS]
        start, stop = out * stride, (out + count) * stride
        if op == AFFINE:
            rows = table[code[k, TABLE] : code[k, TABLE] + code[k, N_IN]]
            size = count * (rows.size + 1)
            block = parameters[code[k, A] : code[k, A] + size]
            part = gradient[code[k, A] : code[k, A] + size]
            affine_backward(data, grad, stride, out, count, rows, block, part, n_fed)
        elif op == LOAD:
            gradient[code[k, A]] += total(grad[start:stop])
        else:
            upstream = grad[start:stop]
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


@inner
def _feed(fed: Floats, order: Ints, start: int, n: int, data: Floats, stride: int) -> None:
    # Padding repeats the last sample: finite wherever the sample is, and its gradient is 0.
    for r in range(fed.shape[0]):
        for j in range(stride):
            data[r * stride + j] = fed[r, order[start + min(j, n - 1)]]


@inner
def _padded(n: int) -> int:
    return (n + 7) // 8 * 8


@entry(
    "void(i8[:,::1], f8[::1], i8[::1], f8[:,::1], i8[::1], i8[::1], f8[::1], f8[::1], f8[::1],"
    " f8[::1], f8[::1], f8[::1], f8[::1], f8[:,::1], f8[::1], f8[::1], i8[::1], f8[:,::1],"
    " f8[::1], i8, i8, i8)"
)
def train(
    code: Ints,
    constants: Floats,
    table: Ints,
    fed: Floats,
    order: Ints,
    settings: Ints,
    hyper: Floats,
    is_weight: Floats,
    parameters: Floats,
    gradient: Floats,
    first: Floats,
    second: Floats,
    previous: Floats,
    scratch: Floats,
    powers: Floats,
    sums: Floats,
    counters: Ints,
    rows: Floats,
    losses: Floats,
    n_blocks: int,
    max_steps: int,
    max_epochs: int,
) -> None:
    """Train for at most `n_blocks` sample blocks, `max_steps` steps, `max_epochs` epochs.

    Everything that must survive between calls is in `parameters`, `first`, `second`, `powers`,
    `gradient`, `order`, `sums` (loss of this epoch, of this batch, of the last batch) and
    `counters`; a batch may be left half done and is resumed exactly. `rows` is (3, n): data,
    slopes and gradients. `losses[k]` receives the mean loss of the k-th epoch finished here.
    """
    data, slope, grad = rows[0], rows[1], rows[2]
    n = order.size
    n_fed, loss_row = settings[FED], settings[LOSS_ROW]
    counters[LOGGED] = 0
    steps = 0
    for _ in range(n_blocks):
        if (steps >= max_steps) | (counters[LOGGED] >= max_epochs):
            break
        position, done = counters[POSITION], counters[DONE]
        in_batch = min(settings[BATCH], n - position)
        if done == 0:
            gradient[:] = 0.0
            sums[1] = 0.0
            if (position == 0) & (settings[SHUFFLE] != 0):
                shuffle(order, settings[SEED], counters[EPOCH])
        size = min(settings[BLOCK], in_batch - done)
        stride = _padded(size)
        _feed(fed, order, position + done, size, data, stride)
        forward(code, constants, table, parameters, data, slope, stride)
        grad[n_fed * stride : settings[N_ROWS] * stride] = 0.0
        seed = 1.0 / in_batch
        loss = 0.0
        for j in range(size):
            loss += data[loss_row * stride + j]
            grad[loss_row * stride + j] = seed
        sums[1] += loss
        backward(code, table, parameters, data, slope, grad, gradient, stride, n_fed)
        counters[DONE] = done + size
        if counters[DONE] < in_batch:
            continue
        if not (sums[1] - sums[1] == 0.0) or not update(
            settings[RULE],
            settings[PENALTY],
            is_weight,
            parameters,
            gradient,
            first,
            second,
            previous,
            scratch,
            hyper,
            powers,
            float(counters[STEP] + 1),
        ):
            counters[STATUS] = DIVERGED
            counters[DONE] = 0
            break
        steps += 1
        sums[0] += sums[1]
        sums[2] = sums[1] / in_batch
        counters[STEP] += 1
        counters[DONE] = 0
        counters[POSITION] = position + in_batch
        if counters[POSITION] == n:
            losses[counters[LOGGED]] = sums[0] / n
            counters[LOGGED] += 1
            counters[EPOCH] += 1
            counters[POSITION] = 0
            sums[0] = 0.0


@entry(
    "void(i8[:,::1], f8[::1], i8[::1], f8[:,::1], f8[::1], f8[:,::1], i8[::1], i8, i8, i8,"
    " f8[:,::1], f8[:,::1], f8[:,::1])"
)
def examine(
    code: Ints,
    constants: Floats,
    table: Ints,
    fed: Floats,
    parameters: Floats,
    rows: Floats,
    wanted: Ints,
    loss_row: int,
    n_rows: int,
    block: int,
    out_data: Floats,
    out_slope: Floats,
    out_grad: Floats,
) -> None:
    """Set out_data[k, sample] to row wanted[k] of every sample of `fed`.

    If `out_slope` and `out_grad` are as large, they receive the local derivative and the gradient
    of the sample's own loss, too; if they are empty nothing runs backward.
    """
    data, slope, grad = rows[0], rows[1], rows[2]
    n, n_fed = fed.shape[1], fed.shape[0]
    whole = out_grad.size > 0
    unused = parameters * 0.0
    for start in range(0, n, block):
        size = min(block, n - start)
        stride = _padded(size)
        for r in range(n_fed):
            for j in range(stride):
                data[r * stride + j] = fed[r, start + min(j, size - 1)]
        forward(code, constants, table, parameters, data, slope, stride)
        for k in range(wanted.size):
            row = wanted[k] * stride
            out_data[k, start : start + size] = data[row : row + size]
        if not whole:
            continue
        grad[n_fed * stride : n_rows * stride] = 0.0
        grad[loss_row * stride : loss_row * stride + size] = 1.0
        backward(code, table, parameters, data, slope, grad, unused, stride, n_fed)
        for k in range(wanted.size):
            row = wanted[k] * stride
            out_slope[k, start : start + size] = slope[row : row + size]
            out_grad[k, start : start + size] = grad[row : row + size]
