"""The kernel's sweeps in plain Python: the twin that tests compare with.

Everything is done one sample and one number at a time, with the rules of :mod:`tinyml.ops`, in the
order the kernel's docstrings promise. Fused multiply-add is exact, through fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf, isfinite

from tinyml.fusion import AFFINE, CODE, COUNT, LOAD, N_IN, NEEDS, OUT, TABLE, A, B, Program
from tinyml.ops import RULES, Op

LANES = 8


def exact_fma(a: float, b: float, c: float) -> float:
    """Return a·b + c rounded once (rounding of Fraction is correct)."""
    if not (isfinite(a) and isfinite(b) and isfinite(c)):
        return c if isfinite(a) and isfinite(b) else a * b + c  # a finite product may overflow
    product = Fraction(a) * Fraction(b)
    if product == 0 and c == 0.0:
        return a * b + c
    total = product + Fraction(c)
    try:
        return float(total) if total else 0.0
    except OverflowError:
        return inf if total > 0 else -inf


def add_lanes(lanes: Sequence[float]) -> float:
    """Return the sum of eight lanes in the kernel's order."""
    s = lanes
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))


def forward(program: Program, parameters: Sequence[float], data: list[float]) -> None:
    """Fill the rows of one sample; `data` holds the fed rows and receives the others."""
    for k, code in enumerate(program.code.tolist()):
        for i in range(code[COUNT]):
            row = code[OUT] + i
            if code[CODE] == AFFINE:
                n = code[N_IN]
                start = code[A] + i * (n + 1)
                total = parameters[start + n]
                for j in range(n):
                    x = data[int(program.table[code[TABLE] + j])]
                    total = exact_fma(parameters[start + j], x, total)
                data[row] = total
            elif code[CODE] == LOAD:
                data[row] = parameters[code[A]]
            else:
                data[row] = RULES[Op(code[CODE])].forward(*_operands(program, k, i, data))


def _operands(program: Program, k: int, i: int, data: Sequence[float]) -> list[float]:
    code = program.code[k]
    rule = RULES[Op(int(code[CODE]))]
    operands = [data[int(code[A]) + i]]
    if rule.arity == 2:
        operands.append(data[int(code[B]) + i])
    elif rule.op is Op.POW_CONSTANT:
        operands.append(float(program.constants[k]))
    return operands


def backward(
    program: Program,
    parameters: Sequence[float],
    samples: Sequence[list[float]],
    seeds: Sequence[float],
) -> list[float]:
    """Return the gradient of Σ seedᵢ·ℓᵢ over one block of samples, in packed order."""
    gradient = [0.0] * len(parameters)
    padding = (-len(samples)) % LANES
    data = [*samples, *[samples[-1]] * padding]
    grads = [[0.0] * program.n_rows for _ in data]
    for grad, seed in zip(grads, seeds, strict=False):
        grad[program.loss_row] = seed
    for k in range(len(program.code) - 1, -1, -1):
        code = program.code[k].tolist()
        if code[CODE] == AFFINE:
            _affine_backward(program, code, parameters, data, grads, gradient)
        elif code[CODE] == LOAD:
            lanes = [0.0] * LANES
            for sample, grad in enumerate(grads):
                lanes[sample % LANES] += grad[code[OUT]]
            gradient[code[A]] += add_lanes(lanes)
        else:
            rule = RULES[Op(code[CODE])]
            for row, grad in zip(data, grads, strict=True):
                for side in range(rule.arity):
                    if not code[NEEDS] & (1 << side):
                        continue
                    for i in range(code[COUNT]):
                        operands = _operands(program, k, i, row)
                        result = row[code[OUT] + i]
                        local = rule.derivatives[side](*operands, result)
                        grad[code[(A, B)[side]] + i] += grad[code[OUT] + i] * local
    return gradient


def _affine_backward(
    program: Program,
    code: list[int],
    parameters: Sequence[float],
    data: Sequence[list[float]],
    grads: Sequence[list[float]],
    gradient: list[float],
) -> None:
    n, rows = code[N_IN], program.table[code[TABLE] : code[TABLE] + code[N_IN]].tolist()
    for o in range(code[COUNT]):
        start = code[A] + o * (n + 1)
        for j in range(n + 1):
            lanes = [0.0] * LANES
            for sample, grad in enumerate(grads):
                dz = grad[code[OUT] + o]
                lane = sample % LANES
                if j == n:
                    lanes[lane] += dz
                else:
                    lanes[lane] = exact_fma(dz, data[sample][rows[j]], lanes[lane])
            gradient[start + j] += add_lanes(lanes)
    for j, row in enumerate(rows):
        if row < program.n_fed:
            continue
        for grad in grads:
            for o in range(code[COUNT]):
                weight = parameters[code[A] + o * (n + 1) + j]
                grad[row] = exact_fma(weight, grad[code[OUT] + o], grad[row])
