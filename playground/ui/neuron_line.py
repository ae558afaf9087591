"""Ties the zero line of the selected neuron to the output map, the training and the keyboard."""

from __future__ import annotations

from math import radians
from time import monotonic

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Experiment
from playground.core.focus import NOTHING, Focus
from playground.core.parameters import with_changes
from playground.core.snapshot import ParameterEdit, Snapshot
from playground.ui.labels import neuron_name
from playground.ui.line_geometry import Line, changes_for, columns, line_of
from playground.ui.line_tool import LineTool
from playground.ui.output_view import OutputView
from playground.ui.theme import Theme

TURN_DEGREES, FINE_TURN_DEGREES = 5.0, 1.0
GESTURE_S = 0.7
"""Keys that follow each other faster than this are one edit for undo."""
PUSH_SHARE, FINE_PUSH_SHARE = 0.02, 0.004
HINT = (
    "Drag the line on the output map to set this neuron's weights, turn it at its ends."
    " Green arrows: where −gradient would move it."
)


class NeuronLine(QObject):
    """Offers the line of a selected first-layer neuron whose inputs are x₁ and x₂.

    Attributes
    ----------
    tool : what is drawn on the map.
    actions : turn and move the line by keys; enabled while one is on the map.

    Signals
    -------
    parameters_edited(ParameterEdit) : a person moved or turned the line.
    focus_changed(Focus) : what the training thread has to answer for it.
    hint_raised(str) : words for whoever sees a line for the first time.
    gesture_began() : the next edits by keys do not belong to those before.
    """

    parameters_edited = Signal(object)
    focus_changed = Signal(object)
    hint_raised = Signal(str)
    gesture_began = Signal()

    def __init__(self, output: OutputView) -> None:
        super().__init__(output)
        self._output = output
        self._experiment = Experiment()
        self._snapshot: Snapshot | None = None
        self._neuron: tuple[int, int] | None = None
        self._focus = NOTHING
        self._hinted = False
        self._last_key_at = 0.0
        self.tool = LineTool(self._on_line_edited)
        self.actions = [
            self._action("Turn the neuron's line left", "Left"),
            self._action("Turn the neuron's line right", "Right"),
            self._action("Move the neuron's line to its + side", "Up"),
            self._action("Move the neuron's line to its − side", "Down"),
        ]
        for action, slot in zip(
            self.actions,
            (self._on_left, self._on_right, self._on_up, self._on_down),
            strict=True,
        ):
            action.triggered.connect(slot)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), output)
        self._escape.setContext(Qt.ShortcutContext.WindowShortcut)
        self._escape.setEnabled(False)
        self._escape.activated.connect(self._on_escape)

    def _action(self, text: str, key: str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(f"Alt+{key}"), QKeySequence(f"Alt+Shift+{key}")])
        action.setToolTip(f"{text}; with Shift by a small step")
        action.setEnabled(False)
        return action

    def show_experiment(self, experiment: Experiment) -> None:
        """Take up the network in force."""
        self._experiment = experiment
        self._update()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the line of a newer step; a line that is held is held against the training."""
        self._snapshot = snapshot
        line = self.tool.line
        held = self.tool.is_held and line is not None and self._is_current
        if held and line != line_of(snapshot.parameters, self._experiment.network, self._index):
            assert line is not None
            self._on_line_edited(line)
        self._update()

    def select(self, neuron: tuple[int, int] | None) -> None:
        """Offer the line of another neuron, (layer, index); None offers none."""
        if neuron != self._neuron:
            self._neuron = neuron
            self.tool.show(None, -1.0, 1.0, turns=True)
            self._update()
            if self._output.tool is self.tool and not self._hinted:
                self._hinted = True
                self.hint_raised.emit(HINT)

    def offer_again(self) -> None:
        """Take up that another tool came to the map or went from it."""
        self._update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in a theme."""
        self.tool.apply_theme(theme)
        self._output.refresh()

    @property
    def _index(self) -> int:
        return self._neuron[1] if self._neuron is not None else 0

    @property
    def _is_current(self) -> bool:
        """Whether the newest numbers are a first-layer neuron's, of the network in force.

        A map of other inputs than x₁ and x₂ has no place for its line.
        """
        return (
            self._snapshot is not None
            and self._neuron is not None
            and self._neuron[0] == 0
            and self._snapshot.experiment.network == self._experiment.network
            and self._snapshot.data.shown == (0, 1)
        )

    def _update(self) -> None:
        network = self._experiment.network
        line = None
        if self._is_current:
            assert self._snapshot is not None
            line = line_of(self._snapshot.parameters, network, self._index)
            data = self._snapshot.data
            turns = columns(network) is not None and None not in (columns(network) or ())
            self.tool.show(line, data.low, data.high, turns)
            self.tool.show_step(self._step())
        else:
            self.tool.show(None, -1.0, 1.0, turns=True)
        self._offer(line is not None)
        for action in self.actions:
            action.setEnabled(self._output.tool is self.tool)

    def _offer(self, offered: bool) -> None:
        """Put the tool on the map, unless another one is in use there."""
        current = self._output.tool
        if offered and current is None:
            self._output.set_tool(self.tool)
        elif not offered and current is self.tool:
            self._output.set_tool(None)
        elif current is self.tool:
            self._output.refresh()
        self._escape.setEnabled(self.tool.is_held)
        focus = Focus(neuron=self._neuron) if offered else NOTHING
        if focus != self._focus:
            self._focus = focus
            self.focus_changed.emit(focus)

    def _step(self) -> Line | None:
        """Return −learning rate × gradient over the whole train set, if it is known."""
        assert self._snapshot is not None
        answer = self._snapshot.answers.neuron
        places = columns(self._experiment.network)
        if answer is None or answer.neuron != self._neuron or places is None:
            return None
        rate = -self._experiment.training.learning_rate
        w1, w2 = (0.0 if k is None else rate * float(answer.weights[k]) for k in places)
        return Line(w1, w2, rate * answer.bias)

    def _on_line_edited(self, line: Line) -> None:
        snapshot, network = self._snapshot, self._experiment.network
        if not self._is_current or snapshot is None:
            return
        self._escape.setEnabled(self.tool.is_held)
        changes = changes_for(line, network, self._index)
        name = neuron_name(0, self._index, len(network.hidden), network.n_outputs)
        edited = with_changes(snapshot.parameters, changes)
        self.parameters_edited.emit(ParameterEdit(edited, f"Line of {name}", changes))

    def _is_fine(self) -> bool:
        """Whether a key was pressed with Shift; begins a gesture unless keys follow quickly."""
        now = monotonic()
        if now - self._last_key_at > GESTURE_S:
            self.gesture_began.emit()
        self._last_key_at = now
        return bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)

    def _turn(self, sign: int) -> None:
        self.tool.turn(sign * radians(FINE_TURN_DEGREES if self._is_fine() else TURN_DEGREES))
        self._output.refresh()

    def _push(self, sign: int) -> None:
        self.tool.push(sign * (FINE_PUSH_SHARE if self._is_fine() else PUSH_SHARE))
        self._output.refresh()

    def _on_left(self) -> None:
        self._turn(1)

    def _on_right(self) -> None:
        self._turn(-1)

    def _on_up(self) -> None:
        self._push(1)

    def _on_down(self) -> None:
        self._push(-1)

    def _on_escape(self) -> None:
        self.tool.cancel()
        self._escape.setEnabled(False)
        self._output.refresh()
