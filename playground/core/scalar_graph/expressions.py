"""The expression bench: a typed formula becomes a graph of Values, by a small grammar.

The text is parsed by `ast` and walked with a white list: numbers, names, + − * / **, the calls of
the engine's functions. Nothing is ever evaluated as Python.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

from playground.core.scalar_graph.graph import Name, Role, ScalarGraph, assemble
from tinyml.ops import Op
from tinyml.value import Value, apply

MAX_LENGTH = 400
MAX_NODES = 300

_UNARY: dict[str, Op] = {
    "tanh": Op.TANH,
    "sigmoid": Op.SIGMOID,
    "relu": Op.RELU,
    "leaky_relu": Op.LEAKY_RELU,
    "elu": Op.ELU,
    "softplus": Op.SOFTPLUS,
    "gelu": Op.GELU,
    "silu": Op.SILU,
    "exp": Op.EXP,
    "log": Op.LOG,
    "sqrt": Op.SQRT,
    "abs": Op.ABS,
    "sin": Op.SIN,
    "cos": Op.COS,
}
_PAIRS: dict[str, Op] = {
    "max": Op.MAXIMUM,
    "maximum": Op.MAXIMUM,
    "min": Op.MINIMUM,
    "minimum": Op.MINIMUM,
}
_OPERATORS: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
FUNCTIONS = tuple(sorted([*_UNARY, *_PAIRS]))
"""Names that may be called."""


class ExpressionError(ValueError):
    """Says in words what is wrong with an expression."""


@dataclass(frozen=True, slots=True)
class Example:
    """A ready expression with the values of its leaves."""

    title: str
    text: str
    leaves: Mapping[str, float]


EXAMPLES = (
    Example(
        "Lecture neuron",
        "n = x1*w1 + x2*w2 + b\no = n.tanh()",
        {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432},
    ),
    Example(
        "micrograd README",
        "c = a + b\n"
        "d = a * b + b**3\n"
        "c += c + 1\n"
        "c += 1 + c + (-a)\n"
        "d += d * 2 + (b + a).relu()\n"
        "d += 3 * d + (b - a).relu()\n"
        "e = c - d\n"
        "f = e**2\n"
        "g = f / 2.0\n"
        "g += 10.0 / f",
        {"a": -4.0, "b": 2.0},
    ),
    Example("Two branches", "(a*b + c).tanh()", {"a": 2.0, "b": -3.0, "c": 5.5}),
    Example("One leaf, twice", "a*a + a", {"a": 3.0}),
    Example("A kink", "(x - y).relu() * w", {"x": 1.0, "y": 1.0, "w": 2.0}),
    Example("Cross-entropy", "p*softplus(-z) + (1 - p)*softplus(z)", {"p": 1.0, "z": -0.5}),
)
"""The bench's presets."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked text.

    Attributes
    ----------
    leaves : names that are read before anything is assigned to them, in order of appearance.
    """

    text: str
    leaves: tuple[str, ...]
    statements: tuple[ast.stmt, ...]


def parse(text: str) -> Expression:
    """Check a text: assignments, one a line or separated by ``;``, and a last expression.

    Raises
    ------
    ExpressionError
        If it is empty, too long, no formula, or uses anything that is not on the white list.
    """
    if not text.strip():
        raise ExpressionError("Type an expression, for example (a*b + c).tanh().")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"An expression has at most {MAX_LENGTH} characters.")
    try:
        tree = ast.parse(text.replace("−", "-").replace("·", "*").replace("^", "**"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("This is not a complete expression yet.") from error
    leaves: dict[str, None] = {}
    assigned: set[str] = set()
    for statement in tree.body:
        target, value, reads_target = _parts(statement)
        for name in _names(value):
            if name not in assigned:
                leaves[name] = None
        if reads_target and target not in assigned and target is not None:
            leaves[target] = None
        if target is not None:
            assigned.add(target)
    return Expression(text, tuple(leaves), tuple(tree.body))


def _parts(statement: ast.stmt) -> tuple[str | None, ast.expr, bool]:
    """Return what a line assigns to, its right side, and whether it reads the target too."""
    match statement:
        case ast.Expr(value=value):
            return None, value, False
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return _checked_name(name), value, False
        case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
            if type(op) not in _OPERATORS:
                raise ExpressionError(f"{_source(statement)} is not possible here.")
            return _checked_name(name), value, True
    raise ExpressionError(f"“{_source(statement)}” is not an expression.")


def _checked_name(name: str) -> str:
    if name in _UNARY or name in _PAIRS:
        raise ExpressionError(f"{name} is a function and cannot be a name.")
    return name


def _names(node: ast.expr) -> list[str]:
    """Return the names an expression reads, checking that everything in it is allowed."""
    match node:
        case ast.Constant(value=bool()):
            raise ExpressionError("Only numbers and names can be used.")
        case ast.Constant(value=int() | float() as number):
            _finite(number)
            return []
        case ast.Name(id=name):
            return [_checked_name(name)]
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return [*_names(left), *_names(right)]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return [*_names(left), *_names(right)]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _names(operand)
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=[], keywords=[]):
            _known(name, _UNARY)
            return _names(value)
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=[other], keywords=[]):
            _known(name, _PAIRS)
            return [*_names(value), *_names(other)]
        case ast.Call(func=ast.Name(id=name), args=[value], keywords=[]):
            _known(name, _UNARY)
            return _names(value)
        case ast.Call(func=ast.Name(id=name), args=[left, right], keywords=[]):
            _known(name, _PAIRS)
            return [*_names(left), *_names(right)]
    raise ExpressionError(f"“{_source(node)}” cannot be used here.")


def _known(name: str, functions: Mapping[str, Op]) -> None:
    if name not in functions:
        known = ", ".join(sorted(functions))
        raise ExpressionError(f"{name} is not one of {known}.")


def _finite(number: float) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = float("inf")
    if not isfinite(value):
        raise ExpressionError("A number is too large.")
    return value


def _source(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else text[:39] + "…"


def build(expression: Expression, leaves: Mapping[str, float]) -> ScalarGraph:
    """Return the expression's graph; leaves that have no value given are 1.

    Raises
    ------
    ExpressionError
        If an operation is not defined for these numbers, or the graph has too many nodes.
    """
    builder = _Builder({name: Value(leaves.get(name, 1.0)) for name in expression.leaves})
    try:
        root = builder.run(expression.statements)
    except ExpressionError:
        raise
    except ValueError as error:
        raise ExpressionError(f"{str(error)[:1].upper()}{error.args[0][1:]}.") from error
    except RecursionError as error:
        raise ExpressionError("This expression is nested too deeply.") from error
    return assemble(root, builder.names, builder.roles, {})


class _Builder:
    def __init__(self, leaves: dict[str, Value]) -> None:
        self._scope: dict[str, Value] = dict(leaves)
        self._count = len(leaves)
        self.names = {id(value): _name(name) for name, value in leaves.items()}
        self.roles = {id(value): Role.INPUT for value in leaves.values()}
        self._kept: list[Value] = list(leaves.values())

    def run(self, statements: tuple[ast.stmt, ...]) -> Value:
        result = None
        for statement in statements:
            target, right, reads_target = _parts(statement)
            result = self._value(right)
            if reads_target and isinstance(statement, ast.AugAssign) and target is not None:
                operator = _OPERATORS[type(statement.op)]
                result = self._made(operator(self._scope[target], result))
            if target is not None:
                self._scope[target] = result
                self.names.setdefault(id(result), _name(target))
        assert result is not None, "an expression has a line"
        return result

    def _made(self, value: Value) -> Value:
        self._count += 1
        if self._count > MAX_NODES:
            raise ExpressionError(f"A graph on the bench has at most {MAX_NODES} nodes.")
        self._kept.append(value)
        return value

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=int() | float() as number):
                return self._made(Value(_finite(number)))
            case ast.Name(id=name):
                return self._scope[name]
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._value(operand)
            case ast.UnaryOp(operand=ast.Constant(value=int() | float() as number)):
                return self._made(Value(-_finite(number)))
            case ast.UnaryOp(operand=operand):
                return self._made(-self._value(operand))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(left, right)
            case ast.BinOp(left=left, op=op, right=right):
                first = self._value(left)
                return self._made(_OPERATORS[type(op)](first, self._value(right)))
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args):
                return self._call(name, [value, *args])
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
        raise AssertionError("the parser lets nothing else through")

    def _power(self, left: ast.expr, right: ast.expr) -> Value:
        base = self._value(left)
        match right:
            case ast.Constant(value=int() | float() as number):
                return self._made(base ** _finite(number))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return self._made(base ** -_finite(number))
        return self._made(base ** self._value(right))

    def _call(self, name: str, arguments: list[ast.expr]) -> Value:
        operands = [self._value(argument) for argument in arguments]
        op = _UNARY[name] if len(operands) == 1 else _PAIRS[name]
        return self._made(apply(op, *operands))


def _name(text: str) -> Name:
    head = text.rstrip("0123456789")
    return Name(head, text[len(head) :]) if head else Name(text)
