"""What compiled code needs of the plain rules: bit-level primitives, and their registration.

Compilation keeps every rounding of the plain functions: no fastmath, no contraction. The only fused
multiply-adds are the explicit ones of :mod:`tinyml.kernels.tiles`.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

from llvmlite import ir  # type: ignore[import-untyped]  # llvmlite publishes no types
from numba import extending, types

from tinyml import ops, optimizers, regularization
from tinyml.kernels import angles, elementary, powers, primitives
from tinyml.kernels.translation import DOUBLE, Emitter, call_intrinsic, translate

# numba's own types describe neither a call of an intrinsic nor the options below
_intrinsic: Any = extending.intrinsic
_register_jitable: Any = extending.register_jitable
_type_callable: Any = extending.type_callable
_lower_builtin: Any = extending.lower_builtin
_tuple_of: Any = types.Tuple

_OPTIONS = {
    "error_model": "numpy",
    "forceinline": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_INTEGER = ir.IntType(64)


def _number(value: float) -> Any:
    return ir.Constant(DOUBLE, value)


def _bits(value: float) -> Any:
    return _number(value).bitcast(_INTEGER)


def _emit_pow2(builder: Any, n: Any) -> Any:
    # n + 1023 becomes the low bits of the sum, which are shifted into the exponent field
    low = builder.bitcast(builder.fadd(n, _number(1.5 * 2.0**52 + 1023.0)), _INTEGER)
    return builder.bitcast(builder.shl(low, ir.Constant(_INTEGER, 52)), DOUBLE)


def _emit_significand(builder: Any, x: Any) -> Any:
    fraction = builder.and_(builder.bitcast(x, _INTEGER), ir.Constant(_INTEGER, (1 << 52) - 1))
    return builder.bitcast(builder.or_(fraction, _bits(1.0)), DOUBLE)


def _emit_exponent(builder: Any, x: Any) -> Any:
    bits = builder.lshr(builder.bitcast(x, _INTEGER), ir.Constant(_INTEGER, 52))
    field = builder.and_(bits, ir.Constant(_INTEGER, 0x7FF))
    # the field as the low bits of 2⁵² + field: a conversion that every processor vectorises
    number = builder.bitcast(builder.or_(field, _bits(2.0**52)), DOUBLE)
    return builder.fsub(number, _number(2.0**52 + 1023.0))


def _define_wide_vectors(typing_context: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # llvmlite knows only LLVM's own attributes, this one is the x86 back end's
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


wide_vectors = _intrinsic(_define_wide_vectors)
"""Have the loops of the calling function use vectors of eight doubles where the processor has them.

By default LLVM keeps to four on many of those processors; the results are the same.
"""

_EMITTERS: dict[Callable[..., float], Emitter] = {
    primitives.pow2: _emit_pow2,
    primitives.significand: _emit_significand,
    primitives.exponent: _emit_exponent,
    primitives.square_root: lambda builder, x: call_intrinsic(builder, "llvm.sqrt.f64", x),
    primitives.with_sign_of: lambda builder, size, x: call_intrinsic(
        builder, "llvm.copysign.f64", size, x
    ),
    primitives.divide: lambda builder, a, b: builder.fdiv(a, b),
}
_NEARBY: dict[Callable[..., float], Emitter] = {
    angles.sin: lambda builder, x: translate(builder, angles.sin_common, [x], _EMITTERS),
    angles.cos: lambda builder, x: translate(builder, angles.cos_common, [x], _EMITTERS),
}
_INTEGRAL = (
    regularization.penalty,
    regularization.penalty_slope,
    regularization._mixed,
    regularization.dropout_factor,
    *(angles.sin, angles.cos, angles._sine_huge, angles._huge_angle),
    *(rule for op in (ops.Op.SIN, ops.Op.COS) for rule in ops.RULES[op].derivatives),
)
"""Functions that numba compiles, and those that call them: they count in integers."""
_registered: set[Callable[..., float]] = set()


def register(function: Callable[..., Any]) -> None:
    """Make one plain function callable from compiled code; a second call changes nothing."""
    if function in _registered:
        return
    _registered.add(function)
    if function in _INTEGRAL:
        _register_jitable(**_OPTIONS)(function)
    else:
        _define(function, function, _EMITTERS)


def nearby(rule: Callable[..., float]) -> Callable[..., float]:
    """Return a rule for angles up to `COMMON_ANGLE`: the same bits there, free of branches."""

    def near(*arguments: float) -> float:
        return rule(*arguments)

    _define(near, rule, _EMITTERS | _NEARBY)
    return near


def _define(function: Any, source: Any, emitters: Mapping[Any, Emitter]) -> None:
    """Let compiled code that calls `function` have the instructions of the rule `source`."""
    numbers = get_args(get_type_hints(source).get("return"))
    result = _tuple_of([types.float64] * len(numbers)) if numbers else types.float64

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = translate(builder, source, arguments, emitters)
        if isinstance(made, tuple):
            return context.make_tuple(builder, signature.return_type, made)
        return made if isinstance(made, ir.Value) else ir.Constant(DOUBLE, float(made))

    def typer(*kinds: Any) -> Any:
        return result

    called = inspect.signature(source)
    typer.__signature__ = called  # type: ignore[attr-defined]  # numba binds arguments by it
    _type_callable(function)(lambda typing_context: typer)
    _lower_builtin(function, *[types.float64] * len(called.parameters))(generate)


def register_all() -> None:
    """Make every elementary function, op rule and update rule callable from compiled code."""
    for module in (primitives, elementary, powers, angles, ops, optimizers, regularization):
        for _name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                register(function)
    for rule in ops.RULES:
        for part in (rule.forward, *rule.derivatives):
            register(part)
