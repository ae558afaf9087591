"""`Value`: a number that remembers how it was made and can ask for its gradient."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real

from tinyml.graph import toposort
from tinyml.ops import DOMAINS, RULES, Op, domain_error

Number = int | float
Binary = Callable[["Value", "Value | Number"], "Value"]
_POW_CONSTANT = Op.POW_CONSTANT  # asked of every node, and slow to look up in its enumeration


def _unary(op: Op, text: str) -> Callable[[Value], Value]:
    def method(self: Value) -> Value:
        return apply(op, self)

    method.__name__, method.__doc__ = op.name.lower(), text
    return method


def _binary(op: Op) -> tuple[Binary, Binary]:
    return lambda self, other: apply(op, self, other), lambda self, other: apply(op, other, self)


class Value:
    """A scalar with a gradient: one node of the computation graph.

    `data` is the number, a float (TypeError if made from anything but a real number); `grad` is
    ∂(root)/∂(this), filled by :meth:`backward`; `label` is a name for people. `op` made it from
    `parents`, in order (``a + a`` has two); LEAF and () if nothing did. `constant` is the plain
    exponent c of ``x ** c``, else 0.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> c = a * b + a
    >>> c.backward()
    >>> c.data, a.grad, b.grad
    (-4.0, -2.0, 2.0)
    """

    __slots__ = ("constant", "data", "grad", "label", "op", "parents")

    def __init__(
        self, data: Number, label: str = "", op: Op = Op.LEAF, parents: tuple[Value, ...] = ()
    ) -> None:
        if type(data) is not float and not issubclass(type(data), Real):
            raise TypeError(f"a Value holds a real number, got {data!r}")
        self.data, self.grad, self.label = float(data), 0.0, label
        self.op, self.parents, self.constant = op, parents, 0.0

    def __repr__(self) -> str:
        name = f"{self.label}: " if self.label else ""
        made = f", {self.op.name.lower()}" if self.parents else ""
        return f"Value({name}{self.data:.6g}, grad={self.grad:.6g}{made})"

    def operands(self) -> tuple[float, ...]:
        """Return the numbers its rule is applied to: the parents' data, and the plain exponent."""
        numbers = tuple([parent.data for parent in self.parents])
        return (*numbers, self.constant) if self.op is _POW_CONSTANT else numbers

    def local_derivatives(self) -> tuple[float, ...]:
        """Return ∂(this)/∂(parent) for each parent, in order; () for a leaf."""
        numbers = (*self.operands(), self.data)
        return tuple([slope(*numbers) for slope in RULES[self.op].derivatives])

    def backward(self) -> None:
        """Add ∂(this)/∂(leaf) to the `grad` of every leaf this was made from.

        Nodes fire in reverse topological order; each adds upstream gradient × local derivative to
        its parents. Leaves accumulate over calls, the nodes in between hold this call's gradient.
        """
        made = [node for node in toposort(self) if node.parents]
        for node in made:
            node.grad = 0.0
        self.grad += 1.0
        for node in reversed(made):
            upstream = node.grad
            for parent, local in zip(node.parents, node.local_derivatives(), strict=True):
                parent.grad += upstream * local

    def zero_grad(self) -> None:
        """Set the gradient to 0."""
        self.grad = 0.0

    __add__, __radd__ = _binary(Op.ADD)
    __sub__, __rsub__ = _binary(Op.SUB)
    __mul__, __rmul__ = _binary(Op.MUL)
    __truediv__, __rtruediv__ = _binary(Op.DIV)
    __rpow__ = _binary(Op.POW)[1]

    def __pow__(self, exponent: Value | Number) -> Value:
        if isinstance(exponent, Value):
            return apply(Op.POW, self, exponent)
        return apply(Op.POW_CONSTANT, self, constant=Value(exponent).data)

    __neg__ = _unary(Op.NEG, "Return −x.")
    __abs__ = abs = _unary(Op.ABS, "Return |x|, with slope 0 at 0.")
    exp = _unary(Op.EXP, "Return eˣ.")
    log = _unary(Op.LOG, "Return ln x; ValueError unless x > 0.")
    sqrt = _unary(Op.SQRT, "Return √x; ValueError below 0.")
    sin = _unary(Op.SIN, "Return sin x, x in radians; ValueError for ±inf.")
    cos = _unary(Op.COS, "Return cos x, x in radians; ValueError for ±inf.")
    relu = _unary(Op.RELU, "Return max(x, 0), with slope 0 at 0.")
    leaky_relu = _unary(Op.LEAKY_RELU, "Return x above 0 and 0.01·x elsewhere.")
    elu = _unary(Op.ELU, "Return x above 0, eˣ − 1 elsewhere (Clevert et al. 2016, α = 1).")
    tanh = _unary(Op.TANH, "Return the hyperbolic tangent.")
    sigmoid = _unary(Op.SIGMOID, "Return 1/(1 + e⁻ˣ).")
    softplus = _unary(Op.SOFTPLUS, "Return ln(1 + eˣ).")
    gelu = _unary(Op.GELU, "Return x·Φ(x), Φ exact, by erf (Hendrycks & Gimpel 2016).")
    silu = _unary(Op.SILU, "Return x·σ(x), Swish (Ramachandran et al. 2017).")
    linear = _unary(Op.LINEAR, "Return x itself, as a node of its own.")

    def maximum(self, other: Value | Number) -> Value:
        """Return the larger of the two; at a tie each gets half the gradient."""
        return apply(Op.MAXIMUM, self, other)

    def minimum(self, other: Value | Number) -> Value:
        """Return the smaller of the two; at a tie each gets half the gradient."""
        return apply(Op.MINIMUM, self, other)


def apply(op: Op, *operands: Value | Number, constant: float = 0.0) -> Value:
    """Return the `Value` of `op` on `operands`; ValueError where the op is not defined."""
    parents = tuple([x if isinstance(x, Value) else Value(x) for x in operands])
    node = Value(0.0, "", op, parents)
    node.constant = constant
    numbers = node.operands()
    if op in DOMAINS and (problem := domain_error(op, numbers[0], numbers[-1])):
        raise ValueError(problem)
    node.data = RULES[op].forward(*numbers)
    return node
