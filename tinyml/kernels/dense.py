"""Affine blocks: the three products of a dense layer, with explicit fused multiply-add.

Rows lie one after the other in flat arrays, `stride` samples each (a multiple of 8). Every sum has
one written order: forward from the bias through the inputs, gradients of inputs through the
outputs, gradients of weights in eight lanes over the samples.
"""

from __future__ import annotations

from tinyml.kernels.compiler import inner
from tinyml.kernels.tiles import LANES, forward_tile, input_gradient_tile, weight_gradient_tile
from tinyml.tape import Floats, Ints

TALL, SQUARE, WIDE = 8, 4, 2 * LANES
"""Rows in a tile, rows and inputs in a tile of few rows or of weights, samples in a wide tile."""

forward_tall_wide, forward_tall = forward_tile(TALL, 2), forward_tile(TALL, 1)
forward_square = forward_tile(SQUARE, 1)
forward_wide, forward_one = forward_tile(1, 2), forward_tile(1, 1)
input_tall_wide, input_tall = input_gradient_tile(TALL, 2), input_gradient_tile(TALL, 1)
input_square = input_gradient_tile(SQUARE, 1)
input_wide, input_one = input_gradient_tile(1, 2), input_gradient_tile(1, 1)
weight_square = weight_gradient_tile(SQUARE, SQUARE)
weight_row, weight_column = weight_gradient_tile(1, SQUARE), weight_gradient_tile(SQUARE, 1)
weight_one = weight_gradient_tile(1, 1)


@inner
def total(a: Floats) -> float:
    """Return Σ aⱼ in eight lanes, added up as in `dot`."""
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
    for j in range(0, a.size, 8):
        s0 += a[j]
        s1 += a[j + 1]
        s2 += a[j + 2]
        s3 += a[j + 3]
        s4 += a[j + 4]
        s5 += a[j + 5]
        s6 += a[j + 6]
        s7 += a[j + 7]
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))


@inner
def affine_forward(
    data: Floats,
    stride: int,
    out: int,
    count: int,
    rows: Ints,
    parameters: Floats,
) -> None:
    """Set rows out…out+count to bias + Σ wᵢ·xᵢ; `parameters` has each one's weights, then bias."""
    n = rows.size
    column = 0
    while column < stride:
        wide = column + WIDE <= stride
        o = 0
        while o < count:
            y, w = (out + o) * stride, o * (n + 1)
            if o + TALL <= count:
                if wide:
                    forward_tall_wide(data, rows, parameters, y, stride, column, w, n)
                else:
                    forward_tall(data, rows, parameters, y, stride, column, w, n)
                o += TALL
            elif (o + SQUARE <= count) & (not wide):
                forward_square(data, rows, parameters, y, stride, column, w, n)
                o += SQUARE
            else:
                if wide:
                    forward_wide(data, rows, parameters, y, stride, column, w, n)
                else:
                    forward_one(data, rows, parameters, y, stride, column, w, n)
                o += 1
        column += WIDE if wide else LANES


@inner
def affine_backward(
    data: Floats,
    grad: Floats,
    stride: int,
    out: int,
    count: int,
    rows: Ints,
    parameters: Floats,
    gradient: Floats,
    first_trained: int,
) -> None:
    """Add the block's part to the gradients of its parameters and of the rows ≥ first_trained."""
    n = rows.size
    o = 0
    while o < count:
        z, g = (out + o) * stride, o * (n + 1)
        tall = o + SQUARE <= count
        i = 0
        while i < n:
            if i + SQUARE <= n:
                if tall:
                    weight_square(data, grad, rows, gradient, z, stride, i, g + i, n)
                else:
                    weight_row(data, grad, rows, gradient, z, stride, i, g + i, n)
                i += SQUARE
            else:
                if tall:
                    weight_column(data, grad, rows, gradient, z, stride, i, g + i, n)
                else:
                    weight_one(data, grad, rows, gradient, z, stride, i, g + i, n)
                i += 1
        stop = o + (SQUARE if tall else 1)
        while o < stop:
            gradient[o * (n + 1) + n] += total(grad[(out + o) * stride : (out + o + 1) * stride])
            o += 1
    z = out * stride
    column = 0
    while column < stride:
        wide = column + WIDE <= stride
        i = 0
        while i < n:
            if rows[i] < first_trained:
                i += 1
                continue
            x = rows[i] * stride
            # Rows that follow each other are apart, so that a tile may hold them at once.
            height = TALL if i + TALL <= n else (SQUARE if (i + SQUARE <= n) & (not wide) else 1)
            apart = True
            for k in range(1, height):
                apart &= rows[i + k] == rows[i] + k
            if (height == TALL) & apart:
                if wide:
                    input_tall_wide(grad, parameters, x, z, stride, column, i, count, n)
                else:
                    input_tall(grad, parameters, x, z, stride, column, i, count, n)
                i += TALL
            elif (height == SQUARE) & apart:
                input_square(grad, parameters, x, z, stride, column, i, count, n)
                i += SQUARE
            else:
                if wide:
                    input_wide(grad, parameters, x, z, stride, column, i, count, n)
                else:
                    input_one(grad, parameters, x, z, stride, column, i, count, n)
                i += 1
        column += WIDE if wide else LANES
