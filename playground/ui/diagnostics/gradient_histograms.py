"""How each layer's gradients are distributed around zero."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from playground.core.snapshot import Float64s, LayerSnapshot
from playground.ui.weights_view import WeightsView


class GradientHistogramsView(WeightsView):
    """A signed histogram of the weights' gradients per layer, each with the layer's rms."""

    TITLE = "Gradients ∂L/∂w per layer"
    SAME_RANGE = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Gradients per layer")
        self.setToolTip(
            "How many weights of each layer have which gradient ∂L/∂w in the last batch. Each "
            "layer has its own range, ± its largest; rms = √(mean of (∂L/∂w)²)."
        )

    @staticmethod
    def numbers(layer: LayerSnapshot) -> Float64s:
        """Return the layer's gradients."""
        return layer.weight_gradients
