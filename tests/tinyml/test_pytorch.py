"""PyTorch agrees: every operation, random graphs, losses and optimisers. Needs the bench extra."""

import random

import numpy as np
import pytest

from tests.tinyml.graphs import random_expression
from tinyml import (
    LOSSES,
    MLP,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Op,
    RMSprop,
    Trainer,
    Value,
    make_dataset,
    toposort,
)
from tinyml.ops import RULES
from tinyml.value import apply

pytestmark = pytest.mark.slow
torch = pytest.importorskip("torch")
F = torch.nn.functional if torch else None


def tensor(x):
    return torch.tensor(x, dtype=torch.float64, requires_grad=True)


OPS = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: lambda a, b: a / b,
    Op.NEG: lambda a: -a,
    Op.POW: lambda a, b: a**b,
    Op.POW_CONSTANT: lambda a: a**2.5,
    Op.EXP: lambda a: a.exp(),
    Op.LOG: lambda a: a.log(),
    Op.SQRT: lambda a: a.sqrt(),
    Op.ABS: lambda a: a.abs(),
    Op.MAXIMUM: lambda a, b: torch.maximum(a, b),
    Op.MINIMUM: lambda a, b: torch.minimum(a, b),
    Op.SIN: lambda a: a.sin(),
    Op.COS: lambda a: a.cos(),
    Op.RELU: lambda a: a.relu(),
    Op.LEAKY_RELU: lambda a: F.leaky_relu(a, 0.01),
    Op.ELU: lambda a: F.elu(a),
    Op.TANH: lambda a: a.tanh(),
    Op.SIGMOID: lambda a: a.sigmoid(),
    # its default threshold of 20 is an approximation
    Op.SOFTPLUS: lambda a: F.softplus(a, threshold=40),
    Op.GELU: lambda a: F.gelu(a),
    Op.SILU: lambda a: F.silu(a),
    Op.LINEAR: lambda a: a * 1.0,
}


def test_no_operation_is_missing_here():
    assert set(OPS) == set(Op) - {Op.LEAF}


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name.lower())
def test_an_operation_agrees_at_a_thousand_points(op):
    rng = random.Random(op)
    positive = op in (Op.LOG, Op.SQRT, Op.POW, Op.POW_CONSTANT)
    arity = RULES[op].arity
    for _ in range(1000):
        numbers = [rng.uniform(0.01 if positive else -4.0, 4.0) for _ in range(arity)]
        mine, theirs = [Value(x) for x in numbers], [tensor(x) for x in numbers]
        y = apply(op, *mine, constant=2.5 if op is Op.POW_CONSTANT else 0.0)
        y.backward()
        other = OPS[op](*theirs)
        other.backward()
        # where terms of opposite sign meet (gelu′, silu′) the terms' size is the measure
        floor = 0.1 if op in (Op.GELU, Op.SILU, Op.SIN, Op.COS) else 0.0
        assert y.data == pytest.approx(other.item(), rel=1e-12, abs=1e-12 * floor)
        for a, b in zip(mine, theirs, strict=True):
            assert a.grad == pytest.approx(b.grad.item(), rel=1e-12, abs=1e-12 * floor)


class Torch:
    """A PyTorch number with Value's methods."""

    def __init__(self, t):
        self.t = t

    def __add__(self, o):
        return Torch(self.t + _t(o))

    def __sub__(self, o):
        return Torch(self.t - _t(o))

    def __mul__(self, o):
        return Torch(self.t * _t(o))

    def __truediv__(self, o):
        return Torch(self.t / _t(o))

    def __pow__(self, o):
        return Torch(self.t ** _t(o))

    def __neg__(self):
        return Torch(-self.t)

    def __abs__(self):
        return Torch(self.t.abs())

    def maximum(self, o):
        return Torch(torch.maximum(self.t, torch.as_tensor(_t(o), dtype=torch.float64)))

    def minimum(self, o):
        return Torch(torch.minimum(self.t, torch.as_tensor(_t(o), dtype=torch.float64)))

    def __getattr__(self, name):
        return lambda: Torch(OPS[Op[name.upper()]](self.t))


def _t(o):
    return o.t if isinstance(o, Torch) else o


def near_a_kink(root):
    for node in toposort(root):
        data = [parent.data for parent in node.parents]
        if node.op in (Op.RELU, Op.LEAKY_RELU, Op.ABS) and abs(data[0]) < 1e-9:
            return True
        if node.op in (Op.MAXIMUM, Op.MINIMUM) and abs(data[0] - data[1]) < 1e-9:
            return True
    return False


def test_a_thousand_random_graphs_agree():
    rng, compared = random.Random(31), 0
    while compared < 1000:
        build = random_expression(random.Random(rng.random()), rng.randrange(1, 50))
        numbers = [rng.uniform(-3.0, 3.0) for _ in range(3)]
        mine, theirs = [Value(x) for x in numbers], [tensor(x) for x in numbers]
        root = build(mine, Value)
        if near_a_kink(root):
            continue
        compared += 1
        root.backward()
        other = build([Torch(t) for t in theirs], None).t
        other.backward()
        assert root.data == pytest.approx(other.item(), rel=1e-12, abs=1e-12)
        largest = max(abs(v.grad) for v in mine)
        for a, b in zip(mine, theirs, strict=True):
            expected = 0.0 if b.grad is None else b.grad.item()
            assert a.grad == pytest.approx(expected, rel=1e-12, abs=1e-12 * max(1.0, largest))


LOSS_FUNCTIONS = {
    "mse": lambda o, y: F.mse_loss(o, y),
    "half_mse": lambda o, y: 0.5 * F.mse_loss(o, y),
    "mae": lambda o, y: F.l1_loss(o, y),
    "huber": lambda o, y: F.huber_loss(o, y),
    "hinge": lambda o, y: torch.relu(1.0 - o * y).mean(),
    "bce_logits": lambda o, y: F.binary_cross_entropy_with_logits(o, (y + 1.0) / 2.0),
    "softmax_ce": lambda o, y: F.cross_entropy(o[None], (y + 1.0)[None] / 2.0),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_agrees(name):
    rng = random.Random(5)
    for _ in range(1000):
        n = rng.randrange(2, 5) if name == "softmax_ce" else rng.randrange(1, 4)
        numbers = [rng.uniform(-6.0, 6.0) for _ in range(n)]
        hot = rng.randrange(n)
        y = [1.0 if k == hot else -1.0 for k in range(n)]
        values, theirs = [Value(x) for x in numbers], tensor(numbers)
        loss = LOSSES[name].function(values, [Value(t) for t in y])
        loss.backward()
        other = LOSS_FUNCTIONS[name](theirs, torch.tensor(y, dtype=torch.float64))
        other.backward()
        assert loss.data == pytest.approx(other.item(), rel=1e-12, abs=1e-14)
        for a, b in zip(values, theirs.grad.tolist(), strict=True):
            assert a.grad == pytest.approx(b, rel=1e-12, abs=1e-15)


OPTIMIZERS = [
    (SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    (SGD(0.05, momentum=0.9), lambda p: torch.optim.SGD(p, 0.05, momentum=0.9)),
    (
        SGD(0.05, momentum=0.9, nesterov=True),
        lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True),
    ),
    (Adagrad(), lambda p: torch.optim.Adagrad(p)),
    (RMSprop(), lambda p: torch.optim.RMSprop(p)),
    (Adam(), lambda p: torch.optim.Adam(p)),
    (AdamW(), lambda p: torch.optim.AdamW(p)),
    (AdamW(0.01, weight_decay=0.3), lambda p: torch.optim.AdamW(p, 0.01, weight_decay=0.3)),
]


def torch_network(state):
    layers = []
    for layer in state:
        linear = torch.nn.Linear(len(layer[0]) - 1, len(layer), dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor([row[:-1] for row in layer], dtype=torch.float64))
            linear.bias.copy_(torch.tensor([row[-1] for row in layer], dtype=torch.float64))
        layers += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers)


def torch_parameters(network):
    rows = []
    for layer in network[::2]:
        joined = torch.cat([layer.weight, layer.bias[:, None]], 1)
        rows.append(joined.detach().numpy().ravel())
    return np.concatenate(rows)


@pytest.mark.parametrize(("mine", "theirs"), OPTIMIZERS, ids=[f"{o[0]}" for o in OPTIMIZERS])
def test_training_with_an_optimiser_agrees(mine, theirs):
    x, y = make_dataset("moons", 60, noise=0.1, train_share=1.0).train
    model = MLP(2, [5, 3, 1], seed=3)
    network = torch_network(model.state())
    optimizer = theirs(network.parameters())
    trainer = Trainer(model, x, y, optimizer=mine, batch_size=20)
    inputs, targets = torch.tensor(x), torch.tensor(y)[:, None]
    for step in range(90):
        batch = slice(step % 3 * 20, step % 3 * 20 + 20)
        optimizer.zero_grad()
        F.mse_loss(network(inputs[batch]), targets[batch]).backward()
        optimizer.step()
        trainer.advance(1)
        assert trainer.parameters == pytest.approx(torch_parameters(network), rel=1e-12, abs=1e-12)
