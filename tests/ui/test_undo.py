"""Undo and redo: of every kind of edit, exact to the last bit, merged while dragging."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from playground.core.experiment import (
    Activation,
    DatasetKind,
    Experiment,
    Feature,
    Initializer,
    LayerSpec,
    Loss,
    Optimizer,
    Regularization,
    Speed,
    presets,
)
from playground.core.parameters import from_flat, to_flat
from playground.core.snapshot import Activity, ParameterEdit, Parameters
from playground.session.controller import Controller
from playground.session.order import same
from playground.ui.main_window import MainWindow
from playground.ui.undo import UndoStack
from tests.ui.fake_controller import FakeController
from tests.ui.fake_window import active_window

BASE = Experiment()


def network(**changes: object) -> Experiment:
    return replace(BASE, network=replace(BASE.network, **changes))


def training(**changes: object) -> Experiment:
    return replace(BASE, training=replace(BASE.training, **changes))


def data(**changes: object) -> Experiment:
    return replace(BASE, data=replace(BASE.data, **changes))


EDITS = {
    "add neuron": network(hidden=(LayerSpec(5), LayerSpec(2))),
    "remove 2 neurons": network(hidden=(LayerSpec(2), LayerSpec(2))),
    "insert layer": network(hidden=(LayerSpec(4), LayerSpec(4), LayerSpec(2))),
    "remove layer": network(hidden=(LayerSpec(2),)),
    "choose activation": network(hidden=(LayerSpec(4, Activation.RELU), LayerSpec(2))),
    "switch x₁² on": network(features=(Feature.X1, Feature.X2, Feature.X1_SQUARED)),
    "switch x₂ off": network(features=(Feature.X1,)),
    "choose first weights": network(initializer=Initializer.HE_NORMAL),
    "choose loss": training(loss=Loss.HINGE),
    "choose optimiser": training(optimizer=Optimizer.ADAM),
    "change learning rate": training(learning_rate=0.3),
    "change batch size": training(batch_size=7),
    "choose penalty": training(regularization=Regularization.L2, regularization_rate=0.001),
    "change speed": training(speed=Speed.EPOCH_1),
    "change noise": data(noise=0.2),
    "change train share": data(train_share=0.7),
    "change number of samples": data(n_samples=100),
    "regenerate data": data(seed=9),
    "choose Moons": data(kind=DatasetKind.MOONS),
    "draw new weights": replace(BASE, seed=5),
}


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[Controller]:
    controller = Controller(BASE)
    with qtbot.waitSignal(controller.snapshot_changed, timeout=60_000):
        controller.start()
    yield controller
    controller.shut_down()


@pytest.fixture
def stack(qtbot: QtBot, controller: Controller) -> UndoStack:
    return UndoStack(controller, controller)


def settled(qtbot: QtBot, controller: Controller, act: Callable[[], object]) -> Parameters:
    """Do something that is answered by a snapshot of the experiment then in force."""
    seen = controller.snapshot
    act()
    qtbot.waitUntil(
        lambda: (
            controller.snapshot is not seen
            and controller.snapshot.experiment == controller.experiment
        ),
        timeout=5000,
    )
    assert controller.snapshot is not None
    return controller.snapshot.parameters


def train(qtbot: QtBot, controller: Controller) -> Parameters:
    return settled(qtbot, controller, controller.step_epoch)


@pytest.mark.parametrize("text", EDITS)
def test_every_edit_is_undone_and_redone_to_the_bit(
    text: str, qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    before = train(qtbot, controller)
    after = settled(qtbot, controller, lambda: stack.edit(EDITS[text]))
    assert stack.undoText() == text
    back = settled(qtbot, controller, stack.undo)
    assert controller.experiment == BASE
    assert same(back, before)
    again = settled(qtbot, controller, stack.redo)
    assert controller.experiment == EDITS[text]
    assert same(again, after)


def test_undo_brings_back_the_weights_of_before_the_edit_and_redo_those_it_left(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    before = train(qtbot, controller)
    settled(qtbot, controller, lambda: stack.edit(EDITS["remove layer"]))
    trained = train(qtbot, controller)
    assert same(settled(qtbot, controller, stack.undo), before)
    assert same(settled(qtbot, controller, stack.redo), trained)


def test_undoing_a_setting_does_not_take_training_back(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    train(qtbot, controller)
    settled(qtbot, controller, lambda: stack.edit(EDITS["change learning rate"]))
    trained = train(qtbot, controller)
    assert same(settled(qtbot, controller, stack.undo), trained)
    assert controller.experiment == BASE


def test_while_training_runs_the_very_weights_come_back(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    slow = training(speed=Speed.OPS_1)  # a batch takes minutes: after undo no step is made
    controller.play()
    qtbot.waitUntil(lambda: controller.snapshot is not None and controller.snapshot.epoch > 3)
    stack.edit(EDITS["remove layer"])
    qtbot.waitUntil(
        lambda: (
            controller.snapshot is not None
            and controller.snapshot.experiment == EDITS["remove layer"]
        )
    )
    command = stack.command(0)
    kept = command.left.parameters
    assert kept is not None
    assert [w.shape for w in kept.weights] == [(4, 2), (2, 4), (1, 2)]
    controller.pause()
    qtbot.waitUntil(lambda: controller.activity is Activity.PAUSED)
    assert same(settled(qtbot, controller, stack.undo), kept)
    assert slow.network == controller.experiment.network


def test_edits_of_one_gesture_are_one_entry_and_of_two_are_two(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    first = train(qtbot, controller)
    shapes = BASE.network
    for value in (0.1, 0.2, 0.3):
        edited = from_flat(to_flat(first) + value, shapes)
        settled(
            qtbot,
            controller,
            lambda edited=edited: stack.edit_parameters(ParameterEdit(edited, "Weight a → b")),
        )
    assert stack.count() == 1
    assert stack.undoText() == "change weight a → b"
    assert same(settled(qtbot, controller, stack.undo), first)
    again = settled(qtbot, controller, stack.redo)
    assert to_flat(again).tolist() == (to_flat(first) + 0.3).tolist()


def test_undoing_the_choice_of_a_preset_brings_the_whole_run_back(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    for _ in range(3):
        before = train(qtbot, controller)
    old = controller.snapshot
    settled(qtbot, controller, lambda: stack.edit(presets()["spiral"]))
    other = train(qtbot, controller)
    assert (old.epoch, controller.snapshot.epoch) == (3, 1)
    assert same(settled(qtbot, controller, stack.undo), before)
    assert controller.snapshot.epoch == 3
    assert controller.snapshot.history.train_loss.tolist() == old.history.train_loss.tolist()
    assert same(settled(qtbot, controller, stack.redo), other)
    assert controller.snapshot.epoch == 1


def test_an_edit_undone_before_it_was_carried_out_still_comes_back_to_the_bit(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    before = train(qtbot, controller)

    def both() -> None:
        stack.edit(EDITS["remove layer"])
        stack.undo()

    assert same(settled(qtbot, controller, both), before)


def test_undoing_an_edit_of_a_run_that_was_reset_leaves_the_new_run_alone(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    first = train(qtbot, controller)
    edited = from_flat(to_flat(first) + 1.0, BASE.network)
    edit = ParameterEdit(edited, "Weight a → b")
    settled(qtbot, controller, lambda: stack.edit_parameters(edit))
    settled(qtbot, controller, controller.reset)
    anew = train(qtbot, controller)
    assert same(anew, first)
    assert same(settled(qtbot, controller, stack.undo), anew)
    assert same(settled(qtbot, controller, stack.redo), anew)


@pytest.mark.parametrize("way", ["new", "seed"])
def test_a_reset_of_another_run_does_not_keep_an_edit_from_being_undone(
    qtbot: QtBot, controller: Controller, stack: UndoStack, way: str
) -> None:
    first = train(qtbot, controller)
    edit = ParameterEdit(from_flat(to_flat(first) + 1.0, BASE.network), "Weight a → b")
    edited = settled(qtbot, controller, lambda: stack.edit_parameters(edit))
    other = presets()["moons"] if way == "new" else BASE.with_seed(5)
    begin = stack.begin if way == "new" else stack.replace_experiment
    settled(qtbot, controller, lambda: begin(other, "another"))
    settled(qtbot, controller, controller.reset)
    assert same(settled(qtbot, controller, stack.undo), edited)
    assert same(settled(qtbot, controller, stack.undo), first)
    assert same(settled(qtbot, controller, stack.redo), edited)


def test_undoing_a_new_experiment_leaves_the_run_it_replaced_paused(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    before = train(qtbot, controller)
    settled(qtbot, controller, lambda: stack.begin(presets()["moons"], "new"))
    controller.play()
    qtbot.waitUntil(lambda: controller.snapshot is not None and controller.snapshot.epoch > 3)
    back = settled(qtbot, controller, stack.undo)
    assert controller.activity is Activity.PAUSED
    assert same(back, before)
    assert controller.snapshot.epoch == 1


def test_undoing_a_rate_that_diverged_brings_no_exploded_weights_back(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    settings = replace(BASE.training, learning_rate=0.8, loss=Loss.MSE, optimizer=Optimizer.SGD)
    wild = replace(presets()["plane"], training=settings)
    settled(qtbot, controller, lambda: stack.edit(wild))
    controller.play()
    qtbot.waitUntil(lambda: controller.activity is Activity.DIVERGED)
    calm = replace(wild, training=replace(wild.training, learning_rate=0.01))
    settled(qtbot, controller, lambda: stack.edit(calm))
    trained = train(qtbot, controller)
    assert same(settled(qtbot, controller, stack.undo), trained)


def test_all_edits_in_a_row_can_be_taken_back(
    qtbot: QtBot, controller: Controller, stack: UndoStack
) -> None:
    before = train(qtbot, controller)
    for experiment in EDITS.values():
        stack.edit(experiment)
    assert stack.count() > len(EDITS) // 2

    def all_back() -> None:
        while stack.canUndo():
            stack.undo()

    assert same(settled(qtbot, controller, all_back), before)
    assert controller.experiment == BASE


def faked() -> tuple[FakeController, UndoStack]:
    """A stack over a controller that answers at once."""
    fake = FakeController()
    return fake, UndoStack(fake)  # type: ignore[arg-type]  # a fake with the same methods


def test_a_refused_edit_leaves_the_stack(qtbot: QtBot) -> None:
    fake, stack = faked()
    kept = fake.experiment
    stack.edit(replace(kept, seed=kept.seed + 1))
    fake.experiment = kept
    n_orders = len(fake.orders)
    fake.refused.emit(kept)
    assert (stack.count(), stack.canUndo()) == (0, False)
    assert len(fake.orders) == n_orders
    assert fake.experiment == kept


def test_a_refused_undo_leaves_the_edit_and_those_before_it_on_the_stack() -> None:
    fake, stack = faked()
    first = replace(fake.experiment, seed=fake.experiment.seed + 1)
    second = replace(first, seed=first.seed + 1)
    stack.edit(first)
    stack.edit(second)
    stack.undo()
    fake.experiment = second
    n_orders = len(fake.orders)
    fake.refused.emit(second)
    assert (stack.count(), stack.index()) == (2, 2)
    assert len(fake.orders) == n_orders
    stack.undo()
    assert fake.experiment == first
    stack.redo()
    fake.experiment = first
    fake.refused.emit(first)
    assert (stack.count(), stack.index()) == (2, 1)
    stack.redo()
    assert fake.experiment == second


def test_a_refused_edit_of_a_gesture_leaves_the_stack_with_it() -> None:
    fake, stack = faked()
    kept = fake.experiment
    for rate in (0.1, 0.2):
        stack.edit(replace(kept, training=replace(kept.training, learning_rate=rate)))
    assert stack.count() == 1
    fake.refused.emit(kept)
    assert stack.count() == 0


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with active_window(qtbot) as window:
        yield window


def test_keys_and_menu_undo_and_name_the_edit(window: MainWindow, qtbot: QtBot) -> None:
    before = window.controller.experiment
    qtbot.mouseClick(window.left.data.regenerate, Qt.MouseButton.LeftButton)
    edited = window.controller.experiment
    assert window.commands.undo.text() == "Undo regenerate data"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.controller.experiment == before
    assert window.commands.redo.text() == "Redo regenerate data"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Z, both)
    assert window.controller.experiment == edited


def test_clicks_are_never_merged(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(3):
        qtbot.mouseClick(window.left.data.regenerate, Qt.MouseButton.LeftButton)
    assert window.edits.count() == 3


def test_dragging_a_slider_is_one_edit_and_dragging_it_again_another(
    window: MainWindow, qtbot: QtBot
) -> None:
    slider = window.left.data.noise.slider
    before = window.controller.experiment.data.noise

    def drag(xs: range) -> None:
        qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(xs[0], 12))
        for x in xs:
            qtbot.mouseMove(slider, QPoint(x, 12))
        qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(xs[-1], 12))

    drag(range(20, 40, 4))
    middle = window.controller.experiment.data.noise
    drag(range(40, 60, 4))
    assert window.edits.count() == 2
    window.edits.undo()
    assert window.controller.experiment.data.noise == middle
    window.edits.undo()
    assert window.controller.experiment.data.noise == before


def test_a_field_that_took_its_number_up_leaves_ctrl_z_to_the_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    field = window.left.model.learning_rate.field
    before = window.controller.experiment
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(field, "0.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.controller.experiment.training.learning_rate == 0.5
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.controller.experiment == before
    assert field.text() == "0.003"


def test_a_cell_half_typed_goes_away_with_its_table(window: MainWindow, qtbot: QtBot) -> None:
    window.edits.edit(presets()["xor-table"])
    field = window.left.data.table.rows[0].fields[0]
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(field, "7")
    window.edits.replace_experiment(presets()["circle"], "Circle")
    assert window.controller.orders[-1].experiment == window.controller.experiment
    assert window.controller.experiment.data == presets()["circle"].data
    window.edits.undo()
    assert window.controller.experiment == presets()["xor-table"]
    assert field.value == 0.0


def test_a_number_half_typed_into_a_field_that_undo_locks_is_dropped_and_not_shown(
    window: MainWindow, qtbot: QtBot
) -> None:
    def penalised(penalty: Regularization, rate: float) -> Experiment:
        training = replace(start.training, regularization=penalty, regularization_rate=rate)
        return replace(start, training=training)

    start = window.controller.experiment
    before = penalised(Regularization.NONE, 0.0)
    window.edits.edit(before)
    window.edits.edit(penalised(Regularization.L2, 0.01))
    field = window.left.model.penalty_rate
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(field, "0.5")
    window.commands.undo.trigger()
    assert window.controller.experiment == before
    assert window.edits.count() == 2
    qtbot.waitUntil(lambda: field.value == 0.0, timeout=2000)
    window.edits.redo()
    assert window.controller.experiment.training.regularization_rate == 0.01


def test_a_selected_neuron_is_followed_through_an_edit_of_several_layers(
    window: MainWindow, qtbot: QtBot
) -> None:
    before = window.controller.experiment
    last = len(before.network.layer_sizes) - 1
    window.network.select_neuron((last, 0))
    hidden = before.network.hidden
    window.edits.edit(
        replace(before, network=replace(before.network, hidden=(*hidden, hidden[-1], hidden[-1])))
    )
    assert window.network.selected == (last + 2, 0)
    assert window.right.more.samples.address.layer == last + 2
