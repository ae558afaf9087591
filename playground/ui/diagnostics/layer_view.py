"""A view of one layer, which a chip in its corner chooses."""

from __future__ import annotations

from typing import Self

from PySide6.QtWidgets import QWidget

from playground.core.experiment import Experiment
from playground.ui.diagnostics.choice import ChoiceChip
from playground.ui.labels import layer_name
from playground.ui.plot_chrome import PlotView
from playground.ui.theme import Theme


class LayerView(PlotView):
    """Offers the layers of the experiment's network and shows one of them.

    Attributes
    ----------
    layer : the chosen layer; 0 is the first hidden one.
    chip : chooses it.
    """

    CHIP_NAME = "Layer that is shown"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer = 0
        self.chip = ChoiceChip(self.CHIP_NAME, self)
        self.chip.chosen.connect(self.choose_layer)

    def twin(self) -> Self:
        """Return a view of the same layer."""
        view = type(self)()
        view.layer = self.layer
        return view

    def show_experiment(self, experiment: Experiment) -> None:
        """Offer the layers of the experiment's network; the last instead of one that is gone."""
        n_layers = len(experiment.network.layer_sizes)
        if self.layer >= n_layers:
            self.choose_layer(n_layers - 1)
        self.chip.show_choices([layer_name(k, n_layers - 1) for k in range(n_layers)], self.layer)
        self.arrange()

    def choose_layer(self, layer: int) -> None:
        """Show another layer."""
        self.layer = layer
        self.arrange()
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the chip, too."""
        self.chip.apply_theme(theme)
        super().apply_theme(theme)

    def arrange(self) -> None:
        """Place the chip at the right edge."""
        self.chip.setVisible(self.has_controls)
        self.chip.resize(self.chip.sizeHint())
        self.chip.move(self.width() - 16 - self.chip.width(), 6)
