"""Carries out what the export dialog asks for; the window's child."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from playground.core.export.animation import check_size, estimated_bytes
from playground.core.export.code import TARGETS
from playground.core.export.tables import TABLES, table
from playground.core.focus import NOTHING, Focus
from playground.core.snapshot import Snapshot
from playground.ui.export.caption import settings_caption, suggested_name
from playground.ui.export.dialog import TRAINED_AGAIN, ExportDialog
from playground.ui.export.helper import ExportHelper
from playground.ui.export.moment import Moment
from playground.ui.export.options import ExportOptions, Kind
from playground.ui.export.past import Past
from playground.ui.export.quick import QuickPictures, copy_problem, drawn_in
from playground.ui.export.writer import FileWriter, Made
from playground.ui.picture import PictureSpec, draw_image, packed, prepared
from playground.ui.staging import shown_size
from playground.ui.theme import Theme

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

PREVIEW_SIDE = 1100.0


class Exporter(QObject):
    """Opens the dialog, draws, asks for files and has them written.

    Attributes
    ----------
    quick : pictures without the dialog.
    moment, writer, helper : take the run's state, pack files, and make long exports.
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
        self._file_dialog: QFileDialog | None = None
        self._folder = str(Path.home())
        self._path: Path | None = None
        self._is_refused = False
        self._unanswered = NOTHING
        self.moment = Moment(window.controller, self)
        self.writer = FileWriter(self)
        self.quick = QuickPictures(window, self.moment, self.writer)
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

    def _spec(self, experiment: bytes | None, scale: float | None = None) -> PictureSpec:
        options, snapshot = self._options, self._window.controller.snapshot
        size, wanted, dots = options.page_size
        captioned = options.caption.isChecked() and snapshot is not None
        return PictureSpec(
            size=size,
            scale=wanted if scale is None else scale,
            title=options.title.text().strip(),
            caption=settings_caption(snapshot) if captioned and snapshot is not None else "",
            legend=options.legend.isChecked(),
            transparent=options.clear.isChecked() and options.kind is Kind.PICTURE,
            dots_per_inch=dots,
            experiment=experiment if options.carry.isChecked() else None,
        )

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

    # Preview.

    def _on_preview_wanted(self) -> None:
        dialog = self.dialog
        if dialog is None or not dialog.isVisible():
            return
        options = dialog.options
        self._stand_by()
        if options.kind not in (Kind.PICTURE, Kind.ANIMATION):
            dialog.preview.show_picture(None, "", _EXPLAINED[options.kind])
            return
        self._unanswered = self._focus
        self._window.controller.look_at(self._unanswered, "preview")
        try:
            # The dialog's own theme would flicker; the preview is drawn while nothing is shown.
            spec = self._spec(None)
            note = self._note(spec)
            widget = self._window.views[options.chosen_view]
            size = spec.size or shown_size(widget)
            scale = min(2.0, max(0.1, PREVIEW_SIDE / max(size)))
            with drawn_in(self._window, widget, options.light.isChecked()) as theme:
                image = draw_image(widget, self._spec(None, scale), theme)
        except ValueError as error:
            dialog.preview.show_picture(None, "", "")
            dialog.show_progress(str(error), self.helper.is_running)
            dialog.save.setEnabled(False)
            self._is_refused = True
            return
        if self._is_refused and not self.helper.is_running:
            dialog.show_progress("", False)
        self._is_refused = False
        name = suggested_name(
            self._window.controller.snapshot,
            self._window.controller.experiment.data.kind.value,
            options.chosen_view,
        )
        name = f"{name}.png" if options.kind is Kind.PICTURE else ""
        dialog.preview.show_picture(image, name, note)

    def _note(self, spec: PictureSpec) -> str:
        options = self._options
        widget = self._window.views[options.chosen_view]
        wide, high = spec.size or shown_size(widget)
        if options.kind is Kind.ANIMATION:
            frames = round(options.frames.value)
            check_size(wide, high, frames)
            megabytes = estimated_bytes(options.ending, wide, high, frames) / 1e6
            return f"{frames} frames of {wide} × {high} pixels, about {megabytes:.1f} MB"
        if options.ending != ".png":
            return f"{wide} × {high}, vectors with real text · drag it into a slide"
        pixels = f"{round(wide * spec.scale)} × {round(high * spec.scale)} pixels"
        return f"{pixels} · drag it into a slide"

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
        self._unanswered = NOTHING
        self._window.controller.look_at(NOTHING, "preview")

    # Copying and saving.

    def _on_copy_clicked(self) -> None:
        self.moment.take(self._copy, self._focus)

    def _copy(self, experiment: bytes) -> None:
        self._draw(experiment, self._on_made_to_copy)

    def _draw(self, experiment: bytes, then: Callable[[QImage, Made], None]) -> None:
        """Draw the picture the dialog is set to and call `then`; that there is none is told."""
        widget = self._window.views[self._options.chosen_view]
        try:
            spec = self._spec(experiment)
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
        if self._file_dialog is not None or self.dialog is None:
            return
        ending = self._options.ending
        dialog = self._file_dialog = QFileDialog(self.dialog, "Export")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{ending[1:].upper()} (*{ending})")
        dialog.setDefaultSuffix(ending[1:])
        dialog.setDirectory(self._folder)
        dialog.selectFile(self._name())
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(self._on_file_dialog_finished)
        dialog.open()

    def _on_file_dialog_finished(self) -> None:
        if self._file_dialog is not None:
            self._file_dialog.deleteLater()
            self._file_dialog = None

    def _on_file_selected(self, name: str) -> None:
        self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write what the dialog is set to; the status line tells how it went."""
        self._folder, self._path = str(path.parent), path
        options, controller = self._options, self._window.controller
        if options.kind is Kind.PICTURE:
            self.moment.take(partial(self._save_picture, path), self._focus)
        elif options.kind is Kind.TABLE:
            self._save_table()
        else:
            command, arguments = self._command(path)
            self.helper.start(command, controller.experiment, arguments)
            self._on_progressed("")

    def _save_picture(self, path: Path, experiment: bytes) -> None:
        options = self._options
        widget = self._window.views[options.chosen_view]
        try:
            with drawn_in(self._window, widget, options.light.isChecked()) as theme:
                make = prepared(widget, options.ending, self._spec(experiment), theme)
        except (ValueError, MemoryError) as error:
            self._tell(f"{path.name}: {error}", failure=True)
            return
        self.writer.write(make, path, partial(self._on_written, path.name))

    def _on_written(self, name: str, made: Made) -> None:
        if made.problem:
            self._tell(f"{name}: {made.problem}", failure=True)
        else:
            self._tell(f"Saved {name}, {len(made.content) / 1e3:.0f} kB")

    def _save_table(self) -> None:
        path, snapshot = self._path, self._window.controller.snapshot
        assert path is not None
        if snapshot is None:
            self._tell("Nothing to save yet.", failure=True)
            return
        name = TABLES[self._options.table.currentIndex()]
        make = partial(_table_bytes, snapshot, name)
        self.writer.write(make, path, partial(self._on_written, path.name))

    def _command(self, path: Path) -> tuple[str, list[str]]:
        options = self._options
        given = ["--out", str(path), "--epochs", str(round(options.epochs.value))]
        if options.kind is Kind.CODE:
            return "export-code", [*given, "--target", TARGETS[options.target.currentIndex()]]
        given += ["--frames", str(round(options.frames.value))]
        if options.kind is Kind.PAGE:
            return "export-html", given
        size, _, _ = options.page_size
        assert size is not None
        dark = self._window.appearance.theme.is_dark and not options.light.isChecked()
        given += ["--view", options.chosen_view, "--size", f"{size[0]}x{size[1]}"]
        given += ["--seconds", f"{options.seconds.value:g}", "--theme", "dark" if dark else "light"]
        given += [f"--title={options.title.text().strip()}"]
        given += ["--caption"] * options.caption.isChecked()
        given += ["--no-legend"] * (not options.legend.isChecked())
        given += ["--no-experiment"] * (not options.carry.isChecked())
        return "render", given

    def _on_progressed(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.show_progress(f"Working: {words}" if words else "Working …", True)

    def _on_finished(self, why: str) -> None:
        name = self._path.name if self._path is not None else "the file"
        if why:
            self._tell(f"{name} was not saved: {why}", failure=True)
        else:
            self._tell(f"Saved {name}")
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
        if self._unanswered != NOTHING and snapshot.answers.cover(self._unanswered):
            self._unanswered = NOTHING
            if self.dialog is not None and self.dialog.isVisible():
                self.dialog.refresh()

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


_EXPLAINED = {
    Kind.TABLE: "One line per observation, as it is now.",
    Kind.CODE: "A script that trains again and asserts the logged losses.",
    Kind.PAGE: "One file that replays the run in any browser.",
}
