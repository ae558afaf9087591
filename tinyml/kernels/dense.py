"""Affine blocks: the three products of a dense layer, with explicit fused multiply-add.

Rows lie one after the other in flat arrays, `stride` samples each (a multiple of 8). Every sum has
one written order: forward from the bias through the inputs, gradients of inputs through the
outputs, gradients of weights in eight lanes over the samples.
"""

from __future__ import annotations

from tinyml.kernels.compiler import inner
from tinyml.kernels.intrinsics import fma
from tinyml.tape import Floats, Ints


@inner
def dot(a: Floats, b: Floats) -> float:
    """Return Σ aⱼ·bⱼ in eight lanes, added up as ((0+4)+(2+6)) + ((1+5)+(3+7))."""
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
    for j in range(0, a.size, 8):
        s0 = fma(a[j], b[j], s0)
        s1 = fma(a[j + 1], b[j + 1], s1)
        s2 = fma(a[j + 2], b[j + 2], s2)
        s3 = fma(a[j + 3], b[j + 3], s3)
        s4 = fma(a[j + 4], b[j + 4], s4)
        s5 = fma(a[j + 5], b[j + 5], s5)
        s6 = fma(a[j + 6], b[j + 6], s6)
        s7 = fma(a[j + 7], b[j + 7], s7)
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))


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
def add_scaled(y: Floats, w: float, x: Floats) -> None:
    """Add w·x to y, one rounding per element."""
    for j in range(y.size):
        y[j] = fma(w, x[j], y[j])


@inner
def add_scaled_4(
    y: Floats,
    w0: float,
    x0: Floats,
    w1: float,
    x1: Floats,
    w2: float,
    x2: Floats,
    w3: float,
    x3: Floats,
) -> None:
    """Add w0·x0, then w1·x1, w2·x2 and w3·x3 to y."""
    for j in range(y.size):
        y[j] = fma(w3, x3[j], fma(w2, x2[j], fma(w1, x1[j], fma(w0, x0[j], y[j]))))


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
    for o in range(count):
        w = parameters[o * (n + 1) : (o + 1) * (n + 1)]
        y = data[(out + o) * stride : (out + o + 1) * stride]
        y[:] = w[n]
        i = 0
        while i + 4 <= n:
            add_scaled_4(
                y,
                w[i],
                data[rows[i] * stride : (rows[i] + 1) * stride],
                w[i + 1],
                data[rows[i + 1] * stride : (rows[i + 1] + 1) * stride],
                w[i + 2],
                data[rows[i + 2] * stride : (rows[i + 2] + 1) * stride],
                w[i + 3],
                data[rows[i + 3] * stride : (rows[i + 3] + 1) * stride],
            )
            i += 4
        while i < n:
            add_scaled(y, w[i], data[rows[i] * stride : (rows[i] + 1) * stride])
            i += 1


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
    for o in range(count):
        dz = grad[(out + o) * stride : (out + o + 1) * stride]
        g = gradient[o * (n + 1) : (o + 1) * (n + 1)]
        for i in range(n):
            g[i] += dot(dz, data[rows[i] * stride : (rows[i] + 1) * stride])
        g[n] += total(dz)
    for i in range(n):
        if rows[i] < first_trained:
            continue
        dx = grad[rows[i] * stride : (rows[i] + 1) * stride]
        o = 0
        while o + 4 <= count:
            p = (out + o) * stride
            add_scaled_4(
                dx,
                parameters[o * (n + 1) + i],
                grad[p : p + stride],
                parameters[(o + 1) * (n + 1) + i],
                grad[p + stride : p + 2 * stride],
                parameters[(o + 2) * (n + 1) + i],
                grad[p + 2 * stride : p + 3 * stride],
                parameters[(o + 3) * (n + 1) + i],
                grad[p + 3 * stride : p + 4 * stride],
            )
            o += 4
        while o < count:
            p = (out + o) * stride
            add_scaled(dx, parameters[o * (n + 1) + i], grad[p : p + stride])
            o += 1
