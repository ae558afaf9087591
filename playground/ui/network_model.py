"""The network as a tree of layers, neurons and their parameters, for item views."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from playground.core.own_data import MAX_NAME
from playground.core.snapshot import ParameterEdit, Snapshot
from playground.ui.canvas.edits import with_bias, with_weight
from playground.ui.controls.number_field import format_plain, parse_number
from playground.ui.input_names import input_name
from playground.ui.labels import layer_name, neuron_name, number, significant
from playground.ui.words import ACTIVATIONS

LIMIT = 1e6
ROOT = QModelIndex()
_NEURON = 1 << 20
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class Column(IntEnum):
    """What is told of a layer, a neuron or a parameter."""

    NAME = 0
    VALUE = 1
    GRADIENT = 2
    UPDATE = 3
    STATE = 4


_NUMBERS = (Column.VALUE, Column.GRADIENT, Column.UPDATE)
HEADS = ("", "Value", "Gradient", "Last update", "State")


class NetworkModel(QAbstractItemModel):
    """Layers, in them neurons, in them the bias and the weights, all from the newest snapshot.

    The id of an index says who its parent is: 0 the root, 1 + k layer k, and with _NEURON times
    1 + j added, neuron j of that layer. Numbers are read only when they are asked for.

    Signals
    -------
    parameters_edited(object) : the `ParameterEdit` of a person.
    refused(str) : why what was typed cannot be taken.
    """

    parameters_edited = Signal(object)
    refused = Signal(str)

    def __init__(self, snapshot: Snapshot, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot = snapshot

    @property
    def snapshot(self) -> Snapshot:
        """What is shown."""
        return self._snapshot

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take newer numbers; another structure makes the tree anew."""
        before, after = self._snapshot.experiment.network, snapshot.experiment.network
        if before == after:
            self._snapshot = snapshot
            return
        self.beginResetModel()
        self._snapshot = snapshot
        self.endResetModel()

    # The tree.

    @staticmethod
    def _place(index: Index) -> tuple[int, ...]:
        """Return (), (layer,), (layer, neuron) or (layer, neuron, row)."""
        if not index.isValid():
            return ()
        owner = int(index.internalId())
        if owner == 0:
            return (index.row(),)
        layer = owner % _NEURON - 1
        if owner < _NEURON:
            return layer, index.row()
        return layer, owner // _NEURON - 1, index.row()

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        """Return the index of a child."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        place = self._place(parent)
        owner = 0 if not place else place[0] + 1
        if len(place) == 2:
            owner += _NEURON * (place[1] + 1)
        return self.createIndex(row, column, owner)

    def parent(self, index: Index = ROOT) -> QModelIndex:  # type: ignore[override]  # QObject's has no argument
        """Return the index of the layer or neuron that `index` belongs to."""
        place = self._place(index)
        if len(place) == 2:
            return self.createIndex(place[0], 0, 0)
        if len(place) == 3:
            return self.createIndex(place[1], 0, place[0] + 1)
        return QModelIndex()

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return the number of children."""
        place = self._place(parent)
        layers = self._snapshot.layers
        if not place:
            return len(layers)
        if parent.column() > 0 or len(place) == 3:
            return 0
        shape = layers[place[0]].weights.shape
        return int(shape[0]) if len(place) == 1 else int(shape[1]) + 1

    def columnCount(self, parent: Index = ROOT) -> int:
        """Return the number of columns."""
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Return the name of a column."""
        if role == Role.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADS[section]
        if role == Role.TextAlignmentRole and section in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done: values of weights and biases can be edited."""
        flags = super().flags(index)
        if len(self._place(index)) == 3 and index.column() == Column.VALUE:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    # What is in it.

    def data(self, index: Index, role: int = 0) -> object:
        """Return the text of a cell, or what its editor starts with."""
        place, column = self._place(index), Column(index.column())
        if role == Role.DisplayRole:
            return self._text(place, column)
        if role == Role.EditRole and len(place) == 3:
            return format_plain(self._value(*place))
        if role == Role.AccessibleTextRole:
            name = self._text(place, Column.NAME)
            return (
                name
                if column is Column.NAME
                else f"{name}, {HEADS[column]}: " + str(self._text(place, column))
            )
        if role == Role.TextAlignmentRole and column in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        """Ask for another weight or bias; the next snapshot shows it."""
        place = self._place(index)
        if role != Role.EditRole or len(place) != 3:
            return False
        try:
            typed = parse_number(str(value), -LIMIT, LIMIT)
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        if typed != self._value(*place):
            self.parameters_edited.emit(self._edit(*place, typed))
        return True

    def _edit(self, layer: int, neuron: int, row: int, value: float) -> ParameterEdit:
        parameters = self._snapshot.parameters
        name = self._neuron_name(layer, neuron)
        if row == 0:
            return with_bias(parameters, layer, neuron, value, f"Bias of {name}")
        label = f"Weight {self._source_name(layer, row - 1)} → {name}"
        return with_weight(parameters, layer, neuron, row - 1, value, label)

    def _value(self, layer: int, neuron: int, row: int) -> float:
        parameters = self._snapshot.parameters
        if row == 0:
            return float(parameters.biases[layer][neuron])
        return float(parameters.weights[layer][neuron, row - 1])

    def _text(self, place: tuple[int, ...], column: Column) -> str:
        if not place or place[0] >= len(self._snapshot.layers):
            return ""
        if len(place) == 1:
            return self._layer_text(place[0], column)
        if len(place) == 2:
            return self._neuron_text(place[0], place[1], column)
        layer, neuron, row = place
        if column is Column.NAME:
            return "bias" if row == 0 else f"weight from {self._source_name(layer, row - 1)}"
        if column is Column.VALUE:
            return number(self._value(layer, neuron, row))
        if column is Column.STATE:
            return ""
        shown = self._snapshot.layers[layer]
        is_update = column is Column.UPDATE
        if row == 0:
            array = shown.bias_updates if is_update else shown.bias_gradients
            return significant(float(array[neuron]))
        matrix = shown.weight_updates if is_update else shown.weight_gradients
        return significant(float(matrix[neuron, row - 1]))

    def _layer_text(self, layer: int, column: Column) -> str:
        network = self._snapshot.experiment.network
        if column is Column.NAME:
            return layer_name(layer, len(network.hidden))
        if column is Column.STATE:
            size = network.layer_sizes[layer]
            neurons = "1 neuron" if size == 1 else f"{size} neurons"
            return f"{neurons}, {ACTIVATIONS[network.activations[layer]]}"
        return ""

    def _neuron_text(self, layer: int, neuron: int, column: Column) -> str:
        shown = self._snapshot.layers[layer]
        if column is Column.NAME:
            return self._neuron_name(layer, neuron)
        if column is Column.GRADIENT:
            return number(float(shown.neuron_gradients[neuron]), 4)
        if column is Column.STATE:
            if shown.dead[neuron]:
                return "dead"
            share = float(shown.saturated[neuron])
            return f"saturated on {100 * share:.0f}\N{THIN SPACE}%" if share > 0 else "healthy"
        return ""

    def _neuron_name(self, layer: int, neuron: int) -> str:
        network = self._snapshot.experiment.network
        return neuron_name(layer, neuron, len(network.hidden), network.n_outputs)

    def _source_name(self, layer: int, source: int) -> str:
        if layer > 0:
            return self._neuron_name(layer - 1, source)
        experiment = self._snapshot.experiment
        return input_name(experiment, experiment.network.features[source], MAX_NAME)
