"""`Value`: a number that remembers how it was made and can ask for its gradient."""

from __future__ import annotations

from collections.abc import Iterator

from tinyml.graph import toposort
from tinyml.ops import RULES, Op, domain_error

Number = int | float


class Value:
    """A scalar with a gradient: one node of the computation graph.

    Attributes
    ----------
    data : the number.
    grad : ∂(root)/∂(this), filled and added to by :meth:`backward`.
    op : what made it; `Op.LEAF` if nothing did.
    parents : the operands, in order; ``a + a`` has two.
    label : a name for people.
    constant : the plain exponent of ``x ** c``, else 0.

    Examples
    --------
    >>> a, b = Value(2.0), Value(-3.0)
    >>> c = a * b + a
    >>> c.backward()
    >>> c.data, a.grad, b.grad
    (-4.0, -2.0, 2.0)
    """

    __slots__ = ("constant", "data", "grad", "label", "op", "parents")

    def __init__(
        self,
        data: Number,
        label: str = "",
        *,
        op: Op = Op.LEAF,
        parents: tuple[Value, ...] = (),
        constant: float = 0.0,
    ) -> None:
        self.data = float(data)
        self.grad = 0.0
        self.op = op
        self.parents = parents
        self.label = label
        self.constant = constant

    def __repr__(self) -> str:
        name = f"{self.label}: " if self.label else ""
        made = "" if self.op is Op.LEAF else f", {self.op.name.lower()}"
        return f"Value({name}{self.data:.6g}, grad={self.grad:.6g}{made})"

    def operands(self) -> tuple[float, ...]:
        """Return the numbers its rule is applied to: the parents' data, and the plain exponent."""
        numbers = tuple(parent.data for parent in self.parents)
        return (*numbers, self.constant) if self.op is Op.POW_CONSTANT else numbers

    def local_derivatives(self) -> Iterator[float]:
        """Yield ∂(this)/∂(parent) for each parent, in order."""
        operands = self.operands()
        for derivative in RULES[self.op].derivatives if self.op is not Op.LEAF else ():
            yield derivative(*operands, self.data)

    def backward(self) -> None:
        """Add ∂(this)/∂(node) to the `grad` of every node this one was made from.

        Gradients accumulate; call :meth:`zero_grad` on the leaves (or make a new graph) between
        calls. Nodes are visited in reverse topological order, without recursion.
        """
        order = toposort(self)
        for node in order:
            if node.op is not Op.LEAF:
                node.grad = 0.0
        self.grad = 1.0 if self.op is not Op.LEAF else self.grad + 1.0
        for node in reversed(order):
            upstream = node.grad
            for parent, local in zip(node.parents, node.local_derivatives(), strict=True):
                parent.grad += upstream * local

    def zero_grad(self) -> None:
        """Set the gradient to 0."""
        self.grad = 0.0

    def __add__(self, other: Value | Number) -> Value:
        return apply(Op.ADD, self, other)

    def __radd__(self, other: Number) -> Value:
        return apply(Op.ADD, other, self)

    def __sub__(self, other: Value | Number) -> Value:
        return apply(Op.SUB, self, other)

    def __rsub__(self, other: Number) -> Value:
        return apply(Op.SUB, other, self)

    def __mul__(self, other: Value | Number) -> Value:
        return apply(Op.MUL, self, other)

    def __rmul__(self, other: Number) -> Value:
        return apply(Op.MUL, other, self)

    def __truediv__(self, other: Value | Number) -> Value:
        return apply(Op.DIV, self, other)

    def __rtruediv__(self, other: Number) -> Value:
        return apply(Op.DIV, other, self)

    def __pow__(self, exponent: Value | Number) -> Value:
        if isinstance(exponent, Value):
            return apply(Op.POW, self, exponent)
        return apply(Op.POW_CONSTANT, self, constant=float(exponent))

    def __rpow__(self, base: Number) -> Value:
        return apply(Op.POW, base, self)

    def __neg__(self) -> Value:
        return apply(Op.NEG, self)

    def __abs__(self) -> Value:
        return apply(Op.ABS, self)

    def exp(self) -> Value:
        """Return eˣ."""
        return apply(Op.EXP, self)

    def log(self) -> Value:
        """Return ln x; ValueError unless x > 0."""
        return apply(Op.LOG, self)

    def sqrt(self) -> Value:
        """Return √x; ValueError below 0."""
        return apply(Op.SQRT, self)

    def maximum(self, other: Value | Number) -> Value:
        """Return the larger of the two; at a tie each gets half the gradient."""
        return apply(Op.MAXIMUM, self, other)

    def minimum(self, other: Value | Number) -> Value:
        """Return the smaller of the two; at a tie each gets half the gradient."""
        return apply(Op.MINIMUM, self, other)

    def sin(self) -> Value:
        """Return sin x (radians)."""
        return apply(Op.SIN, self)

    def cos(self) -> Value:
        """Return cos x (radians)."""
        return apply(Op.COS, self)

    def relu(self) -> Value:
        """Return max(x, 0), with slope 0 at 0."""
        return apply(Op.RELU, self)

    def leaky_relu(self) -> Value:
        """Return x above 0 and 0.01·x elsewhere."""
        return apply(Op.LEAKY_RELU, self)

    def elu(self) -> Value:
        """Return x above 0 and eˣ − 1 elsewhere (Clevert et al. 2016, α = 1)."""
        return apply(Op.ELU, self)

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        return apply(Op.TANH, self)

    def sigmoid(self) -> Value:
        """Return 1/(1 + e⁻ˣ)."""
        return apply(Op.SIGMOID, self)

    def softplus(self) -> Value:
        """Return ln(1 + eˣ)."""
        return apply(Op.SOFTPLUS, self)

    def silu(self) -> Value:
        """Return x·σ(x), Swish (Ramachandran et al. 2017)."""
        return apply(Op.SILU, self)

    def linear(self) -> Value:
        """Return x itself, as a node of its own."""
        return apply(Op.LINEAR, self)


def apply(op: Op, *operands: Value | Number, constant: float = 0.0) -> Value:
    """Return the `Value` of `op` on `operands`; ValueError where the op is not defined."""
    parents = tuple(x if isinstance(x, Value) else Value(x) for x in operands)
    numbers = [parent.data for parent in parents]
    if op is Op.POW_CONSTANT:
        numbers.append(constant)
    if op in _PARTIAL:
        problem = domain_error(op, numbers[0], numbers[-1])
        if problem is not None:
            raise ValueError(problem)
    return Value(RULES[op].forward(*numbers), op=op, parents=parents, constant=constant)


_PARTIAL = frozenset({Op.DIV, Op.LOG, Op.SQRT, Op.POW, Op.POW_CONSTANT})
