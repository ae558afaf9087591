"""The per-sample gradient microscope: which samples pull one weight up, and which down."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from playground.core.answers import SampleGradients
from playground.core.experiment import Experiment
from playground.core.focus import Focus, ParameterAddress
from playground.core.snapshot import Float64s, Snapshot
from playground.ui.diagnostics.choice import ChoiceChip
from playground.ui.diagnostics.sample_sums import Sums, add_up, inside, map_places
from playground.ui.input_names import source_names
from playground.ui.labels import layer_name, number, signed, significant
from playground.ui.plot_chrome import PlotView, Right, draw_text
from playground.ui.theme import BODY_PX, CAPTION_PX, DENSE_PX, Theme, mix, ui_font
from playground.ui.weights_view import weight_colour

MOST_POINTS = 2000
"""Points drawn at most (evenly picked); all samples count in the sums."""
SHADES = 12
STRONGEST = 98.0
FADED = 0.75


class SampleGradientsView(PlotView):
    """One weight: every train sample coloured by its own ∂ℓᵢ/∂w, sorted bars, what they add up to.

    A drag around points is a lasso: their part of the gradient is written below. It is kept in
    shares of the map's side, so that it stays around its points in every size.

    Attributes
    ----------
    address : the parameter that is looked at.
    samples, sums : its gradients and what they add up to; None before they are known.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = ParameterAddress(0, 0, 0)
        self.samples: SampleGradients | None = None
        self.sums: Sums | None = None
        self._snapshot: Snapshot | None = None
        self._experiment: Experiment | None = None
        self._chosen = np.zeros(0, bool)
        self._lasso = QPolygonF()
        self._map = QRectF(16, 36, 120, 120)
        self.neuron_chip = ChoiceChip("Neuron whose weight is looked at", self)
        self.source_chip = ChoiceChip("Weight that is looked at", self)
        self.neuron_chip.chosen.connect(self._on_neuron_chosen)
        self.source_chip.chosen.connect(self._on_source_chosen)
        self.setAccessibleName("Per-sample gradients of one weight")
        self.setToolTip(
            "Each train sample's own gradient ∂ℓᵢ/∂w of one weight: their mean is the batch "
            "gradient. |Σ|/Σ|·| says how much of it cancels out: near 0 the samples pull in "
            "opposite directions, at 1 all the same way. Drag around points for a partial sum. "
            "A click on an edge or a bias of the network chooses the weight."
        )

    @property
    def wanted(self) -> Focus:
        """The gradients of the weight."""
        return Focus(weights=frozenset({self.address}))

    def show_experiment(self, experiment: Experiment) -> None:
        """Offer the neurons of the experiment's network; stay with one that exists."""
        self._experiment = experiment
        sizes, address = experiment.network.layer_sizes, self.address
        layer = min(address.layer, len(sizes) - 1)
        neuron = min(address.neuron, sizes[layer] - 1)
        sources = source_names(experiment, layer)
        source = None if address.source is None else min(address.source, len(sources) - 1)
        self._set_address(ParameterAddress(layer, neuron, source))
        self._show_choices()

    def twin(self) -> SampleGradientsView:
        """Return a view of the same parameter."""
        view = SampleGradientsView()
        view.address = self.address
        return view

    def show_parameter(self, address: ParameterAddress) -> None:
        """Look at another parameter."""
        self._set_address(address)
        self._show_choices()

    def show_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Look at the first weight of another neuron, (layer, index); None changes nothing."""
        if neuron is not None and neuron[0] >= 0 and neuron != self._neuron:
            self.show_parameter(ParameterAddress(*neuron, 0))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the gradients up, if they were asked for; those of other samples are forgotten."""
        if self._snapshot is None or snapshot.data is not self._snapshot.data:
            self.samples = self.sums = None
            self._chosen, self._lasso = np.zeros(snapshot.data.n_train, bool), QPolygonF()
        self._snapshot = snapshot
        self.samples = snapshot.answers.sample(self.address) or self.samples
        self._add_up()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the chips, too."""
        self.neuron_chip.apply_theme(theme)
        self.source_chip.apply_theme(theme)
        super().apply_theme(theme)

    def arrange(self) -> None:
        """Place the chips and the map."""
        unit = self.enlargement
        right = self.width() - 16
        for chip in (self.neuron_chip, self.source_chip):
            chip.setVisible(self.has_controls)
            chip.resize(chip.sizeHint())
            chip.move(right - chip.width(), 6)
            right -= chip.width() + 6
        side = min(self.height() - 48 * unit, 0.42 * self.width())
        self._map = QRectF(16 * unit, 36 * unit, side, side)

    @property
    def _neuron(self) -> tuple[int, int]:
        return self.address.layer, self.address.neuron

    def _set_address(self, address: ParameterAddress) -> None:
        if address != self.address:
            self.address = address
            self.samples = self.sums = None
            self.wanted_changed.emit()
            self.update()

    def _show_choices(self) -> None:
        if self._experiment is None:
            return
        network = self._experiment.network
        neurons = [
            f"{layer_name(k, len(network.hidden))} · {n + 1}"
            for k, size in enumerate(network.layer_sizes)
            for n in range(size)
        ]
        before = sum(network.layer_sizes[: self.address.layer])
        self.neuron_chip.show_choices(neurons, before + self.address.neuron)
        sources = [*source_names(self._experiment, self.address.layer), "bias"]
        source = self.address.source
        self.source_chip.show_choices(sources, len(sources) - 1 if source is None else source)
        self.arrange()

    def _on_neuron_chosen(self, index: int) -> None:
        assert self._experiment is not None
        sizes = self._experiment.network.layer_sizes
        layer = next(k for k in range(len(sizes)) if index < sum(sizes[: k + 1]))
        index -= sum(sizes[:layer])
        self.show_parameter(ParameterAddress(layer, index, 0))

    def _on_source_chosen(self, index: int) -> None:
        assert self._experiment is not None
        n_sources = len(source_names(self._experiment, self.address.layer))
        source = index if index < n_sources else None
        self.show_parameter(ParameterAddress(*self._neuron, source))

    def _add_up(self) -> None:
        if self.samples is not None and self._snapshot is not None:
            size = self._snapshot.experiment.training.batch_size
            self.sums = add_up(self.samples.gradients, size, self._chosen)
        self.update()

    # The lasso.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a lasso; it is empty until the pointer moves."""
        if event.button() is Qt.MouseButton.LeftButton and self._map.contains(event.position()):
            self._lasso = QPolygonF([self._share(event.position())])
            self._choose()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the lasso."""
        if event.buttons() & Qt.MouseButton.LeftButton and not self._lasso.isEmpty():
            self._lasso.append(self._share(event.position()))
            self._choose()

    def _choose(self) -> None:
        if self._snapshot is not None:
            self._chosen = inside(self._lasso, map_places(self._snapshot.data))
            self._add_up()

    @property
    def _from_shares(self) -> QTransform:
        """From shares of the map's side to places in the view."""
        side = self._map.width()
        return QTransform.fromTranslate(self._map.left(), self._map.top()).scale(side, side)

    def _share(self, place: QPointF) -> QPointF:
        inverse, _ = self._from_shares.inverted()
        return inverse.map(place)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw map, bars and figures."""
        painter = QPainter(self)
        unit, theme = self.enlargement, self.theme
        painter.fillRect(self.rect(), theme.panel)
        font = ui_font(CAPTION_PX * unit)
        title = "∂ℓᵢ/∂w of each train sample"
        draw_text(painter, 16 * unit, 16 * unit, title, font, theme.ink3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.line_strong, 1.0))
        painter.setBrush(theme.paper)
        painter.drawRoundedRect(self._map, 3, 3)
        if self.samples is None or self.sums is None or self._snapshot is None:
            return
        gradients = np.nan_to_num(self.samples.gradients, nan=0.0, posinf=0.0, neginf=0.0)
        limit = float(np.percentile(np.abs(gradients), STRONGEST)) or float(np.abs(gradients).max())
        self._paint_points(painter, map_places(self._snapshot.data), gradients, limit)
        left = self._map.right() + 20 * unit
        room = QRectF(left, 40 * unit, self.width() - 16 * unit - left, self.height() - 122 * unit)
        self._paint_bars(painter, room, gradients, limit)
        self._paint_figures(painter, left, room.bottom() + 16 * unit, self.sums)

    def _paint_points(
        self, painter: QPainter, places: Float64s, gradients: Float64s, limit: float
    ) -> None:
        unit, theme, to_view = self.enlargement, self.theme, self._from_shares
        step = -(-len(places) // MOST_POINTS)
        shown = np.arange(0, len(places), step)
        shades = np.rint(np.clip(gradients[shown] / (limit or 1.0), -1, 1) * SHADES).astype(int)
        has_lasso = bool(self._chosen.any())
        size = (5.5 if len(shown) < 400 else 4.0) * unit
        # The strongest last, so that they lie on top.
        for shade in sorted(set(shades.tolist()), key=abs):
            for chosen in (False, True):
                rows = shown[(shades == shade) & (self._chosen[shown] == chosen)]
                colour = weight_colour(theme, shade / SHADES, 1.0)
                if has_lasso and not chosen:
                    colour = mix(colour, theme.paper, FADED)
                pen = QPen(colour, size)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                points = [QPointF(float(x), float(y)) for x, y in places[rows]]
                painter.drawPoints(to_view.map(QPolygonF(points)))
        if self._lasso.count() > 1:
            pen = QPen(theme.ink1, 1.0)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(to_view.map(self._lasso))

    def _paint_bars(
        self, painter: QPainter, room: QRectF, gradients: Float64s, limit: float
    ) -> None:
        theme, unit = self.theme, self.enlargement
        order = np.argsort(gradients, kind="stable")
        n_bars = min(len(order), max(1, int(room.width())))
        picked = order[np.rint(np.linspace(0, len(order) - 1, n_bars)).astype(int)]
        largest = float(np.abs(gradients).max()) or 1.0
        low = min(0.0, float(gradients.min())) / largest
        high = max(0.0, float(gradients.max())) / largest
        per_unit = room.height() / ((high - low) or 1.0)
        zero = round(room.top() + high * per_unit) + 0.5
        pitch = room.width() / n_bars
        has_lasso = bool(self._chosen.any())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        for k, index in enumerate(picked):
            value = float(gradients[index])
            colour = weight_colour(theme, value, limit)
            if has_lasso and not self._chosen[index]:
                colour = mix(colour, theme.panel, FADED)
            tall = value / largest * per_unit
            top = zero - tall if value > 0 else zero
            gap = 0.15 * pitch if pitch > 3 else 0.0
            bar = QRectF(room.left() + k * pitch, top, pitch - gap, max(1.0, abs(tall)))
            painter.fillRect(bar, colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.line_strong, 1.0))
        painter.drawLine(QPointF(room.left(), zero), QPointF(room.right(), zero))
        dense = ui_font(DENSE_PX * unit)
        text = f"sorted, {signed(-largest if -low > high else largest, 3)} at the end"
        draw_text(painter, room.right(), room.top() - 6 * unit, text, dense, theme.ink3, Right)

    def _paint_figures(self, painter: QPainter, left: float, top: float, sums: Sums) -> None:
        unit, theme = self.enlargement, self.theme
        ratio = "–" if sums.cancellation is None else number(sums.cancellation, 3)
        noise = f"±{number(sums.noise, 4)}"
        rows = [
            ("mean = ∂L/∂w", significant(sums.mean)),
            ("|Σ| / Σ|·|", ratio),
            ("noise per batch", noise),
        ]
        if sums.n_selected:
            rows[2] = (f"{sums.n_selected} selected", significant(sums.selected))
        label, value = ui_font(BODY_PX * unit), ui_font(BODY_PX * unit, 600)
        right = self.width() - 16 * unit
        for k, (name, text) in enumerate(rows):
            y = top + 17 * unit * k
            draw_text(painter, left, y, name, label, theme.ink2)
            draw_text(painter, right, y, text, value, theme.ink1, Right)
