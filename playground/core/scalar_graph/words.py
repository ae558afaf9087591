"""What every operation does, forward and backward: its rule as mathematics, and in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.core.scalar_graph.graph import ScalarGraph
from tinyml.ops import LEAKY_SLOPE, RULES, Op

OPERATIONS = {
    Op.ADD: "sum",
    Op.SUB: "difference",
    Op.MUL: "product",
    Op.DIV: "quotient",
    Op.NEG: "negation",
    Op.POW: "power",
    Op.POW_CONSTANT: "power",
    Op.EXP: "exp",
    Op.LOG: "log",
    Op.SQRT: "square root",
    Op.ABS: "absolute value",
    Op.MAXIMUM: "maximum",
    Op.MINIMUM: "minimum",
    Op.SIN: "sin",
    Op.COS: "cos",
    Op.RELU: "ReLU",
    Op.LEAKY_RELU: "leaky ReLU",
    Op.ELU: "ELU",
    Op.TANH: "tanh",
    Op.SIGMOID: "sigmoid",
    Op.SOFTPLUS: "softplus",
    Op.GELU: "GELU",
    Op.SILU: "SiLU",
    Op.LINEAR: "linear",
    Op.LEAF: "leaf",
}
"""What an operation is called in the window."""


def short(value: float, digits: int = 3) -> str:
    """Write a number for a sentence, with a true minus."""
    return f"{value:.{digits}g}".replace("-", "−")


def operation_name(op: Op, constant: float = 0.0) -> str:
    """Return what an operation is called: "tanh", "product", "square"."""
    return "square" if op is Op.POW_CONSTANT and constant == 2.0 else OPERATIONS[op]


@dataclass(frozen=True, slots=True)
class Names:
    """What a rule calls the node and its parents."""

    result: str
    operands: tuple[str, ...]
    exponent: float = 0.0


def names_of(graph: ScalarGraph, node: int) -> Names:
    """Return the names of a node and its parents; u, a and b where they have none."""
    letters = iter("abcd")
    found: dict[int, str] = {}
    result = str(graph.names[node]) or _made_name(graph, node) or _partial_sum(graph, node) or "u"
    for parent in graph.parents[node]:
        if parent not in found:
            name = str(graph.names[parent])
            value = graph.nodes[parent]
            if not name and not value.parents:
                name = short(value.data)  # a constant is called by its number
            made = _made_name(graph, parent) or _partial_sum(graph, parent)
            made += "′" if made == result else ""
            found[parent] = name or made or next(letters)
    return Names(
        result,
        tuple([found[parent] for parent in graph.parents[node]]),
        graph.nodes[node].constant,
    )


def _made_name(graph: ScalarGraph, node: int) -> str:
    """Return "w₁x₁" or "(ŷ − y)" for a product or difference of two named nodes, else ""."""
    names = [str(graph.names[parent]) for parent in graph.parents[node]]
    if not all(names):
        return ""
    if graph.nodes[node].op is Op.SUB:
        return f"({' − '.join(names)})"
    return "".join(names) if graph.nodes[node].op is Op.MUL else ""


def _partial_sum(graph: ScalarGraph, node: int) -> str:
    """Return "Σ" for a sum on its way to a neuron's z, else ""."""
    return "Σ" if graph.nodes[node].op is Op.ADD and node in graph.neurons else ""


def forward_rule(op: Op, names: Names) -> str:
    """Return how the node is computed, e.g. ``h₁ = tanh(z₁)``."""
    a, *rest = names.operands
    b = rest[0] if rest else ""
    match op:
        case Op.ADD:
            right = f"{a} + {b}"
        case Op.SUB:
            right = f"{a} − {b}"
        case Op.MUL:
            right = f"{a} · {b}"
        case Op.DIV:
            right = f"{a} / {b}"
        case Op.NEG:
            right = f"−{a}"
        case Op.POW:
            right = f"{a} ^ {b}"
        case Op.POW_CONSTANT:
            right = _raised(a, names.exponent)
        case Op.ABS:
            right = f"|{a}|"
        case Op.SQRT:
            right = f"√{a}"
        case Op.MAXIMUM | Op.MINIMUM:
            right = f"{RULES[op].symbol}({a}, {b})"
        case Op.LINEAR:
            right = a
        case _:
            right = f"{OPERATIONS[op]}({a})"
    return f"{names.result} = {right}"


_SUPERSCRIPT = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")


def _raised(base: str, exponent: float) -> str:
    if exponent == int(exponent):
        return base + str(int(exponent)).translate(_SUPERSCRIPT)
    return f"{base}^{short(exponent)}"


def slope_rule(op: Op, names: Names, side: int) -> str:
    """Return the local derivative towards one parent, e.g. ``1 − h₁²``."""
    a, *rest = names.operands
    b = rest[0] if rest else ""
    u = names.result
    both: dict[Op, tuple[str, str]] = {
        Op.ADD: ("1", "1"),
        Op.SUB: ("1", "−1"),
        Op.MUL: (b, a),
        Op.DIV: (f"1 / {b}", f"−{a} / {b}²"),
        Op.POW: (f"{b} · {a}^({b} − 1)", f"{u} · log {a}"),
        Op.MAXIMUM: (f"[{a} > {b}]", f"[{b} > {a}]"),
        Op.MINIMUM: (f"[{a} < {b}]", f"[{b} < {a}]"),
    }
    if op in both:
        return both[op][side]
    one: dict[Op, str] = {
        Op.NEG: "−1",
        Op.POW_CONSTANT: _power_slope(a, names.exponent),
        Op.EXP: u,
        Op.LOG: f"1 / {a}",
        Op.SQRT: f"1 / (2{u})",
        Op.ABS: f"sign {a}",
        Op.SIN: f"cos {a}",
        Op.COS: f"−sin {a}",
        Op.RELU: f"[{a} > 0]",
        Op.LEAKY_RELU: f"{a} > 0 ? 1 : {LEAKY_SLOPE:g}",
        Op.ELU: f"{a} ≥ 0 ? 1 : e^{a}",
        Op.TANH: f"1 − {u}²",
        Op.SIGMOID: f"{u} (1 − {u})",
        Op.SOFTPLUS: f"σ({a})",
        Op.GELU: f"Φ({a}) + {a} φ({a})",
        Op.SILU: f"σ({a}) + {u} (1 − σ({a}))",
        Op.LINEAR: "1",
    }
    return one[op]


def _power_slope(base: str, exponent: float) -> str:
    if exponent == 2.0:
        return f"2 {base}"
    return f"{short(exponent)} · {_raised(base, exponent - 1.0)}"


# Sentences.

_Numbers = Sequence[float]
_FLAT, _STEEP = 0.06, 0.8


def forward_sentence(op: Op, names: Names, operands: _Numbers, result: float) -> str:
    """Say what computing the node does with these numbers."""
    a, x = names.operands[0], operands[0]
    match op:
        case Op.ADD:
            return "A sum. Going back, it will hand its gradient on to both sides unchanged."
        case Op.SUB:
            return f"How far {a} is from {names.operands[1]}."
        case Op.MUL:
            return "A product. Each factor decides how strongly the other one counts."
        case Op.TANH | Op.SIGMOID:
            low = "−1" if op is Op.TANH else "0"
            room = abs(result) if op is Op.TANH else abs(2.0 * result - 1.0)
            where = "close to the end of" if room > 0.97 else "into"
            return f"{OPERATIONS[op]} squeezes {a} = {short(x)} {where} the range {low} to 1."
        case Op.RELU:
            if x > 0.0:
                return f"{a} = {short(x)} is above 0 and passes as it is."
            return f"{a} = {short(x)} is not above 0, so the result is 0."
        case Op.POW_CONSTANT if names.exponent == 2.0:
            return "Squared: the sign is lost, and large values count much more than small ones."
        case Op.LINEAR:
            return f"No function here: {a} passes as it is."
        case Op.MAXIMUM | Op.MINIMUM:
            winner = names.operands[0] if operands[0] == result else names.operands[1]
            word = "larger" if op is Op.MAXIMUM else "smaller"
            return f"{winner} is the {word} one and passes."
        case _:
            return f"The {OPERATIONS[op]} of {a} = {short(x)} is {short(result)}."


def backward_sentence(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    """Say what firing does to the gradient with these numbers."""
    maker = _BACKWARD.get(op, _by_slope)
    return maker(op, names, operands, slopes)


def _by_slope(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    a, x, slope = names.operands[0], operands[0], slopes[0]
    at = f"At {a} = {short(x)}"
    if slope == 0.0:
        return f"{at} the curve is level: no gradient passes."
    if abs(slope) < _FLAT:
        return f"{at} the curve is almost flat: only {short(100 * abs(slope), 2)} % passes."
    if abs(slope) < _STEEP:
        return f"{at} the slope is {short(slope)}, so {short(100 * abs(slope), 2)} % passes."
    if abs(slope) <= 1.1:
        return f"{at} the curve is steep, so almost all of the gradient passes through."
    return f"{at} the curve is steeper than 1: the gradient grows {short(abs(slope), 2)}-fold."


def _sum(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    return "A sum hands its gradient on unchanged, to both sides."


def _difference(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    a, b = names.operands
    return f"{a} gets the gradient as it is, {b} gets it with the sign turned."


def _product(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    a, b = names.operands
    if operands[0] == 0.0 or operands[1] == 0.0:
        zero, other = (a, b) if operands[0] == 0.0 else (b, a)
        return f"{zero} is 0, so nothing reaches {other}: each factor gets the other as its share."
    if a == b:
        return f"{a} is both factors and gets a share for each."
    return f"Each factor gets the gradient times the other: {a} gets × {b}, {b} gets × {a}."


def _rectified(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    a, x = names.operands[0], operands[0]
    if x > 0.0:
        return f"{a} = {short(x)} is above 0, so the gradient passes unchanged."
    if x == 0.0:
        return f"{a} is exactly at the kink; by convention the slope there is {short(slopes[0])}."
    if op is Op.RELU:
        return f"{a} = {short(x)} is below 0: ReLU is off here and stops the gradient."
    return f"{a} = {short(x)} is below 0, where only {short(100 * slopes[0], 2)} % passes."


def _square(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    if names.exponent != 2.0:
        return _by_slope(op, names, operands, slopes)
    return "The slope of a square is twice its base: the larger it is, the harder it pulls."


def _choice(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    a, b = names.operands
    if slopes[0] == slopes[1]:
        return "A tie: each side gets half of the gradient."
    winner, loser = (a, b) if slopes[0] > slopes[1] else (b, a)
    return f"{winner} won, so it gets the whole gradient; {loser} gets nothing."


def _quotient(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    a, b = names.operands
    return f"{a} gets the gradient divided by {b}; making {b} larger would shrink the result."


def _unchanged(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    return "No function here: the gradient passes unchanged."


def _turned(op: Op, names: Names, operands: _Numbers, slopes: _Numbers) -> str:
    return "The sign is turned, that of the gradient too."


_BACKWARD: dict[Op, Callable[[Op, Names, _Numbers, _Numbers], str]] = {
    Op.ADD: _sum,
    Op.SUB: _difference,
    Op.MUL: _product,
    Op.DIV: _quotient,
    Op.NEG: _turned,
    Op.RELU: _rectified,
    Op.LEAKY_RELU: _rectified,
    Op.POW_CONSTANT: _square,
    Op.MAXIMUM: _choice,
    Op.MINIMUM: _choice,
    Op.LINEAR: _unchanged,
}
