"""What compiled code needs of the plain rules: bit-level primitives, and their registration.

Compilation keeps every rounding of the plain functions: no fastmath, no contraction. The only fused
multiply-add is the explicit `fma` below.
"""

import inspect
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload, register_jitable

from tinyml import ops, optimizers
from tinyml.kernels import elementary

_OPTIONS = {"error_model": "numpy", "forceinline": True}
_DOUBLE = ir.DoubleType()
_INTEGER = ir.IntType(64)
_UNARY = types.float64(types.float64)
_BINARY = types.float64(types.float64, types.float64)


def _bits(number: float) -> ir.Constant:
    return ir.Constant(_DOUBLE, number).bitcast(_INTEGER)


def _call(builder: Any, name: str, arguments: Any) -> Any:
    kind = ir.FunctionType(_DOUBLE, [_DOUBLE] * len(arguments))
    known = builder.module.globals.get(name)
    return builder.call(known or ir.Function(builder.module, kind, name), arguments)


@intrinsic
def fma(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    """a·b + c rounded once (compiled code only); `elementary.exact_fma` is its plain twin."""
    return types.float64(a, b, c), lambda context, builder, signature, args: builder.fma(*args)


@intrinsic
def _pow2(typing_context: Any, n: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        # n + 1023 becomes the low bits of the sum, which are shifted into the exponent field
        low = builder.fadd(args[0], ir.Constant(_DOUBLE, elementary.NEAREST + 1023.0))
        bits = builder.shl(builder.bitcast(low, _INTEGER), ir.Constant(_INTEGER, 52))
        return builder.bitcast(bits, _DOUBLE)

    return _UNARY, generate


@intrinsic
def _significand(typing_context: Any, x: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = builder.bitcast(args[0], _INTEGER)
        fraction = builder.and_(bits, ir.Constant(_INTEGER, (1 << 52) - 1))
        return builder.bitcast(builder.or_(fraction, _bits(1.0)), _DOUBLE)

    return _UNARY, generate


@intrinsic
def _exponent(typing_context: Any, x: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = builder.lshr(builder.bitcast(args[0], _INTEGER), ir.Constant(_INTEGER, 52))
        field = builder.and_(bits, ir.Constant(_INTEGER, 0x7FF))
        # the field as the low bits of 2⁵² + field: a conversion that every processor vectorises
        number = builder.bitcast(builder.or_(field, _bits(2.0**52)), _DOUBLE)
        return builder.fsub(number, ir.Constant(_DOUBLE, 2.0**52 + 1023.0))

    return _UNARY, generate


@intrinsic
def _square_root(typing_context: Any, x: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _call(builder, "llvm.sqrt.f64", args)

    return _UNARY, generate


@intrinsic
def _with_sign_of(typing_context: Any, size: Any, x: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _call(builder, "llvm.copysign.f64", args)

    return _BINARY, generate


_PRIMITIVES: dict[Callable[..., float], Callable[..., float]] = {
    elementary.pow2: lambda n: _pow2(n),
    elementary.significand: lambda x: _significand(x),
    elementary.exponent: lambda x: _exponent(x),
    elementary.square_root: lambda x: _square_root(x),
    elementary.with_sign_of: lambda size, x: _with_sign_of(size, x),
    elementary.divide: lambda a, b: a / b,
}
_registered: set[Callable[..., float]] = set()


def register(function: Callable[..., float]) -> None:
    """Make one plain function callable from compiled code; a second call changes nothing."""
    if function in _registered:
        return
    _registered.add(function)
    if function in _PRIMITIVES:
        compiled = _PRIMITIVES[function]
        overload(function, jit_options=_OPTIONS, strict=False)(lambda *_args: compiled)
    else:
        register_jitable(**_OPTIONS)(function)


def register_all() -> None:
    """Make every elementary function, op rule and update rule callable from compiled code."""
    for module in (elementary, ops, optimizers):
        for _name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                register(function)
    for rule in ops.RULES:
        for function in (rule.forward, *rule.derivatives):
            register(function)
