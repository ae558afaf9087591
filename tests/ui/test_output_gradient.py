"""A loss on logits reads z: the gradient of an output is that of its z, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.core.experiment import Experiment, Loss
from playground.core.run import Run
from playground.core.snapshot import Snapshot
from playground.ui.canvas.card import describe
from playground.ui.canvas.hit import Part, Target
from playground.ui.canvas.values import arrange
from playground.ui.diagnostics.neuron_pages import history_names
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
    gradient = float(snapshot.layers[layer].neuron_gradients[0])
    assert gradient > 0.0
    values = arrange(snapshot.experiment.network, snapshot)
    card = describe(Target(Part.TILE, layer, 0), snapshot.experiment, values)
    assert card is not None
    assert card.rows[1].value == number(gradient, 4)
    assert card.rows[1].variable == ("z" if loss.reads_logits else "a")
    hidden = describe(Target(Part.TILE, 0, 0), snapshot.experiment, values)
    assert hidden is not None
    assert hidden.rows[1].value == number(float(snapshot.layers[0].neuron_gradients[0]), 4)
    assert hidden.rows[1].variable == "a"


@pytest.mark.parametrize("loss", [Loss.BCE_LOGITS, Loss.MSE])
def test_the_page_of_an_output(loss: Loss) -> None:
    snapshot = trained(loss)
    layer = len(snapshot.layers) - 1
    figures = describe_neuron(snapshot, layer, 0)
    assert figures is not None
    label, value = figures.figures[0]
    assert label == ("mean |∂L/∂z|" if loss.reads_logits else "mean |∂L/∂a|")
    assert value == number(float(snapshot.layers[layer].neuron_gradients[0]), 4)
    assert history_names(snapshot, layer)[3][1:] == label[1:]


def test_the_losses_that_read_logits_are_those_of_the_library() -> None:
    assert {loss.value for loss in Loss if loss.reads_logits} == {
        name for name, loss in LOSSES.items() if loss.on_logits
    }
