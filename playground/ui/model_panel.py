"""The lower half of the left panel: how the network is trained and initialised."""

from __future__ import annotations

import random
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.experiment import (
    CLASSES_ONLY,
    Activation,
    Experiment,
    Initializer,
    Loss,
    NetworkSpec,
    Optimizer,
    Problem,
    Regularization,
    TrainingSpec,
)
from playground.core.snapshot import Activity
from playground.ui.controls.base import Themed, apply_theme_below
from playground.ui.controls.buttons import IconButton
from playground.ui.controls.combo import ComboBox
from playground.ui.controls.number_field import NumberField
from playground.ui.controls.rows import FieldRow, SectionTitle, SliderRow
from playground.ui.controls.slider import LogScale
from playground.ui.theme import CONTROL_H, FIELD_ROW_H, PANEL_PADDING, Theme
from playground.ui.words import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZATIONS,
)

FIRST_PENALTY_RATE = 0.001
DICE_LIMIT = 10_000
MAX_SEED = 2**32 - 1
MAX_RATE = 1000.0


def impossible_losses(problem: Problem) -> tuple[Loss, ...]:
    """Return the losses that do not go with a problem's targets."""
    if problem is Problem.MULTICLASS:
        return tuple(loss for loss in Loss if loss is not Loss.SOFTMAX_CE)
    if problem is Problem.REGRESSION:
        return (*CLASSES_ONLY, Loss.SOFTMAX_CE)
    return (Loss.SOFTMAX_CE,)


def hidden_activation(network: NetworkSpec) -> Activation | None:
    """Return what all hidden layers use, or None when they differ or there are none."""
    kinds = {layer.activation for layer in network.hidden}
    return kinds.pop() if len(kinds) == 1 else None


class ModelPanel(QWidget, Themed):
    """Loss, optimiser, learning rate, activation, penalty, initialisation and seed.

    Signals
    -------
    experiment_edited(object) : the edited `Experiment`.
    """

    experiment_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Experiment()
        self.title = SectionTitle("Model")
        self.loss = ComboBox("Loss", list(LOSSES.items()))
        self.optimizer = ComboBox("Optimiser", list(OPTIMIZERS.items()))
        self.learning_rate = SliderRow(
            "Learning rate",
            LogScale(1e-5, 10),
            1e-8,
            MAX_RATE,
            decimals=3,
            height=FIELD_ROW_H,
            hint="Step size; it may change while training",
        )
        self.activation = ComboBox("Activation of all hidden layers", list(ACTIVATIONS.items()))
        self.penalty = ComboBox("Penalty on the weights", list(REGULARIZATIONS.items()))
        self.penalty_rate = NumberField("Penalty rate", 0.0, MAX_RATE, decimals=3)
        self.initializer = ComboBox("First weights", list(INITIALIZERS.items()))
        self.seed = NumberField("Seed of the first weights", 0, MAX_SEED, integer=True)
        self.dice = IconButton(
            "dice", "Draw other first weights", CONTROL_H, ghost=False, wide=True
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PANEL_PADDING, 11, PANEL_PADDING - 1, PANEL_PADDING)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addSpacing(1)
        rows: tuple[QWidget, ...] = (
            FieldRow("Loss", (self.loss, 1), hint="The number that training makes small"),
            FieldRow("Optimiser", (self.optimizer, 1), hint="How gradients become steps"),
            self.learning_rate,
            FieldRow("Activation", (self.activation, 1), hint="The function of each neuron"),
            FieldRow(
                "Regularise",
                (self.penalty, 72),
                (self.penalty_rate, 58),
                hint="A penalty on large weights, and its rate",
            ),
            FieldRow("Initialise", (self.initializer, 1), hint="How first weights are drawn"),
            FieldRow("Seed", (self.seed, 72), (self.dice, 58), hint="Same seed, same weights"),
        )
        for row in rows:
            layout.addWidget(row)

    def _connect(self) -> None:
        self.loss.choice_edited.connect(self._on_loss_edited)
        self.optimizer.choice_edited.connect(self._on_optimizer_edited)
        self.learning_rate.value_edited.connect(self._on_learning_rate_edited)
        self.activation.choice_edited.connect(self._on_activation_edited)
        self.penalty.choice_edited.connect(self._on_penalty_edited)
        self.penalty_rate.value_edited.connect(self._on_penalty_rate_edited)
        self.initializer.choice_edited.connect(self._on_initializer_edited)
        self.seed.value_edited.connect(self._on_seed_edited)
        self.dice.clicked.connect(self._on_dice_clicked)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the network and training part of an experiment."""
        self._experiment = experiment
        network, training = experiment.network, experiment.training
        count = network.n_parameters
        self.title.fact.setText(f"{count:,} parameters".replace(",", "\N{THIN SPACE}"))
        self.loss.disable_choices(impossible_losses(experiment.data.problem))
        self.loss.show_choice(training.loss)
        self.optimizer.show_choice(training.optimizer)
        self.learning_rate.show_value(training.learning_rate)
        kind = hidden_activation(network)
        words = "" if kind else "Mixed (per layer)" if network.hidden else "No hidden layer"
        self.activation.show_choice(kind, words)
        self.activation.setEnabled(bool(network.hidden))
        self.penalty.show_choice(training.regularization)
        self.penalty_rate.set_value(training.regularization_rate)
        self.penalty_rate.setEnabled(training.regularization is not Regularization.NONE)
        self.initializer.show_choice(network.initializer)
        self.seed.set_value(experiment.seed)

    def show_activity(self, activity: Activity) -> None:
        """Lock what draws new weights while training."""
        idle = activity is not Activity.RUNNING
        for control in (self.initializer, self.seed, self.dice):
            control.setEnabled(idle)

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def _edit_training(self, training: TrainingSpec) -> None:
        self.experiment_edited.emit(replace(self._experiment, training=training))

    def _edit_network(self, network: NetworkSpec) -> None:
        self.experiment_edited.emit(replace(self._experiment, network=network))

    def _on_loss_edited(self, loss: Loss) -> None:
        self._edit_training(replace(self._experiment.training, loss=loss))

    def _on_optimizer_edited(self, optimizer: Optimizer) -> None:
        self._edit_training(replace(self._experiment.training, optimizer=optimizer))

    def _on_learning_rate_edited(self, rate: float) -> None:
        self._edit_training(replace(self._experiment.training, learning_rate=rate))

    def _on_activation_edited(self, activation: Activation) -> None:
        network = self._experiment.network
        hidden = tuple(replace(layer, activation=activation) for layer in network.hidden)
        self._edit_network(replace(network, hidden=hidden))

    def _on_penalty_edited(self, kind: Regularization) -> None:
        training = replace(self._experiment.training, regularization=kind)
        if kind is not Regularization.NONE and training.regularization_rate == 0:
            training = replace(training, regularization_rate=FIRST_PENALTY_RATE)
        self._edit_training(training)

    def _on_penalty_rate_edited(self, rate: float) -> None:
        self._edit_training(replace(self._experiment.training, regularization_rate=rate))

    def _on_initializer_edited(self, initializer: Initializer) -> None:
        self._edit_network(replace(self._experiment.network, initializer=initializer))

    def _on_seed_edited(self, seed: float) -> None:
        self.experiment_edited.emit(replace(self._experiment, seed=int(seed)))

    def _on_dice_clicked(self) -> None:
        seed = random.randrange(DICE_LIMIT - 1)
        if seed >= self._experiment.seed:
            seed += 1
        self.experiment_edited.emit(replace(self._experiment, seed=seed))
