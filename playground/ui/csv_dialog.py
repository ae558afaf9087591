"""The preview of a CSV file: how it is read, which columns are taken, what is done to them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.core.csv_columns import (
    Choice,
    Imported,
    Missing,
    first_choice,
)
from playground.core.csv_format import NAMES, CsvError, Decimal, Delimiter, Encoding, Format
from playground.core.csv_job import Summary
from playground.core.own_data import MAX_COLUMNS
from playground.session.csv_process import CsvProcess
from playground.ui.controls.base import Label, apply_theme_below, set_font
from playground.ui.controls.buttons import Button, CheckBox
from playground.ui.controls.combo import ComboBox, TextCombo
from playground.ui.controls.groups import SegmentedControl
from playground.ui.csv_words import column_facts, import_problem, import_words
from playground.ui.theme import BODY_PX, CAPTION_PX, TITLE_PX, Theme, scaled, scaled_font

DELIMITERS = [
    (Delimiter.COMMA, "Comma"),
    (Delimiter.SEMICOLON, "Semicolon"),
    (Delimiter.TAB, "Tab"),
    (Delimiter.BAR, "Vertical bar"),
]
DECIMALS = [(Decimal.POINT, "Point"), (Decimal.COMMA, "Comma")]
MISSING = (Missing.DROP, Missing.MEAN)
SIZE = QSize(720, 640)
CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class CsvDialog(QDialog):
    """Shows a file, lets everything detected be overridden, and imports it.

    Signals
    -------
    data_imported(object) : the `Imported` own data; the dialog closes.
    """

    data_imported = Signal(object)

    def __init__(self, path: str, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import CSV")
        self._path, self._title = path, title
        self._wanted = Format()
        self._summary: Summary | None = None
        self._chosen: tuple[Choice, int] | None = None  # by hand, of so many columns
        self._filling = False
        self.process = CsvProcess(self)
        self.delimiter = ComboBox("Delimiter", DELIMITERS)
        self.decimal = ComboBox("Decimal mark", DECIMALS)
        self.encoding = ComboBox("Encoding", [(key, NAMES[key]) for key in Encoding])
        self.header = CheckBox("First row has names")
        self.preview = QTableWidget()
        self.inputs = QListWidget()
        self.target = TextCombo("Target")
        self.kind = SegmentedControl(["Classes", "Numbers"], "The target holds")
        self.standardise = CheckBox("Standardise: (x − mean) ÷ deviation")
        self.standardise.setChecked(True)
        self.missing = SegmentedControl(["Leave row out", "Use the mean"], "Cells without a number")
        self.missing_label = Label("Cells without a number")
        self.status = Label("Reading…")
        self.status.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.cancel = Button("Cancel")
        self.accept_button = Button("Import")
        self._build()
        self._connect()
        apply_theme_below(self, theme)
        self.resize(SIZE.width(), SIZE.height())
        self._read()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Label(self._title or "Pasted text", TITLE_PX, 600, "ink1"))
        formats = QHBoxLayout()
        formats.setSpacing(6)
        for name, combo in (
            ("Delimiter", self.delimiter),
            ("Decimal mark", self.decimal),
            ("Encoding", self.encoding),
        ):
            formats.addWidget(Label(name))
            formats.addWidget(combo)
            formats.addSpacing(8)
        formats.addWidget(self.header)
        formats.addStretch(1)
        column.addLayout(formats)
        self.preview.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.preview.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        set_font(self.preview, BODY_PX)
        self.preview.setAccessibleName("First rows of the file")
        self.preview.verticalHeader().hide()
        self.preview.verticalHeader().setDefaultSectionSize(scaled(24))
        set_font(self.preview.horizontalHeader(), BODY_PX, 600)
        self.preview.horizontalHeader().setSectionResizeMode(
            QHeaderView.ResizeMode.ResizeToContents
        )
        column.addWidget(self.preview, 3)
        column.addWidget(Label(f"Inputs: 1 to {MAX_COLUMNS} columns of numbers"))
        set_font(self.inputs, BODY_PX)
        self.inputs.setAccessibleName("Inputs")
        self.inputs.setSpacing(2)
        self.target.setMinimumWidth(scaled(160))
        column.addWidget(self.inputs, 2)
        target = QHBoxLayout()
        target.setSpacing(8)
        for widget in (Label("Target"), self.target, self.kind):
            target.addWidget(widget)
        target.addStretch(1)
        column.addLayout(target)
        rules = QHBoxLayout()
        rules.setSpacing(8)
        for rule in (self.standardise, self.missing_label, self.missing):
            rules.addWidget(rule)
        rules.addStretch(1)
        column.addLayout(rules)
        set_font(self.status, CAPTION_PX)
        self.status.setMinimumHeight(scaled(32))
        column.addWidget(self.status)
        column.addWidget(self.progress)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.accept_button)
        column.addLayout(foot)

    def _connect(self) -> None:
        process = self.process
        process.progressed.connect(self._on_progressed)
        process.summarized.connect(self._on_summarized)
        process.imported.connect(self._on_imported)
        process.failed.connect(self._on_failed)
        self.delimiter.choice_edited.connect(self._on_delimiter_edited)
        self.decimal.choice_edited.connect(self._on_decimal_edited)
        self.encoding.choice_edited.connect(self._on_encoding_edited)
        self.header.clicked.connect(self._on_header_clicked)
        self.target.index_chosen.connect(self._on_target_chosen)
        self.kind.chosen.connect(self._on_rule_edited)
        self.standardise.clicked.connect(self._on_rule_edited)
        self.missing.chosen.connect(self._on_rule_edited)
        self.inputs.itemChanged.connect(self._on_input_changed)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._on_import_clicked)

    # Reading.

    def _read(self) -> None:
        self._summary = None  # what is shown until then was read in another way
        self._show_busy(True)
        self._say("Reading…")
        self.process.read(self._path, self._wanted)

    def _show_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.progress.setRange(0, 1000)
        self.progress.setValue(0)
        self.accept_button.setEnabled(not busy and self._summary is not None)

    def _say(self, words: str, bad: bool = False) -> None:
        self.status.set_ink("danger" if bad else "ink2")
        self.status.setText(words)

    def _on_progressed(self, share: float) -> None:
        self.progress.setValue(round(1000 * share))

    def _on_failed(self, words: str) -> None:
        self._show_busy(False)
        self.accept_button.setEnabled(False)
        self._say(words, bad=True)

    def _on_summarized(self, summary: Summary) -> None:
        self._summary = summary
        self._filling = True
        self.delimiter.show_choice(summary.format.delimiter)
        self.decimal.show_choice(summary.format.decimal)
        self.encoding.show_choice(summary.format.encoding)
        self.header.setChecked(bool(summary.format.header))
        self._show_preview(summary)
        try:
            choice = first_choice(summary.columns)
            if self._chosen is not None:
                choice = _of_same_columns(*self._chosen, summary) or choice
        except CsvError as error:
            self._fill_columns(summary, None)
            self._on_failed(str(error))
        else:
            self._fill_columns(summary, choice)
            self._show_busy(False)
            self._show_facts()
        self._filling = False

    def _show_preview(self, summary: Summary) -> None:
        self.preview.clear()
        self.preview.setColumnCount(len(summary.columns))
        self.preview.setRowCount(len(summary.preview))
        self.preview.setHorizontalHeaderLabels([column.name for column in summary.columns])
        for r, row in enumerate(summary.preview):
            for k, cell in enumerate(row):
                item = QTableWidgetItem(cell)
                if summary.columns[k].is_numeric:
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    item.setTextAlignment(right)
                self.preview.setItem(r, k, item)

    def _fill_columns(self, summary: Summary, choice: Choice | None) -> None:
        self.inputs.clear()
        self.target.set_texts([column.name for column in summary.columns])
        for k, column in enumerate(summary.columns):
            item = QListWidgetItem(column_facts(column))
            item.setFont(scaled_font(BODY_PX))
            if column.is_numeric:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                on = choice is not None and k in choice.inputs
                item.setCheckState(CHECKED if on else UNCHECKED)
            else:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.inputs.addItem(item)
        if choice is not None:
            self.target.setCurrentIndex(choice.target)
            self.kind.set_index(0 if choice.classes else 1)
        self._mark_target()

    # Choosing.

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        items = [self.inputs.item(k) for k in range(self.inputs.count())]
        target = self.target.currentIndex()
        inputs = [k for k, i in enumerate(items) if i.checkState() is CHECKED and k != target]
        return Choice(
            tuple(inputs),
            target,
            self.kind.index == 0,
            self.standardise.isChecked(),
            MISSING[self.missing.index],
        )

    def _mark_target(self) -> None:
        """Let the target be no input."""
        if self._summary is None:
            return
        target = self.target.currentIndex()
        for k, column in enumerate(self._summary.columns):
            item = self.inputs.item(k)
            if not column.is_numeric:
                continue
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(Qt.ItemFlag.NoItemFlags if k == target else flags)
            if k == target:
                item.setCheckState(UNCHECKED)

    def _show_facts(self) -> None:
        """Say what would be imported, or why it cannot be."""
        summary = self._summary
        if summary is None:
            return
        choice = self.choice
        used = [summary.columns[k] for k in choice.inputs]
        gaps = any(column.n_blank + column.n_other for column in used)
        self.missing.setVisible(gaps)
        self.missing_label.setVisible(gaps)
        problem = import_problem(summary, choice)
        self.accept_button.setEnabled(not problem and not self.process.is_running)
        self._say(problem or import_words(summary, choice), bad=bool(problem))

    def _override(self, wanted: Format) -> None:
        self._wanted = wanted
        self._read()

    def _on_delimiter_edited(self, delimiter: Delimiter) -> None:
        self._override(replace(self._wanted, delimiter=delimiter))

    def _on_decimal_edited(self, decimal: Decimal) -> None:
        # The mark is chosen for the cells that are shown: the delimiter is not detected anew by it.
        shown = self.delimiter.currentIndex()
        delimiter = DELIMITERS[shown][0] if shown >= 0 else None
        self._override(replace(self._wanted, delimiter=delimiter, decimal=decimal))

    def _on_encoding_edited(self, encoding: Encoding) -> None:
        self._override(replace(self._wanted, encoding=encoding))

    def _on_header_clicked(self) -> None:
        self._override(replace(self._wanted, header=self.header.isChecked()))

    def _on_target_chosen(self, index: int) -> None:
        if self._summary is None:
            return
        self._filling = True
        self.kind.set_index(0 if self._summary.columns[index].can_be_classes else 1)
        self._mark_target()
        self._filling = False
        self._on_rule_edited()

    def _on_rule_edited(self) -> None:
        if self._summary is not None:
            self._chosen = self.choice, len(self._summary.columns)
        self._show_facts()

    def _on_input_changed(self) -> None:
        if not self._filling:
            self._on_rule_edited()

    def _on_import_clicked(self) -> None:
        assert self._summary is not None
        self._show_busy(True)
        self.process.read(self._path, self._summary.format, self.choice, self._title)

    def _on_imported(self, imported: Imported) -> None:
        self.data_imported.emit(imported)
        self.accept()

    def done(self, result: int) -> None:
        """End the reading, and close."""
        self.process.cancel()
        super().done(result)


def _of_same_columns(chosen: Choice, n_columns: int, summary: Summary) -> Choice | None:
    """Return what was chosen of `n_columns` before, as far as it is a choice of those of now."""
    if len(summary.columns) != n_columns:
        return None
    inputs = tuple(k for k in chosen.inputs if summary.columns[k].is_numeric)
    kept = replace(chosen, inputs=inputs)
    return None if import_problem(summary, kept) else kept
