"""Who is measured: each maker returns a function that trains and returns the last epoch's loss."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.benchmarks.workloads import LEARNING_RATE, Workload
from tinyml import SGD, Trainer
from tinyml._reference import backward, forward
from tinyml.recording import record_model

Training = Callable[[int], float]


def tape(w: Workload) -> Training:
    """tinyml's recorded tape, compiled, on one thread."""
    trainer = Trainer(w.model(), w.x, w.y, optimizer=SGD(LEARNING_RATE), batch_size=w.batch_size)

    def run(epochs: int) -> float:
        trainer.run(epochs)
        return trainer.losses[-1]

    return run


def twin(w: Workload) -> Training:
    """The same sweeps in plain Python, with exact fractions for every fused multiply-add."""
    model = w.model()
    recorded = record_model(model, "mse")
    program = recorded.program
    fed = recorded.feed(w.x, w.y[:, None])
    packed = np.array([v.data for v in model.parameters()])[program.packed].tolist()

    def run(epochs: int) -> float:
        for _ in range(epochs):
            total = 0.0
            for start in range(0, w.n_samples, w.batch_size):
                rows = []
                for sample in range(start, min(start + w.batch_size, w.n_samples)):
                    row = fed[:, sample].tolist() + [0.0] * (program.n_rows - program.n_fed)
                    forward(program, packed, row)
                    total += row[program.loss_row]
                    rows.append(row)
                gradient = backward(program, packed, rows, [1.0 / len(rows)] * len(rows))
                for k, g in enumerate(gradient):
                    packed[k] -= LEARNING_RATE * g
        return total / w.n_samples

    return run


def micrograd(w: Workload) -> Training:
    """The published package's Values, with the tanh of its author's lecture."""
    from micrograd.engine import Value  # type: ignore[import-not-found]  # an extra

    def tanh(x: Any) -> Any:
        t = math.tanh(x.data)
        out = Value(t, (x,), "tanh")

        def back() -> None:
            x.grad += (1.0 - t * t) * out.grad

        out._backward = back
        return out

    layers = [
        ([[Value(v) for v in row] for row in weights.T.tolist()], [Value(v) for v in biases])
        for weights, biases in w.weights()
    ]
    parameters = [v for rows, biases in layers for row in rows for v in row]
    parameters += [v for _, biases in layers for v in biases]

    def run(epochs: int) -> float:
        for _ in range(epochs):
            total = 0.0
            for start in range(0, w.n_samples, w.batch_size):
                batch = slice(start, start + w.batch_size)
                losses = []
                for x, y in zip(w.x[batch].tolist(), w.y[batch].tolist(), strict=True):
                    a = x
                    for rows, biases in layers:
                        pairs = zip(rows, biases, strict=True)
                        a = [
                            tanh(sum((v * u for v, u in zip(row, a, strict=True)), b))
                            for row, b in pairs
                        ]
                    losses.append((a[0] - y) ** 2)
                loss = sum(losses) * (1.0 / len(losses))
                for p in parameters:
                    p.grad = 0.0
                loss.backward()
                for p in parameters:
                    p.data -= LEARNING_RATE * p.grad
                total += loss.data * len(losses)
        return total / w.n_samples

    return run


def numpy_by_hand(w: Workload) -> Training:
    """Forward and backward written by hand with matrix products."""
    layers = w.weights()

    def run(epochs: int) -> float:
        for _ in range(epochs):
            total = 0.0
            for start in range(0, w.n_samples, w.batch_size):
                x = w.x[start : start + w.batch_size]
                activations = [x]
                for weights, biases in layers:
                    activations.append(np.tanh(activations[-1] @ weights + biases))
                error = activations[-1] - w.y[start : start + w.batch_size, None]
                total += float((error * error).sum())
                grad = error * (2.0 / len(x))
                for k in range(len(layers) - 1, -1, -1):
                    weights, biases = layers[k]
                    a = activations[k + 1]
                    dz = grad * (1.0 - a * a)
                    grad = dz @ weights.T
                    weights -= LEARNING_RATE * (activations[k].T @ dz)
                    biases -= LEARNING_RATE * dz.sum(axis=0)
        return total / w.n_samples

    return run


def pytorch(w: Workload) -> Training:
    """PyTorch eager, float64, one thread: Sequential, SGD, backward."""
    import torch  # type: ignore[import-not-found]  # an extra

    torch.set_num_threads(1)
    layers: list[Any] = []
    for weights, biases in w.weights():
        linear = torch.nn.Linear(*weights.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights.T.copy()))
            linear.bias.copy_(torch.from_numpy(biases))
        layers += [linear, torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers)
    x, y = torch.from_numpy(w.x), torch.from_numpy(w.y[:, None])
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    loss_of = torch.nn.MSELoss()

    def run(epochs: int) -> float:
        for _ in range(epochs):
            total = 0.0
            for start in range(0, w.n_samples, w.batch_size):
                batch = slice(start, start + w.batch_size)
                optimizer.zero_grad()
                loss = loss_of(model(x[batch]), y[batch])
                loss.backward()
                optimizer.step()
                total += loss.item() * len(x[batch])
        return total / w.n_samples

    return run


def jax(w: Workload) -> Training:
    """JAX with the whole loop over epochs and batches compiled, float64, one thread."""
    import jax as _jax  # type: ignore[import-not-found]  # an extra
    import jax.numpy as jnp  # type: ignore[import-not-found]  # an extra

    _jax.config.update("jax_enable_x64", True)
    shape = (w.n_samples // w.batch_size, w.batch_size)
    x, y = jnp.array(w.x).reshape(*shape, -1), jnp.array(w.y).reshape(*shape, 1)
    parameters = [(jnp.array(a), jnp.array(b)) for a, b in w.weights()]

    def loss_of(p: Any, x: Any, y: Any) -> Any:
        for weights, biases in p:
            x = jnp.tanh(x @ weights + biases)
        return jnp.mean((x - y) ** 2)

    def step(p: Any, batch: Any) -> Any:
        loss, gradient = _jax.value_and_grad(loss_of)(p, *batch)
        return _jax.tree.map(lambda a, g: a - LEARNING_RATE * g, p, gradient), loss

    def epoch(p: Any, _: None) -> Any:
        p, losses = _jax.lax.scan(step, p, (x, y))
        return p, losses.mean()

    @partial(_jax.jit, static_argnums=1)
    def train(p: Any, epochs: int) -> Any:
        return _jax.lax.scan(epoch, p, None, length=epochs)

    def run(epochs: int) -> float:
        nonlocal parameters
        parameters, losses = train(parameters, epochs)
        return float(losses[-1])

    return run


CONTENDERS: dict[str, Callable[[Workload], Training]] = {
    "tinyml": tape,
    "JAX": jax,
    "numpy": numpy_by_hand,
    "PyTorch": pytorch,
    "micrograd": micrograd,
    "plain twin": twin,
}
