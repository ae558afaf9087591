"""A loss on logits reads z: the outputs, which come after it, have no gradient and say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.core.experiment import Experiment, Loss
from playground.core.run import Run
from playground.core.snapshot import Snapshot
from playground.ui.canvas.card import describe
from playground.ui.canvas.hit import Part, Target
from playground.ui.canvas.values import arrange
from playground.ui.labels import number
from playground.ui.neuron_figures import describe_neuron
from tinyml.losses import LOSSES


def trained(loss: Loss) -> Snapshot:
    base = Experiment()
    run = Run(replace(base, training=replace(base.training, loss=loss)))
    run.advance(3)
    return run.snapshot()


@pytest.mark.parametrize("loss", [Loss.BCE_LOGITS, Loss.MSE, Loss.HINGE])
def test_the_card_of_an_output(loss: Loss) -> None:
    snapshot = trained(loss)
    layer = len(snapshot.layers) - 1
    gradient = float(snapshot.layers[layer].activation_gradients[0])
    assert (gradient == 0.0) is loss.reads_logits
    values = arrange(snapshot.experiment.network, snapshot)
    card = describe(Target(Part.TILE, layer, 0), snapshot.experiment, values)
    assert card is not None
    wanted = "0: the loss reads z" if loss.reads_logits else number(gradient, 4)
    assert card.rows[1].value == wanted
    hidden = describe(Target(Part.TILE, 0, 0), snapshot.experiment, values)
    assert hidden is not None
    assert hidden.rows[1].value == number(float(snapshot.layers[0].activation_gradients[0]), 4)


@pytest.mark.parametrize("loss", [Loss.BCE_LOGITS, Loss.MSE])
def test_the_page_of_an_output(loss: Loss) -> None:
    snapshot = trained(loss)
    layer = len(snapshot.layers) - 1
    figures = describe_neuron(snapshot, layer, 0)
    assert figures is not None
    label, value = figures.figures[0]
    if loss.reads_logits:
        assert (label, value) == ("the loss reads", "z, not a")
    else:
        assert label == "mean |∂L/∂a|"
        assert float(value) > 0.0


def test_the_losses_that_read_logits_are_those_of_the_library() -> None:
    assert {loss.value for loss in Loss if loss.reads_logits} == {
        name for name, loss in LOSSES.items() if loss.on_logits
    }
