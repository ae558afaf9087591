"""Runs tests with the kernels as plain Python: ``python -m tests.tinyml.plain_kernels TESTS``.

numba leaves its functions uncompiled, and the tiles, which are written as LLVM instructions, are
replaced by the sums that their docstrings promise. So coverage, and a debugger, sees every line of
a kernel, and the order of its sums is checked a second time without the compiler.
"""

from __future__ import annotations

import os
import sys

os.environ["NUMBA_DISABLE_JIT"] = "1"

import numpy as np
import pytest

from tinyml._reference import add_lanes, exact_fma
from tinyml.kernels import intrinsics, tiles
from tinyml.kernels.tiles import LANES


def forward_tile(n_rows, n_vectors):
    def run(data, rows, parameters, out, stride, column, at, n):
        for r in range(n_rows):
            start = at + r * (n + 1)
            for c in range(column, column + LANES * n_vectors):
                total = parameters[start + n]
                for i in range(n):
                    total = exact_fma(parameters[start + i], data[rows[i] * stride + c], total)
                data[out + r * stride + c] = total

    return run


def input_gradient_tile(n_rows, n_vectors):
    def run(grad, parameters, target, source, stride, column, at, n, n_in):
        for r in range(n_rows):
            for c in range(column, column + LANES * n_vectors):
                total = grad[target + r * stride + c]
                for o in range(n):
                    weight = parameters[at + o * (n_in + 1) + r]
                    total = exact_fma(weight, grad[source + o * stride + c], total)
                grad[target + r * stride + c] = total

    return run


def weight_gradient_tile(n_out, n_in):
    def run(data, grad, rows, gradient, source, stride, first, at, n):
        for o in range(n_out):
            for i in range(n_in):
                lanes, x = [0.0] * LANES, rows[first + i] * stride
                for k in range(stride):
                    z = grad[source + o * stride + k]
                    lanes[k % LANES] = exact_fma(z, data[x + k], lanes[k % LANES])
                gradient[at + o * (n + 1) + i] += add_lanes(lanes)

    return run


def main() -> int:
    """Put the plain functions in the places of the compiled ones and run pytest."""
    for tile in (forward_tile, input_gradient_tile, weight_gradient_tile):
        setattr(tiles, tile.__name__, tile)
    intrinsics.wide_vectors = lambda: None
    np.seterr(all="ignore")
    return pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
