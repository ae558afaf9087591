"""The scalar operations: each written once, for the engine, its plain-Python twin and the kernel.

A rule holds the forward function and one local derivative per parent, as plain functions of
floats. They raise nothing, give the IEEE result everywhere, and are compiled as they stand, so that
a change here changes every engine alike.

Where a function has a kink, its derivative there is, by convention:

=====================  ============================================================
relu′(0), abs′(0)      0
leaky_relu′(0)         0.01, the slope on the left
elu′(0)                1, which is no convention: both sides agree (α = 1)
maximum, minimum       ½ for each parent at a tie; nan wins over every number
pow, by its exponent   0 where the base is ≤ 0: only isolated exponents are allowed
=====================  ============================================================
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from tinyml.kernels import elementary as el
from tinyml.kernels import powers
from tinyml.kernels.primitives import INFINITY, divide

LEAKY_SLOPE = 0.01


class Op(IntEnum):
    """What made a `Value`; LEAF is a number that nothing made."""

    LEAF = 0
    ADD = 1
    SUB = 2
    MUL = 3
    DIV = 4
    NEG = 5
    POW = 6
    POW_CONSTANT = 7
    EXP = 8
    LOG = 9
    SQRT = 10
    ABS = 11
    MAXIMUM = 12
    MINIMUM = 13
    SIN = 14
    COS = 15
    RELU = 16
    LEAKY_RELU = 17
    ELU = 18
    TANH = 19
    SIGMOID = 20
    SOFTPLUS = 21
    GELU = 22
    SILU = 23
    LINEAR = 24


@dataclass(frozen=True, slots=True)
class OpRule:
    """One operation.

    Attributes
    ----------
    op, symbol
        Which one, and how a drawing of the graph writes it.
    forward
        ``f(x)``, ``f(a, b)``, or ``f(x, c)`` for POW_CONSTANT with its plain exponent c.
    derivatives
        Per parent ``d(x, y)``, ``d(a, b, y)`` or ``d(x, c, y)``; y is the result of `forward`.
    """

    op: Op
    symbol: str
    forward: Callable[..., float]
    derivatives: tuple[Callable[..., float], ...]

    @property
    def name(self) -> str:
        """The operation's name in lower case, ``"leaky_relu"``."""
        return self.op.name.lower()

    @property
    def arity(self) -> int:
        """Number of parents."""
        return len(self.derivatives)

    @property
    def takes_constant(self) -> bool:
        """Whether the functions take the Value's constant after its parent."""
        return self.op is Op.POW_CONSTANT

    @property
    def domain(self) -> str:
        """Where the operation is defined, in words."""
        return DOMAINS[self.op][1] if self.op in DOMAINS else "every number"


def _pow_constant(x: float, c: float) -> float:
    if c == 2.0:
        return x * x
    if c == 1.0:
        return x
    if c == -1.0:
        return divide(1.0, x)
    return el.square_root(x) if c == 0.5 else powers.power(x, c)


def _pow_constant_slope(x: float, c: float, y: float) -> float:
    if c == 2.0:
        return x + x
    if c == 1.0:
        return 1.0
    return divide(0.5, y) if c == 0.5 else powers.power_slope(x, c)


def _quotient_slope(a: float, b: float, y: float) -> float:
    # a denormal quotient has lost digits that a small divisor would bring back
    lost = abs(y) < 2.2250738585072014e-308 and abs(b) < 1.0
    scaled = divide(divide(a * 1.2980742146337069e33, b), b) * 7.703719777548943e-34
    return -scaled if lost else -divide(y, b)


def _wins(ahead: bool, tie: bool) -> float:
    return 1.0 if ahead else (0.5 if tie else 0.0)


RULES: tuple[OpRule, ...] = (
    OpRule(Op.LEAF, "", lambda x: x, ()),
    OpRule(Op.ADD, "+", lambda a, b: a + b, (lambda a, b, y: 1.0, lambda a, b, y: 1.0)),
    OpRule(Op.SUB, "−", lambda a, b: a - b, (lambda a, b, y: 1.0, lambda a, b, y: -1.0)),
    OpRule(Op.MUL, "×", lambda a, b: a * b, (lambda a, b, y: b, lambda a, b, y: a)),
    OpRule(Op.DIV, "÷", divide, (lambda a, b, y: divide(1.0, b), _quotient_slope)),
    OpRule(Op.NEG, "−", lambda x: -x, (lambda x, y: -1.0,)),
    OpRule(
        Op.POW,
        "aᵇ",
        powers.power,
        (
            lambda a, b, y: powers.power_slope(a, b),
            lambda a, b, y: powers.power_exponent_slope(a, b),
        ),
    ),
    OpRule(Op.POW_CONSTANT, "xᶜ", _pow_constant, (_pow_constant_slope,)),
    OpRule(Op.EXP, "exp", el.exp, (lambda x, y: y,)),
    OpRule(Op.LOG, "log", el.log, (lambda x, y: divide(1.0, x),)),
    OpRule(Op.SQRT, "√", el.square_root, (lambda x, y: divide(0.5, y),)),
    OpRule(
        Op.ABS,
        "|x|",
        lambda x: abs(x),
        (lambda x, y: 1.0 if x > 0.0 else (-1.0 if x < 0.0 else 0.0 * x),),
    ),
    OpRule(
        Op.MAXIMUM,
        "max",
        lambda a, b: a if a >= b or a != a else b,
        (lambda a, b, y: _wins(a > b, a == b), lambda a, b, y: _wins(b > a, a == b)),
    ),
    OpRule(
        Op.MINIMUM,
        "min",
        lambda a, b: a if a <= b or a != a else b,
        (lambda a, b, y: _wins(a < b, a == b), lambda a, b, y: _wins(b < a, a == b)),
    ),
    OpRule(Op.SIN, "sin", el.sin, (lambda x, y: el.cos(x),)),
    OpRule(Op.COS, "cos", el.cos, (lambda x, y: -el.sin(x),)),
    OpRule(
        Op.RELU, "relu", lambda x: 0.0 if x < 0.0 else x, (lambda x, y: 1.0 if x > 0.0 else 0.0,)
    ),
    OpRule(
        Op.LEAKY_RELU,
        "leaky",
        lambda x: x if x > 0.0 else LEAKY_SLOPE * x,
        (lambda x, y: 1.0 if x > 0.0 else LEAKY_SLOPE,),
    ),
    OpRule(
        Op.ELU,
        "elu",
        lambda x: x if x >= 0.0 else el.expm1_negative(x),
        (lambda x, y: 1.0 if x >= 0.0 else el.exp(x),),
    ),
    OpRule(Op.TANH, "tanh", el.tanh, (lambda x, y: el.tanh_slope(x),)),
    OpRule(Op.SIGMOID, "σ", el.sigmoid, (lambda x, y: el.sigmoid_slope(x),)),
    OpRule(Op.SOFTPLUS, "softplus", el.softplus, (lambda x, y: el.sigmoid(x),)),
    OpRule(Op.GELU, "gelu", el.gelu, (lambda x, y: el.gelu_slope(x),)),
    OpRule(Op.SILU, "silu", el.silu, (lambda x, y: el.silu_slope(x),)),
    OpRule(Op.LINEAR, "=", lambda x: x, (lambda x, y: 1.0,)),
)


def _outside_power(a: float, b: float) -> bool:
    return (a == 0.0 and b < 0.0) or (a < 0.0 and b - b == 0.0 and b != int(b))


# op: (where it is *not* defined, where it is, what is said); nan is never outside
DOMAINS: dict[Op, tuple[Callable[[float, float], bool], str]] = {
    Op.DIV: (lambda a, b: b == 0.0, "a divisor that is not zero"),
    Op.LOG: (lambda x, c: x <= 0.0, "a positive number"),
    Op.SQRT: (lambda x, c: x < 0.0, "a number that is not negative"),
    Op.SIN: (lambda x, c: abs(x) == INFINITY, "a finite number"),
    Op.COS: (lambda x, c: abs(x) == INFINITY, "a finite number"),
    Op.POW: (_outside_power, "a base above 0, 0 to a power ≥ 0, or a whole exponent"),
    Op.POW_CONSTANT: (_outside_power, "a base above 0, 0 to a power ≥ 0, or a whole exponent"),
}


def domain_error(op: Op, a: float, b: float) -> str | None:
    """Say why `op` is not defined at (a, b), or None where it is.

    `b` is the second operand or the exponent; operations of one number ignore it.
    """
    if op not in DOMAINS or not DOMAINS[op][0](a, b):
        return None
    got = f"{a!r}, {b!r}" if op in (Op.DIV, Op.POW, Op.POW_CONSTANT) else f"{a!r}"
    return f"{RULES[op].name} needs {DOMAINS[op][1]}, got {got}"
