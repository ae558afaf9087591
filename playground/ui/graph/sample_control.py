"""What the graph is of: samples of the training, or an expression of the bench."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.expressions import ExpressionError
from playground.core.scalar_graph.graph import Role
from playground.ui.graph.bench import Bench
from playground.ui.graph.sample_field import SampleChooser, SampleField
from playground.ui.labels import number, signed


class SampleControl(QObject):
    """Follows the field of samples, its chooser, and the bench.

    Attributes
    ----------
    is_rechosen : whether a sample was chosen of which there is no graph yet; `catch_up` builds it.

    Signals
    -------
    graph_built() : the desk has another graph.
    expression_shown(bool) : the desk has the bench's graph; whether it is of another shape.
    sample_shown(object) : the training sample that the graph is of now, counted from 0; None if it
        is of several or of an expression.
    """

    graph_built = Signal()
    expression_shown = Signal(bool)
    sample_shown = Signal(object)

    def __init__(
        self,
        desk: Desk,
        field: SampleField,
        chooser: SampleChooser,
        bench: Bench,
        bench_action: QAction,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._field, self._chooser = desk, field, chooser
        self._bench, self._bench_action = bench, bench_action
        self.is_rechosen = False
        field.clicked.connect(self._on_field_clicked)
        chooser.samples_chosen.connect(self.choose)
        chooser.bench_chosen.connect(self._on_bench_chosen)
        bench.changed.connect(self._show_expression)
        bench.left.connect(self._on_bench_left)
        bench_action.toggled.connect(self._on_bench_toggled)

    @property
    def sample(self) -> int | None:
        """The training sample that the graph is of; None if it is of several or of none."""
        desk = self._desk
        return desk.first_sample if desk.n_samples == 1 and not desk.expression else None

    def choose(self, first: int, count: int = 1) -> None:
        """Make the graph that of a training sample, counted from 0, or of the mean over `count`."""
        self._set_bench(on=False)
        if self._desk.choose_samples(first, count):
            self.graph_built.emit()

    def remember(self, sample: int) -> None:
        """Have the next graph of the training be that of a sample."""
        self._desk.first_sample, self._desk.n_samples = sample, 1
        self.is_rechosen = not self._desk.expression
        self.sample_shown.emit(self.sample)

    def catch_up(self) -> bool:
        """Build the graph of the sample that was remembered; return whether it was looked for."""
        self.is_rechosen = False
        return self._desk.choose_samples(self._desk.first_sample, self._desk.n_samples)

    def show_choice(self) -> None:
        """Say in the field what the graph is of."""
        desk, field = self._desk, self._field
        self.sample_shown.emit(self.sample)
        if desk.expression:
            field.show_choice("Expression")
            return
        graph = desk.graph
        if graph is None:
            field.show_choice("No graph")
            return
        count = len(graph.samples)
        if count > 1:
            first, last = graph.samples[0] + 1, graph.samples[-1] + 1
            field.show_choice(f"Mean of {count} samples:", f"{first}–{last}")
            return
        inputs = [k for k, role in enumerate(graph.roles) if role is Role.INPUT]
        x = ", ".join(_short(graph.nodes[k].data) for k in inputs)
        targets = [k for k, role in enumerate(graph.roles) if role is Role.TARGET]
        y = ", ".join(_short(graph.nodes[k].data) for k in targets)
        open_, close = ("(", ")") if len(inputs) > 1 else ("", "")
        formula = f"x = {open_}{x}{close}, y = {y}"
        field.show_choice(f"Sample {graph.samples[0] + 1}:", formula)

    def _on_field_clicked(self) -> None:
        desk, field, chooser = self._desk, self._field, self._chooser
        chooser.show_samples(
            desk.first_sample, desk.n_samples, max(1, desk.n_train), desk.most_samples
        )
        chooser.apply_theme(field.theme)
        chooser.adjustSize()
        corner = field.mapToGlobal(field.rect().bottomLeft())
        screen = field.screen().availableGeometry()
        y = min(corner.y() + 4, screen.bottom() - chooser.height() - 4)
        chooser.move(corner.x(), y)
        chooser.show()

    # The bench.

    def _on_bench_chosen(self) -> None:
        self._bench_action.setChecked(True)

    def _on_bench_left(self) -> None:
        self._bench_action.setChecked(False)

    def _set_bench(self, *, on: bool) -> None:
        self._bench.setVisible(on)
        if self._bench_action.isChecked() is not on:
            self._bench_action.blockSignals(True)
            self._bench_action.setChecked(on)
            self._bench_action.blockSignals(False)

    def _on_bench_toggled(self, on: bool) -> None:
        self._bench.setVisible(on)
        if on:
            self._show_expression()
        else:
            self.choose(self._desk.first_sample, self._desk.n_samples)

    def _show_expression(self) -> None:
        desk, bench = self._desk, self._bench
        shape = desk.graph.parents if desk.graph is not None else ()
        was_expression = desk.expression
        try:
            desk.show_expression(bench.expression, bench.leaves)
        except ExpressionError as error:
            bench.say(str(error))
            return
        bench.say("")
        assert desk.graph is not None
        self.expression_shown.emit(not was_expression or desk.graph.parents != shape)


def _short(value: float) -> str:
    if value == int(value) and abs(value) < 100:
        return signed(value, 0) if value else "0"
    return number(value, 2)
