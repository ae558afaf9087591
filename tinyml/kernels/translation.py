"""From a rule in plain Python to LLVM instructions: how the scalar functions are compiled.

A rule is a function of floats made of assignments, arithmetic, comparisons, conditions and calls of
other rules. Its source is read and its instructions are written where it is called: no branch, no
call, so that a loop over it is vectorised, and no rounding that plain Python would not make. numba
could compile the rules too, but to infer their types anew takes most of the time of a first start.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]  # llvmlite publishes no types

DOUBLE, BIT = ir.DoubleType(), ir.IntType(1)
Emitter = Callable[..., Any]

_ARITHMETIC: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("fadd", lambda a, b: a + b),
    ast.Sub: ("fsub", lambda a, b: a - b),
    ast.Mult: ("fmul", lambda a, b: a * b),
    ast.Div: ("fdiv", lambda a, b: a / b),
    ast.Pow: ("", lambda a, b: a**b),
}
_COMPARISONS: dict[type, tuple[str, str, Callable[[Any, Any], bool]]] = {
    ast.Lt: ("fcmp_ordered", "<", lambda a, b: a < b),
    ast.LtE: ("fcmp_ordered", "<=", lambda a, b: a <= b),
    ast.Gt: ("fcmp_ordered", ">", lambda a, b: a > b),
    ast.GtE: ("fcmp_ordered", ">=", lambda a, b: a >= b),
    ast.Eq: ("fcmp_ordered", "==", lambda a, b: a == b),
    ast.NotEq: ("fcmp_unordered", "!=", lambda a, b: a != b),  # nan differs from everything
}


class TranslationError(TypeError):
    """A rule contains what this module does not translate."""


def call_intrinsic(builder: Any, name: str, *arguments: Any) -> Any:
    """Write the call of an LLVM intrinsic of doubles, e.g. "llvm.fabs.f64"."""
    kind = ir.FunctionType(DOUBLE, [DOUBLE] * len(arguments))
    known = builder.module.globals.get(name)
    return builder.call(known or ir.Function(builder.module, kind, name), arguments)


def translate(
    builder: Any,
    function: Callable[..., Any],
    arguments: Sequence[Any],
    emitters: Mapping[Any, Emitter],
) -> Any:
    """Write the instructions of ``function(*arguments)`` and return its value.

    Parameters
    ----------
    builder : where the instructions go.
    function : a rule.
    arguments : doubles, or plain numbers that are known already.
    emitters : functions that are not read but written out by their own ``emit(builder, *values)``.

    Returns
    -------
    A double, a bit, or a tuple of them.

    Raises
    ------
    TranslationError
        If the rule is more than a rule may be.
    """
    return _Translator(builder, emitters).call(function, arguments)


class _Translator:
    """Writes into one builder. Values are doubles, bits, or Python's own where they are known."""

    def __init__(self, builder: Any, emitters: Mapping[Any, Emitter]) -> None:
        self._builder = builder
        self._emitters = emitters

    def call(self, function: Any, arguments: Sequence[Any]) -> Any:
        if function is abs:
            return call_intrinsic(self._builder, "llvm.fabs.f64", *map(_double, arguments))
        if function in self._emitters:
            return self._emitters[function](self._builder, *map(_double, arguments))
        if not isinstance(function, FunctionType):
            raise TranslationError(f"{function!r} is no rule")
        node = _definition(function.__code__)
        names = [argument.arg for argument in node.args.args]
        variables = dict(zip(names, arguments, strict=True))
        if isinstance(node, ast.Lambda):
            return self._value(node.body, variables, function)
        return self._returned(node.body, variables, function)

    def _returned(
        self, body: Sequence[ast.stmt], variables: dict[str, Any], function: FunctionType
    ) -> Any:
        """Return what the statements return."""
        for k, statement in enumerate(body):
            match statement:
                case ast.Expr(ast.Constant(str())):  # a docstring
                    continue
                case ast.Return(ast.expr() as value):
                    return self._value(value, variables, function)
                case ast.Assign(targets, value):
                    made = self._value(value, variables, function)
                    for target in targets:
                        _assign(target, made, variables)
                case ast.If(test, then, otherwise):
                    condition = self._value(test, variables, function)
                    branches = then, [*otherwise, *body[k + 1 :]]
                    first, second = (
                        partial(self._returned, branch, dict(variables), function)
                        for branch in branches
                    )
                    return self._chosen(condition, first, second)
                case _:
                    raise TranslationError(_place(statement, function))
        raise TranslationError(f"{function.__qualname__} ends without a return")

    def _value(self, node: ast.expr, variables: dict[str, Any], function: FunctionType) -> Any:
        def value(inner: ast.expr) -> Any:
            return self._value(inner, variables, function)

        match node:
            case ast.Constant(float() | int() as number):
                return number
            case ast.Name(name):
                if name in variables:
                    return variables[name]
                known = function.__globals__
                return known[name] if name in known else getattr(builtins, name)
            case ast.Attribute(owner, name):
                return getattr(value(owner), name)
            case ast.Subscript(sequence, ast.Constant(int() as index)):
                return value(sequence)[index]
            case ast.Tuple(elements):
                return tuple(map(value, elements))
            case ast.Call(callee, arguments, []):
                return self.call(value(callee), list(map(value, arguments)))
            case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC:
                return self._arithmetic(type(operator), value(left), value(right))
            case ast.UnaryOp(ast.USub(), operand):
                number = value(operand)
                return self._builder.fneg(number) if _is_emitted(number) else -number
            case ast.UnaryOp(ast.Not(), operand):
                bit = value(operand)
                return self._builder.not_(bit) if _is_emitted(bit) else not bit
            case ast.BoolOp(operator, operands):
                return self._joined(isinstance(operator, ast.And), [*map(value, operands)])
            case ast.Compare(left, operators, others):
                values = [value(left), *map(value, others)]
                pairs = zip(operators, values[:-1], values[1:], strict=True)
                return self._joined(True, [self._compared(type(o), a, b) for o, a, b in pairs])
            case ast.IfExp(test, then, otherwise):
                return self._chosen(value(test), lambda: value(then), lambda: value(otherwise))
        raise TranslationError(_place(node, function))

    def _arithmetic(self, operator: type, a: Any, b: Any) -> Any:
        instruction, known = _ARITHMETIC[operator]
        if not (_is_emitted(a) or _is_emitted(b)):
            return known(a, b)
        if not instruction:
            raise TranslationError("a power of numbers that are not known beforehand")
        return getattr(self._builder, instruction)(_double(a), _double(b))

    def _compared(self, operator: type, a: Any, b: Any) -> Any:
        instruction, sign, known = _COMPARISONS[operator]
        if not (_is_emitted(a) or _is_emitted(b)):
            return known(a, b)
        if _is_bit(a) or _is_bit(b):
            return self._builder.icmp_unsigned(sign, _bit(a), _bit(b))
        return getattr(self._builder, instruction)(sign, _double(a), _double(b))

    def _joined(self, all_of: bool, bits: list[Any]) -> Any:
        """Return "and" or "or" of conditions; all are computed, which shows nowhere."""
        joined, *others = bits
        for bit in others:
            if _is_emitted(joined) and _is_emitted(bit):
                join = self._builder.and_ if all_of else self._builder.or_
                joined = join(joined, bit)
            else:
                known, open_bit = (bit, joined) if _is_emitted(joined) else (joined, bit)
                joined = open_bit if bool(known) is all_of else known
        return joined

    def _chosen(self, condition: Any, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        """Return one of two values; both are computed where the condition is not known."""
        if not _is_emitted(condition):
            return then() if condition else otherwise()
        return self._selected(condition, then(), otherwise())

    def _selected(self, condition: Any, a: Any, b: Any) -> Any:
        if isinstance(a, tuple):
            pairs = zip(a, b, strict=True)
            return tuple(self._selected(condition, one, other) for one, other in pairs)
        if _is_bit(a):
            return self._builder.select(condition, _bit(a), _bit(b))
        return self._builder.select(condition, _double(a), _double(b))


def _is_emitted(value: Any) -> bool:
    return isinstance(value, ir.Value)


def _is_bit(value: Any) -> bool:
    return isinstance(value, bool) or getattr(value, "type", None) == BIT


def _double(value: Any) -> Any:
    return value if _is_emitted(value) else ir.Constant(DOUBLE, float(value))


def _bit(value: Any) -> Any:
    return value if _is_emitted(value) else ir.Constant(BIT, int(value))


def _assign(target: ast.expr, value: Any, variables: dict[str, Any]) -> None:
    match target:
        case ast.Name(name):
            variables[name] = value
        case ast.Tuple(elements):
            for element, part in zip(elements, value, strict=True):
                _assign(element, part, variables)
        case _:
            raise TranslationError(f"an assignment to {ast.unparse(target)}")


def _place(node: ast.AST, function: FunctionType) -> str:
    return f"{function.__module__}.{function.__qualname__}: {ast.unparse(node)!r} is not translated"


@cache
def _functions(path: str) -> dict[tuple[int, int], ast.FunctionDef | ast.Lambda]:
    """Return a file's functions by the line and column where their bodies begin."""
    found: dict[tuple[int, int], ast.FunctionDef | ast.Lambda] = {}
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Lambda):
            found[node.body.lineno, node.body.col_offset] = node
        elif isinstance(node, ast.FunctionDef):
            found[node.lineno, -1] = node
    return found


@cache
def _definition(code: CodeType) -> ast.FunctionDef | ast.Lambda:
    """Return the source of a function as a tree: by its line, a lambda by where its body begins."""
    functions = _functions(code.co_filename)
    if code.co_name != "<lambda>":
        return functions[code.co_firstlineno, -1]
    places = [
        (line, column)
        for line, end_line, column, end_column in code.co_positions()
        if line and column is not None and (line, column) != (end_line, end_column)
    ]
    return functions[min(places)]
