"""What compiled code needs of the plain rules: bit-level primitives, and their registration.

Compilation keeps every rounding of the plain functions: no fastmath, no contraction. The only fused
multiply-adds are the explicit ones of :mod:`tinyml.kernels.tiles`.
"""

import inspect
from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]  # llvmlite publishes no types
from numba import extending, types

from tinyml import ops, optimizers, regularization
from tinyml.kernels import angles, elementary, powers, primitives

# numba's own types describe neither a call of an intrinsic nor the options below
_intrinsic: Any = extending.intrinsic
_overload: Any = extending.overload
_register_jitable: Any = extending.register_jitable

_OPTIONS = {
    "error_model": "numpy",
    "forceinline": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_DOUBLE = ir.DoubleType()
_INTEGER = ir.IntType(64)


def _number(value: float) -> Any:
    return ir.Constant(_DOUBLE, value)


def _bits(value: float) -> Any:
    return _number(value).bitcast(_INTEGER)


def _call(builder: Any, name: str, *arguments: Any) -> Any:
    kind = ir.FunctionType(_DOUBLE, [_DOUBLE] * len(arguments))
    known = builder.module.globals.get(name)
    return builder.call(known or ir.Function(builder.module, kind, name), arguments)


def _emit_pow2(builder: Any, n: Any) -> Any:
    # n + 1023 becomes the low bits of the sum, which are shifted into the exponent field
    low = builder.bitcast(builder.fadd(n, _number(1.5 * 2.0**52 + 1023.0)), _INTEGER)
    return builder.bitcast(builder.shl(low, ir.Constant(_INTEGER, 52)), _DOUBLE)


def _emit_significand(builder: Any, x: Any) -> Any:
    fraction = builder.and_(builder.bitcast(x, _INTEGER), ir.Constant(_INTEGER, (1 << 52) - 1))
    return builder.bitcast(builder.or_(fraction, _bits(1.0)), _DOUBLE)


def _emit_exponent(builder: Any, x: Any) -> Any:
    bits = builder.lshr(builder.bitcast(x, _INTEGER), ir.Constant(_INTEGER, 52))
    field = builder.and_(bits, ir.Constant(_INTEGER, 0x7FF))
    # the field as the low bits of 2⁵² + field: a conversion that every processor vectorises
    number = builder.bitcast(builder.or_(field, _bits(2.0**52)), _DOUBLE)
    return builder.fsub(number, _number(2.0**52 + 1023.0))


def _unary(emit: Callable[[Any, Any], Any]) -> Any:
    def define(typing_context: Any, x: Any) -> Any:
        signature = types.float64(types.float64)
        return signature, lambda context, builder, signature, args: emit(builder, *args)

    return _intrinsic(define)


def _define_with_sign_of(typing_context: Any, size: Any, x: Any) -> Any:
    signature = types.float64(types.float64, types.float64)
    return signature, lambda _, builder, signature, args: _call(builder, "llvm.copysign.f64", *args)


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

_pow2 = _unary(_emit_pow2)
_significand = _unary(_emit_significand)
_exponent = _unary(_emit_exponent)
_square_root = _unary(lambda builder, x: _call(builder, "llvm.sqrt.f64", x))
_with_sign_of = _intrinsic(_define_with_sign_of)

_PRIMITIVES: dict[Callable[..., float], Callable[..., float]] = {
    primitives.pow2: lambda n: _pow2(n),
    primitives.significand: lambda x: _significand(x),
    primitives.exponent: lambda x: _exponent(x),
    primitives.square_root: lambda x: _square_root(x),
    primitives.with_sign_of: lambda size, x: _with_sign_of(size, x),
    primitives.divide: lambda a, b: a / b,
}
_registered: set[Callable[..., float]] = set()


def register(function: Callable[..., float]) -> None:
    """Make one plain function callable from compiled code; a second call changes nothing."""
    if function in _registered:
        return
    _registered.add(function)
    if function in _PRIMITIVES:
        compiled = _PRIMITIVES[function]
        _overload(function, jit_options=_OPTIONS, strict=False)(lambda *_args: compiled)
    else:
        _register_jitable(**_OPTIONS)(function)


def register_all() -> None:
    """Make every elementary function, op rule and update rule callable from compiled code."""
    for module in (primitives, elementary, powers, angles, ops, optimizers, regularization):
        for _name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                register(function)
    for rule in ops.RULES:
        for part in (rule.forward, *rule.derivatives):
            register(part)
