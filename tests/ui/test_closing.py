"""Every window that can be opened beside the main one dies when it is closed, views included."""

import gc
from collections import Counter
from time import monotonic

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from shiboken6 import getAllValidWrappers, isValid

from playground.core.health import Finding, Trouble
from playground.ui.export.options import Kind
from playground.ui.main_window import MainWindow
from playground.ui.plot_chrome import ViewTask
from tests.leaks import delete_deferred
from tests.ui.fake_controller import FakeController

TABLE = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n"
ADDRESS = "https://playground.tensorflow.org/#learningRate=1e999&dataset=moon&batchSize=0"
ROUNDS = 2

pytestmark = pytest.mark.qt_log_ignore(
    r"does not support (raise|propagateSizeHints|grabbing the keyboard)"
)


@pytest.fixture
def window(qtbot):
    window = MainWindow(FakeController())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    # A collection then takes a thousandth of the time, for it looks only at what comes from now on.
    gc.freeze()
    yield window
    gc.unfreeze()
    window.close()


def triggered(name):
    return lambda window: getattr(window.commands, name).trigger()


def pasted(text):
    def paste(window):
        QGuiApplication.clipboard().setText(text)
        window.csv.paste()

    return paste


def explain_health(window):
    window.status.health.show_finding(Finding(Trouble.OVERFITTING, "Overfitting"), "")
    window.status.health.click()


def save_graph(window):
    window.bottom.reduced_motion = True
    window.bottom.set_open(True)
    window.graph.dock.export.actions_of_menu[0].trigger()


def enlarged(page):
    def enlarge(window):
        right = window.right
        right.tabs.setCurrentIndex(right.stack.indexOf(getattr(right, page)))
        right.enlarge.click()

    return enlarge


def enlarged_by_menu(name):
    return lambda window: window.right.views[name].task_requested.emit(ViewTask.ENLARGE)


OPENERS = {
    "keys": triggered("keys"),
    "about": triggered("about"),
    "network as table": triggered("table"),
    "open": triggered("open"),
    "save as": triggered("save_as"),
    "import": triggered("import_csv"),
    "import by its button": lambda window: window.left.data.import_clicked.emit(),
    "export data": triggered("export_data"),
    "paste a table": pasted(TABLE),
    "changed values of an address": pasted(ADDRESS),
    "health": explain_health,
    "save a picture": lambda window: window.export_menu.save_wanted.emit("loss"),
    "save the graph": save_graph,
    **{f"{page} larger": enlarged(page) for page in ("weights", "gradients", "activations")},
    **{f"{page} larger": enlarged(page) for page in ("neuron", "more")},
    **{
        f"{name} larger by its menu": enlarged_by_menu(name)
        for name in (
            "output",
            "loss",
            "parameter lines",
            "update-to-weight ratio",
            "gradient histograms",
            "optimiser state",
            "per-sample gradients",
        )
    },
}


def all_beside(window):
    return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window]


def shown_beside(window):
    """Return the one window that is shown beside the main one; that of a picture has its turn."""
    deadline = monotonic() + 5.0
    while not all_beside(window) and monotonic() < deadline:
        QApplication.processEvents()
    (other,) = all_beside(window)
    return other


def bury():
    delete_deferred()
    gc.collect()
    delete_deferred()


def census():
    """Count what is alive by class."""
    return Counter(type(w).__name__ for w in list(getAllValidWrappers()) if isinstance(w, QObject))


def grown(before):
    return census() - before


@pytest.mark.parametrize("name", OPENERS)
def test_a_window_beside_the_main_one_dies_when_it_is_closed(window, name):
    OPENERS[name](window)
    shown_beside(window).close()  # what is made with the first stays, as styles and caches
    bury()
    before = census()
    for _ in range(ROUNDS):
        OPENERS[name](window)
        opened = shown_beside(window)
        parts = [opened, *opened.findChildren(QWidget)]
        opened.close()
        bury()
        assert not [part for part in parts if isValid(part)]
    assert not grown(before)


@pytest.mark.parametrize("name", ["keys", "weights larger", "network as table", "paste a table"])
def test_a_window_that_is_open_dies_with_the_main_one(qtbot, name):
    window = MainWindow(FakeController())
    window.show()
    OPENERS[name](window)
    opened = shown_beside(window)
    window.close()
    window.deleteLater()
    del window
    bury()
    assert not isValid(opened)


def test_the_export_dialog_is_made_once_and_what_it_opens_dies(window):
    window.commands.export.trigger()
    dialog = shown_beside(window)
    dialog.close()
    bury()
    before = census()
    for k in range(10):
        window.commands.export.trigger()
        assert shown_beside(window) is dialog
        dialog.show_kind(tuple(Kind)[k % len(Kind)])
        dialog.close()
        bury()
    assert not grown(before)
    # Code is written from the experiment alone: its file is asked for at once.
    window.exporter.open(kind=Kind.CODE)
    dialog.save.click()
    prompt = window.exporter.prompt.dialog
    assert isinstance(prompt, QDialog)
    prompt.close()
    dialog.close()
    bury()
    assert not isValid(prompt)


@pytest.mark.parametrize("name", ["output", "loss", "weights", "optimiser state"])
def test_the_menu_of_a_view_dies_when_it_is_closed(window, name):
    view = window.right.views[name]
    before = census()
    for _ in range(ROUNDS):
        middle = view.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, view.mapToGlobal(middle))
        QApplication.sendEvent(view, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.close()
        bury()
        assert not isValid(menu)
    assert not grown(before)


@pytest.mark.parametrize("opener", ["loss extras", "more"])
def test_a_menu_of_choices_dies_when_it_is_closed(window, opener):
    before = census()
    for _ in range(ROUNDS):
        if opener == "more":
            window.right.more.open_menu(window.right.mapToGlobal(window.right.rect().center()))
        else:
            window.right.loss.extras_chip.click()
        menu = QApplication.activePopupWidget()
        menu.close()
        bury()
        assert not isValid(menu)
    assert not grown(before)
