"""Carries out what the export dialog asks for; the window's child."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from playground.core.experiment import Experiment
from playground.core.export.code import TARGETS
from playground.core.export.tables import TABLES, table
from playground.core.focus import Focus
from playground.core.snapshot import Snapshot
from playground.ui.export.caption import suggested_name
from playground.ui.export.dialog import TRAINED_AGAIN, ExportDialog
from playground.ui.export.helper import ExportHelper
from playground.ui.export.moment import Moment
from playground.ui.export.options import ExportOptions, Kind
from playground.ui.export.order import ordered
from playground.ui.export.past import Past
from playground.ui.export.previewer import Previewer
from playground.ui.export.quick import QuickPictures, copy_problem, drawn_in
from playground.ui.export.save_prompt import SavePrompt
from playground.ui.export.writer import FileWriter, Made, Make
from playground.ui.picture import draw_image, packed, prepared
from playground.ui.theme import Theme

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

Save = Callable[[Path], None]


class Exporter(QObject):
    """Opens the dialog, draws, asks for files and has them written.

    Attributes
    ----------
    quick : pictures without the dialog.
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
        self.moment = Moment(window.controller, self)
        self.writer = FileWriter(self)
        self.prompt = SavePrompt(window)
        self.quick = QuickPictures(window, self.moment, self.writer, self.prompt)
        self.past = Past()
        window.controller.snapshot_changed.connect(self._on_snapshot_changed)
        for view in (window.network, window.line):
            view.parameters_edited.connect(self._on_parameters_edited)
        window.appearance.theme_changed.connect(self._on_theme_changed)

    def open(self, view: str = "window", kind: Kind = Kind.PICTURE) -> ExportDialog:
        """Show the dialog, set to a view and a kind."""
        if self.dialog is None:
            window = self._window
            dialog = self.dialog = ExportDialog(list(window.views), window.appearance.theme, window)
            self._previewer = Previewer(window, dialog, self.helper)
            dialog.preview_wanted.connect(self._on_preview_wanted)
            dialog.copy_clicked.connect(self._on_copy_clicked)
            dialog.save_clicked.connect(self._on_save_clicked)
            dialog.preview.drag_wanted.connect(self._on_drag_wanted)
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

    def _name(self) -> str:
        controller = self._window.controller
        kind = controller.experiment.data.kind.value
        options = self._options
        view = options.chosen_view
        if options.kind is Kind.TABLE:
            view = TABLES[options.table.currentIndex()]
        elif options.kind is Kind.CODE:
            view = TARGETS[options.target.currentIndex()]
        return suggested_name(controller.snapshot, kind, view) + options.ending

    @property
    def _focus(self) -> Focus:
        """What the chosen view asks of the training, seen or not."""
        return self._window.focus_of(self._options.chosen_view)

    def _on_preview_wanted(self) -> None:
        if self._previewer is not None and self.dialog is not None and self.dialog.isVisible():
            self._stand_by()
            self._previewer.draw()

    def _stand_by(self) -> None:
        """Have the helper ready where it will be asked."""
        if (
            self.dialog is not None
            and self.dialog.isVisible()
            and self._options.kind in TRAINED_AGAIN
        ):
            self.helper.stand_by()

    def _on_dialog_closed(self) -> None:
        self.helper.stand_down()
        if self._previewer is not None:
            self._previewer.stop()

    # Copying and saving.

    def _on_copy_clicked(self) -> None:
        self.moment.take(self._copy, self._focus)

    def _copy(self, experiment: bytes) -> None:
        self._draw(experiment, self._on_made_to_copy)

    def _draw(self, experiment: bytes, then: Callable[[QImage, Made], None]) -> None:
        """Draw the picture the dialog is set to and call `then`; that there is none is told."""
        widget = self._window.views[self._options.chosen_view]
        try:
            spec = self._options.spec(self._window.controller.snapshot, experiment)
            with drawn_in(self._window, widget, self._options.light.isChecked()) as theme:
                image = draw_image(widget, spec, theme)
        except (ValueError, MemoryError) as error:
            self._tell(f"No picture: {error}", failure=True)
        else:
            self.writer.write(partial(packed, image, spec), None, partial(then, image))

    def _on_made_to_copy(self, image: QImage, made: Made) -> None:
        problem = copy_problem(image, made)
        self._tell(
            problem or f"Copied {image.width()} × {image.height()} pixels", failure=bool(problem)
        )

    def _on_drag_wanted(self) -> None:
        self.moment.take(self._prepare_drag, self._focus)

    def _prepare_drag(self, experiment: bytes) -> None:
        if self.dialog is None or self._options.kind is not Kind.PICTURE:
            return
        self._draw(experiment, self._on_made_to_drag)

    def _on_made_to_drag(self, image: QImage, made: Made) -> None:
        if made.problem:
            self._tell(f"Nothing to drag: {made.problem}", failure=True)
        elif self.dialog is not None:
            self.dialog.preview.offer(image, made.content)

    def _on_save_clicked(self) -> None:
        self._take(self._ask_for_path)

    def save(self, path: Path) -> None:
        """Write what the dialog is set to; the status line tells how it went."""
        self._take(lambda write: write(path))

    def _take(self, then: Callable[[Save], None]) -> None:
        """Call `then` with what writes to a file what the dialog is set to, as it is now."""
        options, snapshot = self._options, self._window.controller.snapshot
        if options.kind is Kind.PICTURE:
            self.moment.take(partial(self._take_picture, then), self._focus)
        elif options.kind is not Kind.TABLE:
            is_dark = self._window.appearance.theme.is_dark and not options.light.isChecked()
            command, given = ordered(options, is_dark)
            experiment = self._window.controller.experiment
            then(partial(self._have_made, command, experiment, given))
        elif snapshot is None:
            self._tell("Nothing to save yet.", failure=True)
        else:
            name = TABLES[options.table.currentIndex()]
            then(partial(self._write, partial(_table_bytes, snapshot, name)))

    def _take_picture(self, then: Callable[[Save], None], experiment: bytes) -> None:
        options, window = self._options, self._window
        widget = window.views[options.chosen_view]
        try:
            spec = options.spec(window.controller.snapshot, experiment)
            with drawn_in(window, widget, options.light.isChecked()) as theme:
                make = prepared(widget, options.ending, spec, theme)
        except (ValueError, MemoryError) as error:
            self._tell(f"No picture: {error}", failure=True)
        else:
            then(partial(self._write, make))

    def _ask_for_path(self, save: Save) -> None:
        kind = self._options.ending[1:].upper()
        self.prompt.ask("Export", kind, self._name(), save, above=self.dialog)

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
        self._made_name = path.name
        self.helper.start(command, experiment, ["--out", str(path), *given])
        self._on_progressed("")

    def _on_progressed(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.show_progress(f"Working: {words}" if words else "Working …", True)

    def _on_finished(self, why: str) -> None:
        if why:
            self._tell(f"{self._made_name} was not saved: {why}", failure=True)
        else:
            self._tell(f"Saved {self._made_name}")
        self._stand_by()

    def close(self) -> None:
        """Finish what is being written, and end a long export; its file is not written."""
        self.helper.cancel()
        self.helper.stand_down()
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
            self.dialog.show_progress(text, False)
        (self.failed if failure else self.message_raised).emit(text)

    def _on_theme_changed(self, theme: Theme) -> None:
        if self.dialog is not None and theme is self._window.appearance.theme:
            self.dialog.apply_theme(theme)


def _table_bytes(snapshot: Snapshot, name: str) -> bytes:
    return table(snapshot, name).encode()
