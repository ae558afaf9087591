"""The menu bar and every action of the window, with its keys."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu

from playground.ui.appearance import Preference
from playground.ui.controls.half_typed import take_up_typed
from playground.ui.export_menu import ExportMenu
from playground.ui.theme import TEXT_SCALES


class Actions:
    """The actions, built once; the window connects them.

    `presets` maps the name of a preset, `themes` a `Preference`, `text_sizes` a factor (0 follows
    the system), to its action; `edges` are the three encodings of the edges in order; `remembered`
    are the switches whose state outlives the window, by name.
    """

    def __init__(
        self, window: QMainWindow, presets: Iterable[str], export: ExportMenu, edits: QUndoStack
    ) -> None:
        self._window = window
        self._export = export
        self.listed: list[QAction] = []
        self.new = self._action("New", "Ctrl+N")
        self.open = self._action("Open…", "Ctrl+O")
        self.save = self._action("Save", "Ctrl+S")
        self.save_as = self._action("Save as…", "Ctrl+Shift+S")
        self.recent = QMenu("Open recent", window)
        self.presets = {name: self._action(_title(name)) for name in presets}
        self.import_csv = self._action("Import CSV…", "Ctrl+I")
        self.export_data = self._action("Export data as CSV…")
        self.paste_data = self._action("Paste data", "Ctrl+V")
        self.export = self._action("Export…", "Ctrl+E")
        self.quit = self._action("Quit", "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.undo = self._taken(edits.createUndoAction(window, "Undo"), "Ctrl+Z")
        self.redo = self._taken(edits.createRedoAction(window, "Redo"), "Ctrl+Shift+Z")
        self.toggle = self._action("Run", "Space")
        self.reset = self._action("Reset", "Ctrl+R")
        self.step_epoch = self._action("Step one epoch", "S")
        self.step_batch = self._action("Step one batch", "B")
        self.faster = self._action("Faster", "Ctrl+Up")
        self.slower = self._action("Slower", "Ctrl+Down")
        for action in (self.step_epoch, self.step_batch, self.faster, self.slower):
            action.setAutoRepeat(True)
        self.edges = [
            self._action(f"Edges show the {what}", str(index + 1), checkable=True)
            for index, what in enumerate(("weight", "gradient", "last update"))
        ]
        self.edges[0].setChecked(True)
        self.test_points = self._action("Test points", "T", checkable=True)
        self.discretise = self._action("Discretise", "D", checkable=True)
        self.log_loss = self._action("Log scale of the loss", "L", checkable=True)
        self.themes = {
            Preference.SYSTEM: self._action("Follow the system", checkable=True),
            Preference.LIGHT: self._action("Light", checkable=True),
            Preference.DARK: self._action("Dark", checkable=True),
        }
        self.text_sizes = {
            0.0: self._action("Follow the system", checkable=True),
            **{
                scale: self._action(f"{100 * scale:.0f}\N{THIN SPACE}%", checkable=True)
                for scale in TEXT_SCALES
            },
        }
        self.text_sizes[0.0].setChecked(True)
        self.log_rings = self._action("Log scale of the rings", checkable=True)
        self.sign_marks = self._action("Sign marks", checkable=True)
        self.reduce_motion = self._action("Reduce motion", checkable=True)
        self.zoom_in = self._action("Zoom in", "Ctrl++")
        self.zoom_out = self._action("Zoom out", "Ctrl+-")
        self.fit = self._action("Show the whole network", "Ctrl+0")
        self.graph = self._action("Scalar graph", "G")
        self.graph_direction = self._action("Turn the direction of the graph's steps", "F")
        self.step_op = self._action("Step one operation of the graph", "O")
        self.step_op_back = self._action("Step one operation back", "Shift+O")
        for action in (self.step_op, self.step_op_back):
            action.setAutoRepeat(True)
        self.table = self._action("Network as table…", "Ctrl+T")
        self.hide_panels = self._action("Hide panels", "Ctrl+\\", checkable=True)
        self.letter_keys = self._action("Single-letter keys", checkable=True)
        self.letter_keys.setChecked(True)
        self.keys = self._action("Keys", "F1")
        self.about = self._action("About")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self._letters: dict[QAction, QKeySequence] = {}
        self._group(self.edges)
        self._group(self.themes.values())
        self._group(self.text_sizes.values())
        self.remembered = {
            "log-rings": self.log_rings,
            "sign-marks": self.sign_marks,
            "letter-keys": self.letter_keys,
        }
        self.listed.append(export.copy)
        self._build()

    def _action(self, text: str, keys: str = "", *, checkable: bool = False) -> QAction:
        action = QAction(text, self._window)
        action.setCheckable(checkable)
        action.setAutoRepeat(False)
        return self._taken(action, keys)

    def _taken(self, action: QAction, keys: str) -> QAction:
        """Give an action its keys and put it under the window; it acts on what is typed, too."""
        action.triggered.connect(_on_triggered)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self.listed.append(action)
        self._window.addAction(action)
        return action

    def _group(self, actions: Iterable[QAction]) -> None:
        group = QActionGroup(self._window)
        for action in actions:
            group.addAction(action)

    def set_letter_keys(self, on: bool) -> None:
        """Switch the keys without Ctrl or Alt on or off; menus and buttons stay."""
        if on:
            for action, keys in self._letters.items():
                action.setShortcut(keys)
            self._letters.clear()
            return
        for action in self.listed:
            if _is_plain(action.shortcut()):
                self._letters[action] = action.shortcut()
                action.setShortcut(QKeySequence())

    def keys_of(self, action: QAction) -> str:
        """Return the keys of an action in words, also while they are switched off."""
        keys = self._letters.get(action, action.shortcut())
        return keys.toString(QKeySequence.SequenceFormat.NativeText)

    def _menu(self, title: str, *entries: QAction | QMenu | None) -> QMenu:
        menu = QMenu(title, self._window)
        menu.aboutToShow.connect(_on_triggered)  # undo takes back what is typed, not what was
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            else:
                menu.addAction(entry)
        return menu

    def _build(self) -> None:
        presets = self._menu("New from preset", *self.presets.values())
        theme = self._menu("Theme", *self.themes.values())
        text = self._menu("Text size", *self.text_sizes.values())
        bar = self._window.menuBar()
        for menu in (
            self._menu(
                "File",
                self.new,
                presets,
                self.open,
                self.recent,
                None,
                self.save,
                self.save_as,
                None,
                self.import_csv,
                self.export_data,
                None,
                self.export,
                None,
                self.quit,
            ),
            self._menu("Edit", self.undo, self.redo, None, self._export.copy, self.paste_data),
            self._menu(
                "Run",
                self.toggle,
                self.reset,
                None,
                self.step_epoch,
                self.step_batch,
                self.step_op,
                self.step_op_back,
                None,
                self.faster,
                self.slower,
            ),
            self._menu(
                "View",
                *self.edges,
                None,
                self.test_points,
                self.discretise,
                self.log_loss,
                self.log_rings,
                self.sign_marks,
                self.reduce_motion,
                None,
                self.zoom_in,
                self.zoom_out,
                self.fit,
                None,
                self.graph,
                self.graph_direction,
                self.table,
                None,
                theme,
                text,
                self.hide_panels,
            ),
            self._menu("Help", self.keys, self.letter_keys, None, self.about),
        ):
            bar.addMenu(menu)


def _on_triggered() -> None:
    take_up_typed()


def _is_plain(keys: QKeySequence) -> bool:
    """Whether the keys are one letter, figure or Space, without Ctrl, Alt or an F key."""
    text = keys.toString(QKeySequence.SequenceFormat.PortableText).removeprefix("Shift+")
    return len(text) == 1 or text == "Space"


def _title(name: str) -> str:
    """Turn "xor-table" into "XOR table"."""
    words = name.replace("xor", "XOR").replace("-", " ")
    return words[:1].upper() + words[1:]
