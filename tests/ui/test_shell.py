"""The main window around the views: zones, wiring, menus, keys, themes, pictures."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment import (
    Activation,
    DatasetKind,
    Experiment,
    LayerSpec,
    Loss,
    NetworkSpec,
    Optimizer,
    Regularization,
    Speed,
    presets,
)
from playground.core.export.carrier import load_carried
from playground.core.export.metadata import find_experiment
from playground.core.files import ExperimentFileError, decode_experiment
from playground.core.files.disk import write_atomically
from playground.core.focus import ParameterAddress
from playground.core.snapshot import Activity
from playground.ui.appearance import Preference
from playground.ui.controls.base import Label
from playground.ui.main_window import MainWindow
from playground.ui.picture import png_bytes
from playground.ui.plot_chrome import ViewTask
from playground.ui.sample_marks import halo_pen
from playground.ui.theme import DARK, LIGHT
from tests.pictures import drawn, picture_of
from tests.ui.fake_controller import FakeController
from tests.ui.snapshots import make_snapshot

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


@pytest.fixture
def controller(qapp: QApplication) -> FakeController:
    return FakeController()


@pytest.fixture
def window(qtbot: QtBot, controller: FakeController) -> Iterator[MainWindow]:
    window = MainWindow(controller)  # type: ignore[arg-type]  # a fake with the same methods
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.choose_theme(Preference.LIGHT)
    window.close()


def zone(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def last(controller: FakeController) -> Experiment:
    edit = controller.edits[-1]
    assert isinstance(edit, Experiment)
    return edit


@pytest.mark.parametrize(
    ("size", "left", "right"),
    [((1440, 900), 252, 404), ((1280, 720), 252, 348), ((1120, 660), 44, 348)],
)
def test_zones_are_where_the_specification_puts_them(
    window: MainWindow, size: tuple[int, int], left: int, right: int
) -> None:
    window.resize(*size)
    QApplication.processEvents()
    width, height = size
    expected = {
        window.menuBar(): (0, 0, width, 28),
        window.run_bar: (0, 28, width, 56),
        window.side: (0, 84, left, height - 114),
        window.network: (left, 84, width - left - right, height - 114),
        window.right: (width - right, 84, right, height - 114),
        window.status: (0, height - 30, width, 30),
    }
    for widget, rectangle in expected.items():
        got = zone(window, widget)
        for a, b in zip(got.getRect(), rectangle, strict=True):
            assert abs(a - b) <= 1, (type(widget).__name__, got, rectangle)


@pytest.mark.parametrize("size", [(1024, 768), (640, 400), (320, 240)])
def test_on_a_small_screen_everything_is_reached_by_scrolling(
    window: MainWindow, size: tuple[int, int]
) -> None:
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    area, zones = window.centralWidget(), window.zones
    least, room = zones.minimumSizeHint(), area.viewport().size()
    assert zones.width() >= least.width()
    assert zones.height() >= least.height()
    assert area.horizontalScrollBar().maximum() == max(0, zones.width() - room.width())
    assert area.verticalScrollBar().maximum() == max(0, zones.height() - room.height())


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1120, 660)])
def test_no_label_of_the_shell_is_elided(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    QApplication.processEvents()
    for part in (window.run_bar, window.left, window.status):
        for label in part.findChildren(Label):
            if label.isVisible():
                needed = label.fontMetrics().horizontalAdvance(label.text())
                assert needed <= label.width(), label.text()


def test_a_narrow_window_says_less_on_the_run_bar(window: MainWindow) -> None:
    window.resize(1280, 720)
    assert not window.run_bar.batch.isVisible()
    window.resize(1440, 900)
    assert window.run_bar.batch.isVisible()


def test_the_strip_opens_the_left_panel_over_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1120, 660)
    assert not window.left.isVisible()
    qtbot.mouseClick(window.side.buttons["Model"], Qt.MouseButton.LeftButton)
    assert window.left.isVisible()
    assert zone(window, window.left).getRect() == (44, 84, 252, 546)
    qtbot.mouseClick(window.side.buttons["Model"], Qt.MouseButton.LeftButton)
    assert not window.left.isVisible()
    window.resize(1440, 900)
    QApplication.processEvents()
    assert zone(window, window.left).getRect()[:2] == (0, 84)


def test_run_bar_and_keys_ask_the_controller(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    for button in (
        window.run_bar.run,
        window.run_bar.reset,
        window.run_bar.steps.cells["Epoch"],
        window.run_bar.steps.cells["Batch"],
    ):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.calls == ["toggle", "reset", "step_epoch", "step_batch"]
    controller.calls.clear()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert controller.calls == ["toggle", "reset", "step_epoch", "step_batch"]


def test_single_keys_belong_to_a_text_field_while_it_has_focus(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    field = window.left.model.seed
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(field, Qt.Key.Key_1)
    qtbot.keyClick(field, Qt.Key.Key_S)
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert controller.calls == []
    assert window.network.edge_mode.value == "weight"


def test_clicking_buttons_leaves_space_to_run(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    qtbot.mouseClick(window.left.data.regenerate, Qt.MouseButton.LeftButton)
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_Space)
    assert controller.calls == ["toggle"]


def test_speed_changes_by_slider_and_keys(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert last(controller).training.speed is Speed.EPOCH_16
    qtbot.keyClick(window.run_bar.speed.slider, Qt.Key.Key_End)
    assert last(controller).training.speed is Speed.FULL
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert last(controller).training.speed is Speed.EPOCH_16


def test_a_thumbnail_chooses_its_dataset_and_keeps_the_rest(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    before = controller.experiment
    thumbnail = window.left.data.thumbnails[DatasetKind.MOONS]
    qtbot.mouseClick(thumbnail, Qt.MouseButton.LeftButton)
    assert last(controller).data.kind is DatasetKind.MOONS
    assert last(controller).network == before.network
    assert thumbnail.isChecked()
    assert sum(t.isChecked() for t in window.left.data.thumbnails.values()) == 1


def test_regression_brings_a_linear_output_and_a_loss_that_fits(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    model = window.left.model
    model.loss.choice_edited.emit(Loss.BCE_LOGITS)
    qtbot.mouseClick(window.left.data.thumbnails[DatasetKind.HILLS], Qt.MouseButton.LeftButton)
    assert last(controller).network.output_activation is Activation.LINEAR
    assert last(controller).training.loss is Loss.MSE


def test_a_table_shows_four_rows_instead_of_sliders(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    data = window.left.data
    qtbot.mouseClick(data.table_button, Qt.MouseButton.LeftButton)
    assert last(controller).data.kind is DatasetKind.XOR_TABLE
    assert data.table.isVisible()
    assert not data.noise.isVisible()
    assert "0 1: target 1" in data.table.accessibleDescription()
    data.table.choice.chosen.emit(1)
    assert last(controller).data.kind is DatasetKind.AND_TABLE


def test_every_number_of_the_panel_is_one_edit(
    window: MainWindow, controller: FakeController
) -> None:
    data, model = window.left.data, window.left.model
    for row, value in (
        (data.noise, 0.2),
        (data.share, 0.8),
        (data.batch, 5.0),
        (model.learning_rate, 0.1),
    ):
        row.value_edited.emit(value)
    model.penalty_rate.value_edited.emit(0.01)
    model.seed.value_edited.emit(99.0)
    edited = last(controller)
    assert len(controller.edits) == 6
    assert (edited.data.noise, edited.data.train_share) == (0.2, 0.8)
    assert (edited.training.batch_size, edited.training.learning_rate) == (5, 0.1)
    assert (edited.training.regularization_rate, edited.seed) == (0.01, 99)


def test_every_choice_of_the_panel_is_one_edit(
    window: MainWindow, controller: FakeController
) -> None:
    model = window.left.model
    model.optimizer.choice_edited.emit(Optimizer.RMSPROP)
    model.activation.choice_edited.emit(Activation.ELU)
    edited = last(controller)
    assert edited.training.optimizer is Optimizer.RMSPROP
    assert {layer.activation for layer in edited.network.hidden} == {Activation.ELU}
    assert edited.network.output_activation is Activation.TANH


def test_choosing_a_penalty_gives_it_a_rate(window: MainWindow, controller: FakeController) -> None:
    model = window.left.model
    controller.apply(presets()["circle"])
    assert not model.penalty_rate.isEnabled()
    model.penalty.choice_edited.emit(Regularization.L1)
    assert last(controller).training.regularization_rate > 0
    assert model.penalty_rate.isEnabled()


def test_regenerate_and_dice_change_only_their_own_seed(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    before = controller.experiment
    qtbot.mouseClick(window.left.data.regenerate, Qt.MouseButton.LeftButton)
    assert last(controller).data.seed != before.data.seed
    assert last(controller).seed == before.seed
    data_seed = last(controller).data.seed
    qtbot.mouseClick(window.left.model.dice, Qt.MouseButton.LeftButton)
    assert last(controller).seed != before.seed
    assert last(controller).data.seed == data_seed


def test_running_locks_dataset_and_initialisation_only(
    window: MainWindow, controller: FakeController
) -> None:
    controller.set_activity(Activity.RUNNING)
    data, model, bar = window.left.data, window.left.model, window.run_bar
    locked = [*data.thumbnails.values(), data.table_button, model.initializer, model.seed]
    assert not any(control.isEnabled() for control in locked)
    live = [data.noise, data.share, data.batch, data.regenerate, model.loss, model.optimizer]
    assert all(control.isEnabled() for control in [*live, model.learning_rate, model.activation])
    assert (bar.run.text(), bar.steps.isEnabled()) == ("Pause", False)
    controller.set_activity(Activity.PAUSED)
    assert all(control.isEnabled() for control in locked)
    assert (bar.run.text(), bar.steps.isEnabled()) == ("Run", True)


def test_divergence_asks_for_a_reset(window: MainWindow, controller: FakeController) -> None:
    controller.set_activity(Activity.DIVERGED)
    assert (window.run_bar.run.text(), window.run_bar.run.isEnabled()) == ("Reset first", False)
    assert window.run_bar.reset.isEnabled()


def test_read_outs_and_status_show_the_snapshot(window: MainWindow) -> None:
    bar, status = window.run_bar, window.status
    assert bar.epoch.value == "400"
    assert bar.batch.value == "11 / 15"
    assert (bar.train.value, bar.test.value) == ("0.0129", "0.0487")
    assert bar.accuracy.value == "98.3\u2009%"
    assert status.nodes.text() == "1 sample = 371 scalar nodes"
    assert status.health.text() == "1 dead · 1 saturated"
    assert window.left.model.title.fact.text() == "127 parameters"


def test_preparing_names_the_first_start_only_when_it_lasts(
    window: MainWindow, controller: FakeController
) -> None:
    controller.set_activity(Activity.PREPARING)
    assert window.status.activity.text() == "Preparing"
    window.status._on_patience_ended()
    assert window.status.activity.text() == "Preparing (first start only)"
    controller.set_activity(Activity.PAUSED)
    assert window.status.activity.text() == "Paused"


def test_a_preset_replaces_the_experiment(window: MainWindow, controller: FakeController) -> None:
    for name, action in window.commands.presets.items():
        action.trigger()
        speed = controller.experiment.training.speed
        assert last(controller) == presets()[name].with_speed(speed)


def test_edge_keys_and_toolbar_show_the_same_mode(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert window.network.edge_mode.value == "gradient"
    assert window.commands.edges[1].isChecked()


def test_check_boxes_and_their_keys_stay_the_same(window: MainWindow, qtbot: QtBot) -> None:
    for key, action, box in (
        (Qt.Key.Key_T, window.commands.test_points, window.right.output.test_box),
        (Qt.Key.Key_D, window.commands.discretise, window.right.output.discrete_box),
        (Qt.Key.Key_L, window.commands.log_loss, window.right.loss.log_box),
    ):
        before = box.isChecked()
        qtbot.keyClick(window, key)
        assert box.isChecked() is not before
        box.setChecked(before)
        assert action.isChecked() is before


def test_the_theme_changes_live_everywhere(window: MainWindow) -> None:
    for preference, theme in ((Preference.DARK, DARK), (Preference.LIGHT, LIGHT)):
        window.choose_theme(preference)
        image = drawn(window)
        width, height = window.width(), window.height()
        for x, y, token in (
            (width - 10, 60, theme.panel),
            (400, 10, theme.chrome),
            (300, height // 2, theme.paper),
            (width // 2, height - 10, theme.chrome),
            (10, height // 2, theme.panel),
            (width - 5, height // 2, theme.panel),
            (251, 500, theme.line),
        ):
            assert image.pixelColor(x, y) == token, (theme.name, x, y)


def test_hidden_panels_leave_the_canvas_the_whole_width(window: MainWindow) -> None:
    window.commands.hide_panels.trigger()
    QApplication.processEvents()
    assert window.network.width() >= window.width() - 2
    window.commands.hide_panels.trigger()
    QApplication.processEvents()
    assert abs(window.side.width() - 251) <= 1


def test_every_control_has_a_name(window: MainWindow) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QSlider)
    controls = [w for kind in kinds for w in window.findChildren(kind)]
    nameless = [
        control
        for control in controls
        if not control.accessibleName()
        and not (isinstance(control, QAbstractButton) and control.text())
        and not control.objectName().startswith("qt_")
    ]
    assert nameless == []


def saved(qtbot: QtBot, window: MainWindow, view: str, path: Path) -> str:
    """Save by the menu; return what the status line said."""
    window.export_menu.save_actions[view].trigger()
    qtbot.waitUntil(lambda: window.exporter.prompt.dialog is not None)
    dialog = window.exporter.prompt.dialog
    assert dialog.isVisible()
    window.status.message.setText("")
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(lambda: window.status.message.text() != "", timeout=60_000)
    return str(window.status.message.text())


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_a_saved_picture_has_the_asked_size(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, scale: int
) -> None:
    window.export_menu.set_scale(scale)
    path = tmp_path / "window.png"
    saved(qtbot, window, "window", path)
    image = QImage(str(path))
    assert image.size() == window.size() * scale
    assert "Saved window.png" in window.status.message.text()
    assert [p.name for p in tmp_path.iterdir()] == ["window.png"]


@pytest.mark.parametrize("view", ["network", "output", "loss", "weights", "gradients"])
def test_each_view_has_a_picture_of_its_own(window: MainWindow, view: str) -> None:
    image = picture_of(window, view, 2)
    assert image.width() > 300
    colours = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 5)
        for y in range(0, image.height(), 5)
    }
    assert len(colours) > 4


def test_a_view_can_be_drawn_at_any_size(window: MainWindow) -> None:
    before = window.right.output.geometry()
    image = drawn(window.right.output, 1.5, (1000, 800))
    assert (image.width(), image.height()) == (1500, 1200)
    assert window.right.output.geometry() == before


def test_a_views_own_menu_opens_the_sheet_of_exports_for_it(window: MainWindow) -> None:
    window.right.loss.task_requested.emit(ViewTask.EXPORT)
    assert window.exporter.dialog is not None
    assert window.exporter.dialog.isVisible()
    assert window.exporter.dialog.options.chosen_view == "loss"
    window.right.more.samples.task_requested.emit(ViewTask.EXPORT)
    assert window.exporter.dialog.options.chosen_view == "per-sample gradients"
    window.exporter.dialog.close()


def test_a_clicked_edge_is_put_under_the_microscope(window: MainWindow) -> None:
    address = ParameterAddress(1, 0, 1)
    window.network.canvas.parameter_chosen.emit(address)
    assert window.right.more.samples.address == address


def test_two_pictures_of_the_same_state_are_the_same_bytes(window: MainWindow) -> None:
    assert png_bytes(drawn(window)) == png_bytes(drawn(window))


def test_marks_beside_the_map_leave_the_halo_of_its_samples_as_it_is(window: MainWindow) -> None:
    for part in (window.right.output, window.left.data.draw):
        drawn(part)
        assert halo_pen(LIGHT.paper).color() == LIGHT.paper


def test_a_light_picture_can_be_taken_of_a_dark_window(window: MainWindow) -> None:
    window.choose_theme(Preference.DARK)
    image = picture_of(window, "window", 1, light=True)
    assert image.pixelColor(10, 500) == LIGHT.panel
    assert drawn(window).pixelColor(10, 500) == DARK.panel
    assert window.appearance.preference is Preference.DARK


def test_a_failed_export_says_so_and_leaves_no_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    assert "Not saved" in saved(qtbot, window, "window", tmp_path / "missing" / "window.png")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")

    def refuse(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ExperimentFileError, match="full"):
        write_atomically(path, png_bytes(QImage(4, 4, QImage.Format.Format_RGB32)))
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["picture.png"]


def test_the_file_is_asked_for_without_blocking(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "net.png"
    saved(qtbot, window, "network", path)
    assert not QImage(str(path)).isNull()
    assert load_carried(path)[0] == window.controller.experiment


def test_the_clipboard_gets_the_picture_with_its_experiment(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.export_menu.set_scale(1)
    with qtbot.waitSignal(window.pictures.message_raised):
        window.export_menu.copy.trigger()
    image = QApplication.clipboard().image()
    assert image.size() == window.size()
    assert image.pixelColor(400, 10) == QColor(LIGHT.chrome)
    png = bytes(QApplication.clipboard().mimeData().data("image/png").data())
    assert decode_experiment(find_experiment(png))[0] == window.controller.experiment


def test_closing_shuts_the_training_down(window: MainWindow, controller: FakeController) -> None:
    window.close()
    assert "shut_down" in controller.calls


def test_a_pause_brings_all_views_up_to_date_in_a_turn_of_its_own(
    qtbot: QtBot, window: MainWindow, controller: FakeController
) -> None:
    controller.set_activity(Activity.RUNNING)
    for epoch in (401, 402, 403):
        controller.snapshot = make_snapshot(controller.experiment, epoch=epoch)
        controller.snapshot_changed.emit(controller.snapshot)
    curves = window.right.loss.train_curve, window.right.gradients.curves[0]

    def are_newest() -> bool:
        return all(curve.getData()[0][-1] == 403 for curve in curves)

    assert not are_newest(), "while training runs each snapshot draws one of them"
    controller.set_activity(Activity.PAUSED)
    assert not are_newest()
    qtbot.waitUntil(are_newest)


def test_the_window_remembers_its_zones_and_theme(
    qtbot: QtBot, controller: FakeController, tmp_path: Path
) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    first = MainWindow(controller)  # type: ignore[arg-type]  # a fake with the same methods
    qtbot.addWidget(first)
    first.remember_in(settings)
    first.choose_theme(Preference.DARK)
    first.close()
    second = MainWindow(controller)  # type: ignore[arg-type]  # a fake with the same methods
    qtbot.addWidget(second)
    second.remember_in(settings)
    assert second.appearance.theme is DARK
    second.choose_theme(Preference.LIGHT)
    second.close()


def test_a_rerun_after_divergence_starts_by_itself(
    window: MainWindow, controller: FakeController
) -> None:
    controller.set_activity(Activity.DIVERGED)
    slower = presets()["circle"]
    window.network.rerun_requested.emit(slower)
    assert controller.experiment == slower
    assert controller.calls == ["reset"]
    assert controller.activity is Activity.RUNNING
    controller.pause()
    assert controller.activity is Activity.PAUSED


def test_tab_visits_run_bar_left_canvas_and_right_in_this_order(
    window: MainWindow, qtbot: QtBot
) -> None:
    zones = (window.run_bar, window.left, window.network, window.right, window.bottom)
    window.run_bar.reset.setFocus(Qt.FocusReason.TabFocusReason)
    visited: list[int] = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        assert focus is not None
        index = next(i for i, part in enumerate(zones) if part.isAncestorOf(focus))
        if not visited or visited[-1] != index:
            visited.append(index)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert visited[:4] == [0, 1, 2, 3]


def test_space_pauses_while_a_check_box_was_only_clicked(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    qtbot.mouseClick(window.right.output.test_box, Qt.MouseButton.LeftButton)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert controller.calls == ["toggle"]


def test_data_that_would_make_the_network_too_large_are_refused_in_words(
    window: MainWindow, controller: FakeController
) -> None:
    hidden = (LayerSpec(512), LayerSpec(191))
    large = Experiment(network=NetworkSpec(hidden=hidden))
    window._on_experiment_changed(large)
    window.left.data._choose(DatasetKind.BLOBS)
    assert "at most 100000 parameters" in window.status.message.text()
    assert controller.experiment != large
    assert window.left.data._experiment == large
