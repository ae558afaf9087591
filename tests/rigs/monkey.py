"""A monkey at the real window: random clicks, drags, wheels and keys, and what must stay true.

    python -m tests.rigs.monkey [--count 300000] [--seed 1] [--check-every 100] [--trace]

No event may raise, make Qt warn, stop the training thread or leave a view that shows something
else than the experiment: every so many events the window is asked to show its experiment again,
which must not change one pixel of its panels. The seed and the last events are printed when
something breaks, so that it can be played again. The figures in sight are compared with the
newest snapshot as well.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QPoint,
    QPointF,
    QSettings,
    QStandardPaths,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QAction, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMenu,
    QMessageBox,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from tests.rigs.figures import wrong_figures
from tests.rigs.options import parser_of
from tests.rigs.waiting import turn

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEYS = (
    *"abcdfglopstw123[]+-0123456789.e,",
    *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Insert),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)
FORBIDDEN = ("quit", "close", "open", "save", "import", "recent", "full screen", "presentation")
"""Words of actions that would end the app, leave it, or ask for files."""
PATIENCE: tuple[tuple[type[QWidget], float], ...] = (
    (QFileDialog, 1.0),
    (QDialog, 0.2),
    (QMenu, 0.3),
)
"""How likely a window of a kind is closed after each event."""
HARMLESS = ("propagateSizeHints", "Cannot set X11 selection owner", "This plugin does not support")
SETTLED_S = 20.0
HIDDEN_LAYOUTS = 3
"""How often a part out of sight is grabbed until it is laid out: labels, galleries, panels."""


class BrokenError(AssertionError):
    """Something that must hold did not."""


class Monkey:
    """Plays with one window.

    Parameters
    ----------
    window : a shown `MainWindow` whose controller runs.
    seed : decides every event.
    trace : whether every event is printed before it is made, for hunting a crash.
    """

    def __init__(self, window: QWidget, seed: int, trace: bool = False) -> None:
        self._trace = trace
        self.window = window
        self.events: deque[str] = deque(maxlen=40)
        self.kinds: Counter[str] = Counter()
        self.complaints: list[str] = []
        self._random = random.Random(seed)
        self._gestures: tuple[tuple[Callable[[], None], int], ...] = (
            (self._click, 40),
            (self._double_click, 8),
            (self._drag, 16),
            (self._wheel, 12),
            (self._key, 30),
            (self._shortcut, 10),
            (self._resize, 2),
            (self._act, 8),
        )
        self._tame()

    # What it does.

    def play(self, count: int, check_every: int = 100) -> None:
        """Make `count` events; raise `BrokenError` at the first thing that is wrong."""
        gestures, weights = zip(*self._gestures, strict=True)
        for k in range(count):
            gesture = self._random.choices(gestures, weights)[0]
            self.kinds[gesture.__name__.strip("_")] += 1
            gesture()
            self._put_away_dialogs()
            if self.complaints:
                raise BrokenError("\n".join(self.complaints))
            if (k + 1) % check_every == 0:
                self.check()

    def _tame(self) -> None:
        for action in self._actions():
            if any(word in action.text().replace("&", "").lower() for word in FORBIDDEN):
                action.setEnabled(False)

    def _actions(self) -> list[QAction]:
        """Return all actions of the menu bar's menus."""
        found: list[QAction] = []
        menus = [self.window.menuBar().actions()]
        while menus:
            for action in menus.pop():
                menu = action.menu()
                if menu is not None:
                    menus.append(menu.actions())
                elif not action.isSeparator():
                    found.append(action)
        return found

    def _target(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        root = popup or self._random.choice(
            [w for w in QApplication.topLevelWidgets() if w.isVisible() and not _is_tip(w)]
            or [self.window]
        )
        inside = [w for w in root.findChildren(QWidget) if w.isVisible() and w.isEnabled()]
        return self._random.choice([*inside, root])

    def _place(self, widget: QWidget) -> QPoint:
        return QPoint(
            self._random.randrange(max(1, widget.width())),
            self._random.randrange(max(1, widget.height())),
        )

    def _button(self) -> Qt.MouseButton:
        return self._random.choices(
            [Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton], [9, 1]
        )[0]

    def _modifier(self) -> Qt.KeyboardModifier:
        return self._random.choices([NO_MODIFIER, SHIFT, CONTROL], [8, 1, 1])[0]

    def _click(self) -> None:
        widget = self._target()
        place, button, modifier = self._place(widget), self._button(), self._modifier()
        self._say(f"click {_name(widget)} {place.toTuple()} {button.name} {modifier.name}")
        QTest.mouseClick(widget, button, modifier, place)

    def _double_click(self) -> None:
        widget = self._target()
        place = self._place(widget)
        self._say(f"double-click {_name(widget)} {place.toTuple()}")
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, NO_MODIFIER, place)

    def _drag(self) -> None:
        widget = self._target()
        places = [self._place(widget) for _ in range(self._random.randint(2, 5))]
        modifier = self._modifier()
        self._say(f"drag {_name(widget)} {[p.toTuple() for p in places]} {modifier.name}")
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, modifier, places[0])
        for place in places[1:]:
            if _alive(widget):
                QTest.mouseMove(widget, place)
        if _alive(widget):
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, modifier, places[-1])

    def _wheel(self) -> None:
        widget = self._target()
        place, modifier = self._place(widget), self._modifier()
        turn = self._random.choice([-120, 120])
        self._say(f"wheel {_name(widget)} {place.toTuple()} {turn} {modifier.name}")
        event = QWheelEvent(
            QPointF(place),
            QPointF(widget.mapToGlobal(place)),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def _key(self) -> None:
        widget = QApplication.focusWidget() or self.window
        key, modifier = self._random.choice(KEYS), self._modifier()
        self._say(f"key {key} {modifier.name} at {_name(widget)}")
        QTest.keyClick(QApplication.activePopupWidget() or widget, key, modifier)

    def _shortcut(self) -> None:
        key = self._random.choice(
            [Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_R, Qt.Key.Key_Up, Qt.Key.Key_Down]
        )
        modifier = (
            CONTROL | SHIFT if key is Qt.Key.Key_Z and self._random.random() < 0.4 else CONTROL
        )
        self._say(f"shortcut {key.name} {modifier.name}")
        QTest.keyClick(self.window, key, modifier)

    def _resize(self) -> None:
        width, height = self._random.randint(640, 1500), self._random.randint(420, 950)
        self._say(f"resize {width}×{height}")
        self.window.resize(width, height)

    def _act(self) -> None:
        action = self._random.choice([a for a in self._actions() if a.isEnabled()])
        self._say(f"action {action.text()}")
        action.trigger()

    def _say(self, event: str) -> None:
        self.events.append(event)
        if self._trace:
            print(event, flush=True)

    def _put_away_dialogs(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if not widget.isVisible() or widget is self.window:
                continue
            patience = next((p for kind, p in PATIENCE if isinstance(widget, kind)), 0.02)
            if self._random.random() < patience:
                self._say(f"close {_name(widget)}")
                widget.close()
        self._tame()

    # What must stay true.

    def check(self) -> None:
        """Pause, wait until nothing changes, and compare the views with the model."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible() and not _is_tip(widget):
                widget.close()
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()
        window, controller = self.window, self.window.controller
        was_running = controller.activity.value == "running"
        controller.pause()
        self._settle()
        snapshot = controller.snapshot
        if snapshot is None or snapshot.experiment != controller.experiment:
            raise BrokenError("the training thread has not taken up the experiment that is shown")
        sizes = tuple(len(layer.biases) for layer in snapshot.layers)
        if sizes != controller.experiment.network.layer_sizes:
            raise BrokenError(
                f"{sizes} layers are trained, {controller.experiment.network} is shown"
            )
        wrong = wrong_figures(window, snapshot)
        if wrong:
            raise BrokenError("\n".join(wrong))
        parts = {
            "run bar": window.run_bar,
            "left": window.left,
            "right": window.right,
            "network": window.network,
        }
        before = {name: _picture(part) for name, part in parts.items()}
        for part in parts.values():
            part.show_experiment(controller.experiment)
            part.show_snapshot(snapshot)
            part.show_activity(controller.activity)
        for name, part in parts.items():
            after = _picture(part)
            if after != before[name]:
                folder = Path(tempfile.mkdtemp(prefix="monkey-"))
                for k, (one, other) in enumerate(zip(before[name], after, strict=True)):
                    one.save(str(folder / f"before-{k}.png"))
                    other.save(str(folder / f"after-{k}.png"))
                raise BrokenError(f"the {name} shows something else than the experiment: {folder}")
        if self.complaints:
            raise BrokenError("\n".join(self.complaints))
        if was_running:
            controller.play()

    def _settle(self) -> None:
        """Handle events until the training thread has answered all commands."""
        controller = self.window.controller
        ends = time.monotonic() + SETTLED_S
        calm = 0
        last = None
        while calm < 4:
            turn(50)
            snapshot = controller.snapshot
            state = (id(snapshot), controller.activity)
            matches = snapshot is not None and snapshot.experiment == controller.experiment
            still = controller.activity.value in ("paused", "diverged")
            calm = calm + 1 if matches and still and state == last else 0
            last = state
            if time.monotonic() > ends:
                raise BrokenError(f"no answer within {SETTLED_S:g} s: {controller.activity}")


_listeners: list[Callable[[BaseException], None]] = []
_guarded: set[tuple[type, str]] = set()


def listen_to_events(report: Callable[[BaseException], None]) -> None:
    """Tell `report` of mistakes in event handlers of the ui, where they happen.

    PySide crashes on some errors that leave an event handler while Python code has sent the event,
    as QTest does, and takes the traceback with it. The guards stay: Shiboken remembers handlers.
    """
    _listeners.append(report)
    for name, module in list(sys.modules.items()):
        if not name.startswith("playground.ui"):
            continue
        for kind in vars(module).values():
            if not isinstance(kind, type) or kind.__module__ != name:
                continue
            for attribute, handler in list(vars(kind).items()):
                if attribute.endswith("Event") and (kind, attribute) not in _guarded:
                    _guarded.add((kind, attribute))
                    setattr(kind, attribute, _guard(handler))


def _guard(handler: Callable[..., object]) -> Callable[..., object]:
    @wraps(handler)
    def call(*arguments: object) -> object:
        if not _listeners:
            return handler(*arguments)
        try:
            return handler(*arguments)
        except Exception as error:  # noqa: BLE001  # reported, whatever it is
            _listeners[-1](error)
            return None

    return call


def _picture(part: QWidget) -> list[QImage]:
    """Return all that a part shows, what is scrolled out of sight too, but no scroll thumb."""
    inside = [area.widget() for area in part.findChildren(QScrollArea) if area.widget()]
    turns = 1 if part.isVisible() else 1 + HIDDEN_LAYOUTS
    return [[w.grab().toImage() for w in inside or [part]] for _ in range(turns)][-1]


def _answer_no() -> None:
    """Refuse what Qt's own file dialog asks in a loop of its own, as "replace it?"."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QMessageBox) and widget.isVisible():
            widget.reject()


def _is_tip(widget: QWidget) -> bool:
    return widget.windowType() == Qt.WindowType.ToolTip


def _alive(widget: QWidget) -> bool:
    try:
        return bool(widget.isVisible())
    except RuntimeError:  # the click removed it
        return False


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__}({widget.objectName() or widget.accessibleName()})"


def play(count: int, seed: int, check_every: int = 100, trace: bool = False) -> Monkey:
    """Open a window, let a monkey play with it, close it; return the monkey.

    Raises
    ------
    BrokenError
        With the last events, when something that must hold did not.
    """
    from playground.app import create_window
    from playground.core.experiment import presets

    window = create_window(presets()["xor-table" if seed % 2 else "circle"])
    window.show()
    while window.controller.snapshot is None:
        turn(50)
    monkey = Monkey(window, seed, trace)

    def on_message(kind: QtMsgType, context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not any(h in text for h in HARMLESS):
            monkey.complaints.append(f"Qt: {text}")

    def report(error: BaseException) -> None:
        monkey.complaints.append("".join(traceback.format_exception(error)))

    def on_error(kind: type[BaseException], error: BaseException, trace: object) -> None:
        report(error)

    hook, sys.excepthook = sys.excepthook, on_error
    handler = qInstallMessageHandler(on_message)
    answers = QTimer()
    answers.timeout.connect(_answer_no)
    answers.start(50)
    try:
        listen_to_events(report)
        monkey.play(count, check_every)
        monkey.check()
        _close(window)
        if monkey.complaints:
            raise BrokenError("\n".join(("on closing", *monkey.complaints)))
        if isValid(window):
            raise BrokenError("the window is alive after it was closed")
    except BrokenError as broken:
        raise BrokenError(f"seed {seed}: {broken}\n  " + "\n  ".join(monkey.events)) from None
    finally:
        answers.stop()
        _close(window)
        qInstallMessageHandler(handler)
        sys.excepthook = hook
        _listeners.clear()
    return monkey


def _close(window: QWidget) -> None:
    """Close a window and let it be deleted, unless it was."""
    if isValid(window):
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def main() -> None:
    """Play and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--check-every", type=int, default=100)
    parser.add_argument("--trace", action="store_true", help="print every event first")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        QStandardPaths.setTestModeEnabled(True)
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = QApplication([])
        began = time.monotonic()
        monkey = play(options.count, options.seed, options.check_every, options.trace)
        took = time.monotonic() - began
        print(f"{options.count} events in {took:.0f} s, nothing broke: {dict(monkey.kinds)}")
        del application


if __name__ == "__main__":
    main()
