"""What the worker tells the views: frozen pictures of the training state, never the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from playground.core.answers import NO_ANSWERS, Answers
from playground.core.experiment import Experiment, Feature

Float64s = NDArray[np.float64]
Float32s = NDArray[np.float32]

TILE_GRID = 48
"""Pixels along one side of a neuron's heat map."""
OUTPUT_GRID = 150
"""Pixels along one side of the output map."""
HISTOGRAM_BINS = 32


class Activity(StrEnum):
    """What the worker is doing."""

    PREPARING = "preparing"
    PAUSED = "paused"
    RUNNING = "running"
    DIVERGED = "diverged"


def frozen(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return a read-only contiguous copy of `array`."""
    copy = np.array(array, order="C", copy=True)
    copy.flags.writeable = False
    return copy


@dataclass(frozen=True, slots=True, eq=False)
class DataView:
    """The samples in force, ready to draw.

    Attributes
    ----------
    x : (n, n_inputs) float64, the raw inputs; training samples come first. There may be none.
    y : (n,) float64 targets: ±1 for two classes, 0/1 for tables, real for regression, and the
        class's number 0…k−1 for three classes or more.
    n_train : how many of the first rows are trained on.
    low, high : the square domain drawn, e.g. −6 and 6.
    input_names, target_name : what the numbers are called.
    class_names : per class; of two classes the first is +1 (or 1). Empty for regression.
    shown : the inputs along the map's axes; data of one input have only the first.
    held : per input, the value at which maps hold it where it is no axis.
    """

    x: Float64s
    y: Float64s
    n_train: int
    low: float
    high: float
    input_names: tuple[str, ...] = ("x₁", "x₂")
    target_name: str = "y"
    class_names: tuple[str, ...] = ("+1", "−1")
    shown: tuple[int, int] = (0, 1)
    held: tuple[float, ...] = (0.0, 0.0)

    @property
    def n_inputs(self) -> int:
        """Inputs of every sample."""
        return int(self.x.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """All weights and biases as read-only arrays.

    Attributes
    ----------
    weights : per layer (n_out, n_in).
    biases : per layer (n_out,).
    shelf : the first-layer weight columns (n_out,) of features that are switched off.
    """

    weights: tuple[Float64s, ...]
    biases: tuple[Float64s, ...]
    shelf: tuple[tuple[Feature, Float64s], ...] = ()


BIAS = -1
"""The `source` of a change that sets a bias."""


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One number set by hand: the weight from `source` to neuron `target`, or its BIAS."""

    layer: int
    target: int
    source: int
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class ParameterEdit:
    """A person's edit of weights and biases.

    Attributes
    ----------
    parameters : all of them, as the person saw them, with the edit made.
    label : words for the undo menu.
    changes : the numbers that were set, where those are few: while training runs, all others keep
        what they have become since.
    """

    parameters: Parameters
    label: str
    changes: tuple[ParameterChange, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class OptimizerState:
    """What the optimiser remembers between two steps.

    Attributes
    ----------
    first, second : (P,) in the engine's order of parameters (`parameters.to_flat`); momentum, sums
        of squares, m and v; zeros where the rule has none.
    powers : β₁ᵗ and β₂ᵗ.
    step : updates so far.
    names : what the rule calls its arrays ("m", "v", …); none, one or both of them are in use.
    """

    first: Float64s
    second: Float64s
    powers: tuple[float, float]
    step: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class LayerSnapshot:
    """One layer (hidden or output) at one step.

    Attributes
    ----------
    weights, weight_gradients, weight_updates : (n_out, n_in); gradients and updates are those of
        the last batch (zeros before the first step).
    biases, bias_gradients, bias_updates : (n_out,).
    neuron_gradients : (n_out,) mean |∂ℓᵢ/∂a| over the train set, ℓᵢ a sample's own loss; of outputs
        whose loss reads logits mean |∂ℓᵢ/∂z|, as `Experiment.gradient_of` says.
    dead : (n_out,) bool, a ReLU whose output is 0 on every train sample.
    saturated : (n_out,) share of train samples with |f′| < 0.06 (0 for linear and ReLU kinds).
    histogram : (n_out, HISTOGRAM_BINS) counts of activations over the train set.
    histogram_range : (low, high) of the bins, the same for the whole layer.
    maps : (n_out, TILE_GRID, TILE_GRID) float32 activations over the plane; row 0 is x₂ = low.
    """

    weights: Float64s
    biases: Float64s
    weight_gradients: Float64s
    bias_gradients: Float64s
    weight_updates: Float64s
    bias_updates: Float64s
    neuron_gradients: Float64s
    dead: NDArray[np.bool_]
    saturated: Float64s
    histogram: NDArray[np.int64]
    histogram_range: tuple[float, float]
    maps: Float32s


@dataclass(frozen=True, slots=True, eq=False)
class HistoryView:
    """The run so far as decimated series, one point per bucket of epochs.

    Attributes
    ----------
    epochs : (k,) the last epoch of each bucket; the first point is epoch 0.
    train_loss, test_loss, train_accuracy : (k,); NaN where there is no test set.
    gradient_norms : (k, n_layers) Euclidean norm of each layer's last-batch gradient; NaN at
        epoch 0 and before the network had these layers.
    train_loss_low, train_loss_high : (k,) the least and greatest epoch in each bucket.
    """

    epochs: Float64s
    train_loss: Float64s
    test_loss: Float64s
    train_accuracy: Float64s
    gradient_norms: Float64s
    train_loss_low: Float64s = field(default_factory=lambda: np.zeros(0))
    train_loss_high: Float64s = field(default_factory=lambda: np.zeros(0))


def _no_maps() -> Float32s:
    return np.zeros((0, OUTPUT_GRID, OUTPUT_GRID), np.float32)


@dataclass(frozen=True, slots=True)
class Divergence:
    """Why training stopped: the epoch, the layer whose numbers went first (0 = first hidden).

    `good_epoch` is the one with the least loss, which can be gone back to, or None.
    """

    epoch: int
    layer: int
    message: str
    good_epoch: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What was in force at one step; arrays are copies and read-only.

    Attributes
    ----------
    run_id : counts networks; a new one starts with every reset.
    epoch, step : completed epochs and completed optimiser updates.
    batch, n_batches : completed batches of the current epoch, and batches per epoch.
    train_loss, test_loss : mean data loss over the whole set; test_loss is None without a test set,
        train_loss is NaN as long as there are no samples at all.
    train_accuracy, test_accuracy : share of right classes in 0…1; None for regression or no set.
    penalty : the regularisation term.
    n_values : scalar `Value` nodes in the graph of one sample.
    epochs_per_second : measured speed; 0 while paused.
    op, n_ops : scalar operations done of the current batch at "ops per second" speeds.
    output_map : (OUTPUT_GRID, OUTPUT_GRID) float32 predictions; ±1 scale; row 0 is x₂ = low. With
        several classes this is 2p − 1 of the first. With one input all rows are equal.
    predictions : (n,) predictions for the samples of `data` on the scale of the targets; the
        likeliest class's number where there are several.
    feature_maps : per member of `Feature`, in order, (TILE_GRID, TILE_GRID) float32 of its value;
        zeros for features that the data have not.
    class_maps : (k, OUTPUT_GRID, OUTPUT_GRID) float32 probabilities of k ≥ 3 classes, else empty.
    optimizer_state : what the next step starts from.
    losses : (n,) each sample's own loss ℓᵢ; empty if unknown.
    wrong : (n,) which samples are put into another class than theirs; empty for regression.
    answers : to what the visible views asked (`Focus`).
    """

    run_id: int
    epoch: int
    step: int
    batch: int
    n_batches: int
    experiment: Experiment
    data: DataView
    parameters: Parameters
    layers: tuple[LayerSnapshot, ...]
    history: HistoryView
    train_loss: float
    test_loss: float | None
    train_accuracy: float | None
    test_accuracy: float | None
    penalty: float
    n_values: int
    epochs_per_second: float
    op: int
    n_ops: int
    output_map: Float32s
    predictions: Float64s
    feature_maps: Float32s
    divergence: Divergence | None = None
    optimizer_state: OptimizerState | None = None
    losses: Float64s = field(default_factory=lambda: np.zeros(0))
    wrong: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    answers: Answers = NO_ANSWERS
    class_maps: Float32s = field(default_factory=_no_maps)

    @property
    def network_id(self) -> tuple[int, tuple[Feature, ...], tuple[int, ...]]:
        """The run and its network's shape: with another begins another past in `answers`."""
        network = self.experiment.network
        return self.run_id, network.features, network.layer_sizes
