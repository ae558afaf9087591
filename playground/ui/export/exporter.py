"""Carries out what the export dialog asks for; the window's child."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from playground.core.experiment import Experiment
from playground.core.export.code import TARGETS
from playground.core.export.tables import TABLES, table
from playground.core.snapshot import Activity, Snapshot
from playground.ui.export.caption import suggested_name
from playground.ui.export.dialog import TRAINED_AGAIN, ExportDialog
from playground.ui.export.helper import ExportHelper
from playground.ui.export.moment import Moment
from playground.ui.export.options import ExportOptions, Kind
from playground.ui.export.order import PictureOrder, helper_order
from playground.ui.export.past import Past
from playground.ui.export.picture_tasks import PictureTasks
from playground.ui.export.previewer import Previewer
from playground.ui.export.quick import QuickPictures
from playground.ui.export.save_prompt import SavePrompt
from playground.ui.export.writer import FileWriter, Made, Make
from playground.ui.theme import Theme
from playground.ui.turns import Steps, Turns

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

Save = Callable[[Path], None]


class Exporter(QObject):
    """Opens the dialog, draws, asks for files and has them written.

    Attributes
    ----------
    quick : pictures without the dialog.
    pictures : pictures with it; None before it was opened.
    moment, prompt, writer, helper : take the run's state, ask for files, pack them, and make long
        exports.
    past : whether an export that trains again gives the run that is shown.

    Signals
    -------
    message_raised(str), failed(str) : for the status line.
    """

    message_raised = Signal(str)
    failed = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: ExportDialog | None = None
        self.helper = ExportHelper(self)
        self.helper.progressed.connect(self._on_progressed)
        self.helper.finished.connect(self._on_finished)
        self._made_name = ""
        self._previewer: Previewer | None = None
        self.pictures: PictureTasks | None = None
        self._turns = Turns(self)
        self.moment = Moment(window.controller, self._turns, self)
        self.writer = FileWriter(self)
        self.prompt = SavePrompt(window)
        self.quick = QuickPictures(window, self.moment, self.writer, self.prompt)
        self.past = Past()
        window.controller.snapshot_changed.connect(self._on_snapshot_changed)
        window.edits.parameters_edited.connect(self._on_parameters_edited)
        window.appearance.theme_changed.connect(self._on_theme_changed)

    def open(self, view: str = "window", kind: Kind = Kind.PICTURE) -> ExportDialog:
        """Show the dialog, set to a view and a kind."""
        if self.dialog is None:
            window = self._window
            dialog = self.dialog = ExportDialog(list(window.views), window.appearance.theme, window)
            self._previewer = Previewer(window, dialog, self.helper, self._turns)
            dialog.preview_wanted.connect(self._on_preview_wanted)
            tasks = self.pictures = PictureTasks(window, dialog, self.moment, self.writer)
            tasks.message_raised.connect(self._tell)
            tasks.failed.connect(partial(self._tell, failure=True))
            dialog.copy_clicked.connect(tasks.copy)
            dialog.preview.drag_wanted.connect(tasks.drag)
            dialog.preview.drag_failed.connect(tasks.failed)
            dialog.save_clicked.connect(self._on_save_clicked)
            dialog.cancel_clicked.connect(self.helper.cancel)
            dialog.finished.connect(self._on_dialog_closed)
        snapshot = self._window.controller.snapshot
        if snapshot is not None and snapshot.epoch > 0:
            self.dialog.options.epochs.set_value(snapshot.epoch)
        self.dialog.options.show_view(view)
        self.dialog.show_kind(kind)
        self.dialog.show_past(self.past.words)
        self.dialog.show()
        self.dialog.raise_()
        return self.dialog

    @property
    def _options(self) -> ExportOptions:
        assert self.dialog is not None
        return self.dialog.options

    def _name(self, what: str, ending: str) -> str:
        return suggested_name(self._window.controller, what) + ending

    def _on_preview_wanted(self) -> None:
        if self._previewer is not None and self.dialog is not None and self.dialog.isVisible():
            self._previewer.draw()
            self._turns.take(self._stand_by())

    def _stand_by(self) -> Steps[None]:
        """Have the helper ready where it will be asked; a preview is painted before it starts."""
        yield
        if (
            self.dialog is not None
            and self.dialog.isVisible()
            and self._options.kind in TRAINED_AGAIN
        ):
            is_film = self._options.kind is Kind.ANIMATION
            self.helper.stand_by(with_second=is_film and self._has_idle_core())

    def _on_dialog_closed(self) -> None:
        self.helper.stand_down()
        if self._previewer is not None:
            self._previewer.stop()

    # Saving.

    def _on_save_clicked(self) -> None:
        self._take("save", self._ask_for_path)

    def save(self, path: Path) -> None:
        """Write what the dialog is set to; the status line tells how it went."""
        self._take(path, lambda name, write: write(path))

    def _take(self, purpose: Hashable, then: Callable[[str, Save], None]) -> None:
        """Call `then` with a name and with what writes to a file what the dialog is set to now."""
        options, controller = self._options, self._window.controller
        snapshot = controller.snapshot
        if options.kind is Kind.PICTURE:
            assert self.pictures is not None, "there is a dialog"
            self.pictures.prepare(purpose, partial(self._hand_on, then))
        elif options.kind is not Kind.TABLE:
            is_dark = self._window.appearance.theme.is_dark and not options.light.isChecked()
            try:
                command, given = helper_order(options, is_dark)
            except ValueError as error:
                self._tell(f"Nothing to save: {error}", failure=True)
                return
            what = options.chosen_view
            if options.kind is Kind.CODE:
                what = TARGETS[options.target.currentIndex()]
            save = partial(self._have_made, command, controller.experiment, given)
            then(self._name(what, options.ending), save)
        elif snapshot is None:
            self._tell("Nothing to save yet.", failure=True)
        else:
            what = TABLES[options.table.currentIndex()]
            make = partial(_table_bytes, snapshot, what)
            then(self._name(what, options.ending), partial(self._write, make))

    def _hand_on(self, then: Callable[[str, Save], None], order: PictureOrder, make: Make) -> None:
        then(self._name(order.view, order.ending), partial(self._write, make))

    def _ask_for_path(self, name: str, save: Save) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            kind = Path(name).suffix[1:].upper()
            self.prompt.ask("Export", kind, name, save, above=self.dialog)

    def _write(self, make: Make, path: Path) -> None:
        self.writer.write(make, path, partial(self._on_written, path.name))

    def _on_written(self, name: str, made: Made) -> None:
        if made.problem:
            self._tell(f"{name}: {made.problem}", failure=True)
        else:
            self._tell(f"Saved {name}, {len(made.content) / 1e3:.0f} kB")

    # What a helper makes.

    def _have_made(
        self, command: str, experiment: Experiment, given: list[str], path: Path
    ) -> None:
        self.helper.cancel()
        self._made_name = path.name
        given = ["--out", str(path), *given]
        self._on_progressed("")
        self.helper.start(command, experiment, given, shares=self._has_idle_core())

    def _has_idle_core(self) -> bool:
        # Beside training two processes would only be in each other's way.
        is_training = self._window.controller.activity is Activity.RUNNING
        return not is_training and (os.cpu_count() or 1) > 1

    def _on_progressed(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.show_progress(f"Working: {words}" if words else "Working …", True)

    def _on_finished(self, why: str) -> None:
        if why:
            self._tell(f"{self._made_name} was not saved: {why}", failure=True)
        else:
            self._tell(f"Saved {self._made_name}")
        self._turns.take(self._stand_by())

    def close(self) -> None:
        """Finish what is being written, and end a long export; its file is not written."""
        if self.dialog is not None:
            self.dialog.close()  # its preview would ask for a helper again
        self.helper.cancel()
        self.helper.stand_down()
        self._turns.close()
        self.moment.close()
        self.writer.close()
        if self.dialog is not None:
            self.dialog.preview.forget()

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        self.past.see(snapshot)
        self._show_past()
        if self._previewer is not None:
            self._previewer.see(snapshot)

    def _on_parameters_edited(self) -> None:
        self.past.mark_edited()
        self._show_past()

    def _show_past(self) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_past(self.past.words)

    def _tell(self, text: str, failure: bool = False) -> None:
        if self.dialog is not None:
            self.dialog.show_progress(text, self.helper.is_running)
        (self.failed if failure else self.message_raised).emit(text)

    def _on_theme_changed(self, theme: Theme) -> None:
        if self.dialog is not None and theme is self._window.appearance.theme:
            self.dialog.apply_theme(theme)


def _table_bytes(snapshot: Snapshot, name: str) -> bytes:
    return table(snapshot, name).encode()
