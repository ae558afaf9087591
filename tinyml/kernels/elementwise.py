"""Elementwise instructions: one vectorised loop per op, forward and backward.

The loops call the rules of :mod:`tinyml.ops` as they stand. A unary loop stores the local
derivative beside the result, so that an exponential is paid for once: the operand is read once,
lest the result might have been written over it.
"""

from __future__ import annotations

from tinyml.kernels.angles import COMMON_ANGLE
from tinyml.kernels.compiler import inner
from tinyml.kernels.intrinsics import nearby, register_all, wide_vectors
from tinyml.ops import RULES, Op
from tinyml.tape import Floats

register_all()
_NEG = int(Op.NEG)
_neg = RULES[Op.NEG].forward
_neg_dx = RULES[Op.NEG].derivatives[0]
_EXP = int(Op.EXP)
_exp = RULES[Op.EXP].forward
_exp_dx = RULES[Op.EXP].derivatives[0]
_LOG = int(Op.LOG)
_log = RULES[Op.LOG].forward
_log_dx = RULES[Op.LOG].derivatives[0]
_SQRT = int(Op.SQRT)
_sqrt = RULES[Op.SQRT].forward
_sqrt_dx = RULES[Op.SQRT].derivatives[0]
_ABS = int(Op.ABS)
_abs = RULES[Op.ABS].forward
_abs_dx = RULES[Op.ABS].derivatives[0]
_SIN = int(Op.SIN)
_sin = RULES[Op.SIN].forward
_sin_dx = RULES[Op.SIN].derivatives[0]
_COS = int(Op.COS)
_cos = RULES[Op.COS].forward
_cos_dx = RULES[Op.COS].derivatives[0]
_near_sin, _near_sin_dx = nearby(_sin), nearby(_sin_dx)
_near_cos, _near_cos_dx = nearby(_cos), nearby(_cos_dx)
_RELU = int(Op.RELU)
_relu = RULES[Op.RELU].forward
_relu_dx = RULES[Op.RELU].derivatives[0]
_LEAKY_RELU = int(Op.LEAKY_RELU)
_leaky_relu = RULES[Op.LEAKY_RELU].forward
_leaky_relu_dx = RULES[Op.LEAKY_RELU].derivatives[0]
_ELU = int(Op.ELU)
_elu = RULES[Op.ELU].forward
_elu_dx = RULES[Op.ELU].derivatives[0]
_TANH = int(Op.TANH)
_tanh = RULES[Op.TANH].forward
_tanh_dx = RULES[Op.TANH].derivatives[0]
_SIGMOID = int(Op.SIGMOID)
_sigmoid = RULES[Op.SIGMOID].forward
_sigmoid_dx = RULES[Op.SIGMOID].derivatives[0]
_SOFTPLUS = int(Op.SOFTPLUS)
_softplus = RULES[Op.SOFTPLUS].forward
_softplus_dx = RULES[Op.SOFTPLUS].derivatives[0]
_GELU = int(Op.GELU)
_gelu = RULES[Op.GELU].forward
_gelu_dx = RULES[Op.GELU].derivatives[0]
_SILU = int(Op.SILU)
_silu = RULES[Op.SILU].forward
_silu_dx = RULES[Op.SILU].derivatives[0]
_LINEAR = int(Op.LINEAR)
_linear = RULES[Op.LINEAR].forward
_linear_dx = RULES[Op.LINEAR].derivatives[0]
_POW_CONSTANT = int(Op.POW_CONSTANT)
_pow_constant = RULES[Op.POW_CONSTANT].forward
_pow_constant_dx = RULES[Op.POW_CONSTANT].derivatives[0]
_ADD = int(Op.ADD)
_add = RULES[Op.ADD].forward
_add_da, _add_db = RULES[Op.ADD].derivatives
_SUB = int(Op.SUB)
_sub = RULES[Op.SUB].forward
_sub_da, _sub_db = RULES[Op.SUB].derivatives
_MUL = int(Op.MUL)
_mul = RULES[Op.MUL].forward
_mul_da, _mul_db = RULES[Op.MUL].derivatives
_DIV = int(Op.DIV)
_div = RULES[Op.DIV].forward
_div_da, _div_db = RULES[Op.DIV].derivatives
_POW = int(Op.POW)
_pow = RULES[Op.POW].forward
_pow_da, _pow_db = RULES[Op.POW].derivatives
_MAXIMUM = int(Op.MAXIMUM)
_maximum = RULES[Op.MAXIMUM].forward
_maximum_da, _maximum_db = RULES[Op.MAXIMUM].derivatives
_MINIMUM = int(Op.MINIMUM)
_minimum = RULES[Op.MINIMUM].forward
_minimum_da, _minimum_db = RULES[Op.MINIMUM].derivatives


@inner
def _are_nearby(x: Floats) -> bool:
    far = 0
    for j in range(x.size):
        far += not abs(x[j]) <= COMMON_ANGLE
    return far == 0


@inner
def unary(op: int, constant: float, x: Floats, y: Floats, slope: Floats) -> None:
    """Set y to op(x) and `slope` to its local derivative."""
    wide_vectors()
    n = y.size
    if op == _NEG:
        for j in range(n):
            v = x[j]
            y[j] = _neg(v)
            slope[j] = _neg_dx(v, _neg(v))
    elif op == _EXP:
        for j in range(n):
            v = x[j]
            y[j] = _exp(v)
            slope[j] = _exp_dx(v, _exp(v))
    elif op == _LOG:
        for j in range(n):
            v = x[j]
            y[j] = _log(v)
            slope[j] = _log_dx(v, _log(v))
    elif op == _SQRT:
        for j in range(n):
            v = x[j]
            y[j] = _sqrt(v)
            slope[j] = _sqrt_dx(v, _sqrt(v))
    elif op == _ABS:
        for j in range(n):
            v = x[j]
            y[j] = _abs(v)
            slope[j] = _abs_dx(v, _abs(v))
    elif (op == _SIN) & _are_nearby(x):
        for j in range(n):
            v = x[j]
            y[j] = _near_sin(v)
            slope[j] = _near_sin_dx(v, _near_sin(v))
    elif (op == _COS) & _are_nearby(x):
        for j in range(n):
            v = x[j]
            y[j] = _near_cos(v)
            slope[j] = _near_cos_dx(v, _near_cos(v))
    elif op == _SIN:
        for j in range(n):
            v = x[j]
            y[j] = _sin(v)
            slope[j] = _sin_dx(v, _sin(v))
    elif op == _COS:
        for j in range(n):
            v = x[j]
            y[j] = _cos(v)
            slope[j] = _cos_dx(v, _cos(v))
    elif op == _RELU:
        for j in range(n):
            v = x[j]
            y[j] = _relu(v)
            slope[j] = _relu_dx(v, _relu(v))
    elif op == _LEAKY_RELU:
        for j in range(n):
            v = x[j]
            y[j] = _leaky_relu(v)
            slope[j] = _leaky_relu_dx(v, _leaky_relu(v))
    elif op == _ELU:
        for j in range(n):
            v = x[j]
            y[j] = _elu(v)
            slope[j] = _elu_dx(v, _elu(v))
    elif op == _TANH:
        for j in range(n):
            v = x[j]
            y[j] = _tanh(v)
            slope[j] = _tanh_dx(v, _tanh(v))
    elif op == _SIGMOID:
        for j in range(n):
            v = x[j]
            y[j] = _sigmoid(v)
            slope[j] = _sigmoid_dx(v, _sigmoid(v))
    elif op == _SOFTPLUS:
        for j in range(n):
            v = x[j]
            y[j] = _softplus(v)
            slope[j] = _softplus_dx(v, _softplus(v))
    elif op == _GELU:
        for j in range(n):
            v = x[j]
            y[j] = _gelu(v)
            slope[j] = _gelu_dx(v, _gelu(v))
    elif op == _SILU:
        for j in range(n):
            v = x[j]
            y[j] = _silu(v)
            slope[j] = _silu_dx(v, _silu(v))
    elif op == _LINEAR:
        for j in range(n):
            v = x[j]
            y[j] = _linear(v)
            slope[j] = _linear_dx(v, _linear(v))
    elif constant == 2.0:  # the square of most losses: the compiler folds the rule's other cases
        for j in range(n):
            v = x[j]
            y[j] = _pow_constant(v, 2.0)
            slope[j] = _pow_constant_dx(v, 2.0, _pow_constant(v, 2.0))
    else:
        for j in range(n):
            v = x[j]
            y[j] = _pow_constant(v, constant)
            slope[j] = _pow_constant_dx(v, constant, _pow_constant(v, constant))


@inner
def binary(op: int, a: Floats, b: Floats, y: Floats) -> None:
    """Set y to op(a, b)."""
    n = y.size
    if op == _ADD:
        for j in range(n):
            y[j] = _add(a[j], b[j])
    elif op == _SUB:
        for j in range(n):
            y[j] = _sub(a[j], b[j])
    elif op == _MUL:
        for j in range(n):
            y[j] = _mul(a[j], b[j])
    elif op == _DIV:
        for j in range(n):
            y[j] = _div(a[j], b[j])
    elif op == _POW:
        for j in range(n):
            y[j] = _pow(a[j], b[j])
    elif op == _MAXIMUM:
        for j in range(n):
            y[j] = _maximum(a[j], b[j])
    else:
        for j in range(n):
            y[j] = _minimum(a[j], b[j])


@inner
def binary_backward_first(
    op: int, a: Floats, b: Floats, y: Floats, upstream: Floats, grad: Floats
) -> None:
    """Add upstream × local derivative to the gradient of the first operand."""
    n = y.size
    if op == _ADD:
        for j in range(n):
            grad[j] += upstream[j] * _add_da(a[j], b[j], y[j])
    elif op == _SUB:
        for j in range(n):
            grad[j] += upstream[j] * _sub_da(a[j], b[j], y[j])
    elif op == _MUL:
        for j in range(n):
            grad[j] += upstream[j] * _mul_da(a[j], b[j], y[j])
    elif op == _DIV:
        for j in range(n):
            grad[j] += upstream[j] * _div_da(a[j], b[j], y[j])
    elif op == _POW:
        for j in range(n):
            grad[j] += upstream[j] * _pow_da(a[j], b[j], y[j])
    elif op == _MAXIMUM:
        for j in range(n):
            grad[j] += upstream[j] * _maximum_da(a[j], b[j], y[j])
    else:
        for j in range(n):
            grad[j] += upstream[j] * _minimum_da(a[j], b[j], y[j])


@inner
def binary_backward_second(
    op: int, a: Floats, b: Floats, y: Floats, upstream: Floats, grad: Floats
) -> None:
    """Add upstream × local derivative to the gradient of the second operand."""
    n = y.size
    if op == _ADD:
        for j in range(n):
            grad[j] += upstream[j] * _add_db(a[j], b[j], y[j])
    elif op == _SUB:
        for j in range(n):
            grad[j] += upstream[j] * _sub_db(a[j], b[j], y[j])
    elif op == _MUL:
        for j in range(n):
            grad[j] += upstream[j] * _mul_db(a[j], b[j], y[j])
    elif op == _DIV:
        for j in range(n):
            grad[j] += upstream[j] * _div_db(a[j], b[j], y[j])
    elif op == _POW:
        for j in range(n):
            grad[j] += upstream[j] * _pow_db(a[j], b[j], y[j])
    elif op == _MAXIMUM:
        for j in range(n):
            grad[j] += upstream[j] * _maximum_db(a[j], b[j], y[j])
    else:
        for j in range(n):
            grad[j] += upstream[j] * _minimum_db(a[j], b[j], y[j])
