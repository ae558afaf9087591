"""Random expressions that can be built over Values, complex numbers or any other algebra."""

from __future__ import annotations

import cmath
import math
import random
from collections.abc import Callable, Sequence
from typing import Any

Expression = Callable[[Sequence[Any], Callable[[float], Any]], Any]

SMOOTH = ["neg", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "softplus", "gelu", "silu"]
UNARY = [*SMOOTH, "linear", "elu", "abs", "relu", "leaky_relu"]
BINARY = ["add", "sub", "mul", "div", "maximum", "minimum", "pow"]


def random_expression(rng: random.Random, n_ops: int) -> Expression:
    """Return a function that builds one random graph over given inputs, whatever they are made of.

    Arguments are kept in the operations' domains by what the expression itself does to them
    (1 + x² under a logarithm, tanh under an exponential), so the same recipe fits any inputs.
    Every fourth graph is a fan: nearly all its operations read one early node.
    """
    recipe: list[tuple[str, int, int, float]] = []
    hub = rng.randrange(4)
    is_fan = rng.random() < 0.25
    names = BINARY if is_fan else UNARY + BINARY * 3 + ["square", "self_minus", "power"]
    for k in range(n_ops):
        name = rng.choice(names)
        first = rng.randrange(3 + k)
        second = hub if rng.random() < (0.9 if is_fan else 0.2) else rng.randrange(3 + k)
        recipe.append((name, first, min(second, 2 + k), rng.choice([-2.0, -1.0, 0.5, 2.0, 3.0])))

    def build(inputs: Sequence[Any], constant: Callable[[float], Any]) -> Any:
        nodes = list(inputs)
        for name, i, j, c in recipe:
            nodes.append(_combine(name, nodes[i], nodes[j], c))
        total = nodes[-1]
        for node in nodes[len(inputs) : -1]:
            total = total + node.tanh() * 0.5
        return total

    return build


def _combine(name: str, a: Any, b: Any, c: float) -> Any:
    if name in ("add", "sub", "mul"):
        mild = a.tanh()
        result = {"add": mild + b, "sub": mild - b, "mul": mild * b}[name]
    elif name == "div":
        result = a / (b * b + 1.0)
    elif name in ("maximum", "minimum"):
        result = getattr(a, name)(b * 0.9 + 0.123)
    elif name == "pow":
        result = (a * a + 0.5) ** b.tanh()
    elif name == "power":
        result = (a.tanh() + 1.5) ** c
    elif name == "square":
        result = a * a
    elif name == "self_minus":
        result = (a - a) + b
    elif name == "neg":
        result = -a
    elif name == "abs":
        result = abs(a + 0.05)
    elif name == "exp":
        result = a.tanh().exp()
    elif name == "log":
        result = (a * a + 0.3).log()
    elif name == "sqrt":
        result = (a * a + 0.3).sqrt()
    else:
        result = getattr(a, name)()
    return result.tanh() * 3.0 if name in ("square", "mul", "div", "power", "pow") else result


class Dual:
    """A complex number with Value's methods: its imaginary part carries a derivative.

    The complex-step derivative (Squire & Trapp 1998): Im f(x + ih)/h, no difference is taken, so
    nothing cancels. `kinks` collects how near the real parts came to a kink.
    """

    kinks: float = float("inf")

    def __init__(self, z: complex) -> None:
        self.z = complex(z)

    def _near(self, distance: float) -> None:
        Dual.kinks = min(Dual.kinks, abs(distance))

    def __add__(self, o: Any) -> Dual:
        return Dual(self.z + _z(o))

    def __sub__(self, o: Any) -> Dual:
        return Dual(self.z - _z(o))

    def __mul__(self, o: Any) -> Dual:
        return Dual(self.z * _z(o))

    def __truediv__(self, o: Any) -> Dual:
        return Dual(self.z / _z(o))

    def __pow__(self, o: Any) -> Dual:
        if isinstance(o, Dual):
            return Dual(cmath.exp(o.z * cmath.log(self.z)))
        whole = float(o).is_integer()
        return Dual(self.z ** int(o) if whole else cmath.exp(o * cmath.log(self.z)))

    def __neg__(self) -> Dual:
        return Dual(-self.z)

    def __abs__(self) -> Dual:
        self._near(self.z.real)
        return Dual(self.z if self.z.real > 0 else -self.z)

    def maximum(self, o: Any) -> Dual:
        self._near(self.z.real - _z(o).real)
        return Dual(max(self.z, _z(o), key=lambda z: z.real))

    def minimum(self, o: Any) -> Dual:
        self._near(self.z.real - _z(o).real)
        return Dual(min(self.z, _z(o), key=lambda z: z.real))

    def exp(self) -> Dual:
        return Dual(cmath.exp(self.z))

    def log(self) -> Dual:
        return Dual(cmath.log(self.z))

    def sqrt(self) -> Dual:
        return Dual(cmath.sqrt(self.z))

    def sin(self) -> Dual:
        return Dual(cmath.sin(self.z))

    def cos(self) -> Dual:
        return Dual(cmath.cos(self.z))

    def relu(self) -> Dual:
        self._near(self.z.real)
        return Dual(self.z if self.z.real > 0 else 0)

    def leaky_relu(self) -> Dual:
        self._near(self.z.real)
        return Dual(self.z if self.z.real > 0 else 0.01 * self.z)

    def elu(self) -> Dual:
        return Dual(self.z if self.z.real > 0 else _expm1(self.z))

    def tanh(self) -> Dual:
        return Dual(cmath.tanh(self.z))

    def sigmoid(self) -> Dual:
        return Dual(1 / (1 + cmath.exp(-self.z)))

    def softplus(self) -> Dual:
        return Dual(cmath.log(1 + cmath.exp(self.z)))

    def gelu(self) -> Dual:
        return Dual(self.z * 0.5 * (1 + _erf(self.z / 2**0.5)))

    def silu(self) -> Dual:
        return Dual(self.z / (1 + cmath.exp(-self.z)))

    def linear(self) -> Dual:
        return self


def _z(o: Any) -> complex:
    return o.z if isinstance(o, Dual) else complex(o)


def _expm1(z: complex) -> complex:
    return cmath.exp(z) - 1


def _erf(z: complex) -> complex:
    # to first order in the tiny imaginary part, which is all a complex step carries
    x, h = z.real, z.imag
    return complex(math.erf(x), 2 / math.sqrt(math.pi) * math.exp(-x * x) * h)
