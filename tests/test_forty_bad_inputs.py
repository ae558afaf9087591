"""The index of the bad inputs that must not hurt: each row names the tests of its outcome."""

import ast
import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from playground.__main__ import main
from playground.arguments import render_parser
from playground.core.experiment import Experiment, presets
from playground.core.files import encode_experiment
from playground.core.run import Run
from playground.core.snapshot import Activity, ParameterEdit, Parameters

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")
TESTS = Path(__file__).parent
REFUSALS, SAVING = "core/files/test_refusals.py", "core/files/test_saving.py"
FORMAT, CSV = "core/files/test_format.py", "core/test_csv.py"
COMMANDS, RECOVERY = "files/test_file_commands.py", "files/test_recovery.py"
RIGS, SHELL = "rigs/test_file_rigs.py", "session/test_shell.py"
SESSIONS, CONTROLS = "rigs/test_session_rigs.py", "ui/test_controls.py"
HERE, DIALOG = "test_forty_bad_inputs.py", "ui/test_csv_dialog.py"
TYPED = "ui/test_typed_numbers.py"

ROWS: dict[int, tuple[tuple[str, str], ...]] = {
    1: ((REFUSALS, "test_an_empty_file"),),
    2: ((REFUSALS, "test_other_files_are_not_experiment_files"),),
    3: (
        (REFUSALS, "test_a_file_cut_anywhere_is_refused_and_the_byte_is_said"),
        (REFUSALS, "test_a_file_of_any_alphabet_and_with_a_run_is_refused_wherever_it_is_cut"),
        (COMMANDS, "test_a_damaged_file_offers_its_last_good_copy"),
    ),
    4: ((REFUSALS, "test_numbers_that_are_not_finite_are_refused_with_their_path"),),
    5: ((REFUSALS, "test_deep_nesting_is_refused"),),
    6: ((REFUSALS, "test_enormous_whole_numbers_are_refused"),),
    7: ((REFUSALS, "test_keys_that_come_twice_are_refused"),),
    8: (
        (REFUSALS, "test_other_encodings_are_refused_with_the_byte"),
        (REFUSALS, "test_a_byte_order_mark_is_refused_and_called_so"),
        (REFUSALS, "test_half_a_character_at_the_end_is_a_file_that_was_cut"),
        (CSV, "test_encodings_are_detected"),
        (CSV, "test_a_byte_that_is_no_character_is_named_by_its_place_in_the_file"),
    ),
    9: (
        (REFUSALS, "test_values_that_do_not_fit_are_refused_with_path_expected_and_actual"),
        (REFUSALS, "test_a_large_file_of_another_shape_is_refused_before_it_is_read_into_lists"),
    ),
    10: (
        (REFUSALS, "test_a_tampered_run_state_is_refused"),
        (REFUSALS, "test_weights_of_1e308_load_and_end_in_the_divergence_notice"),
        (HERE, "test_a_file_of_huge_weights_ends_in_the_notice_of_divergence"),
    ),
    11: (
        (REFUSALS, "test_versions"),
        (FORMAT, "test_fields_of_a_newer_minor_version_survive_a_save"),
    ),
    12: (
        (REFUSALS, "test_what_is_not_a_regular_file_is_refused_without_waiting"),
        (REFUSALS, "test_a_file_of_4_gb_is_refused_by_its_size"),
    ),
    13: (
        ("ui/test_export.py", "test_absurd_sizes_are_refused_in_plain_words"),
        ("core/test_export.py", "test_absurd_animations_are_refused_before_a_frame_is_drawn"),
    ),
    14: ((REFUSALS, "test_a_tampered_run_state_is_refused"),),
    15: (
        (SAVING, "test_a_link_stays_and_its_target_is_written"),
        (COMMANDS, "test_a_read_only_file_is_told_of_and_another_name_offered"),
        (COMMANDS, "test_a_change_by_another_program_is_noticed_when_the_window_is_looked_at"),
    ),
    16: (
        (SAVING, "test_strange_names_work"),
        (COMMANDS, "test_recent_files_are_listed_as_plain_text_and_open_again"),
        (HERE, "test_names_like_options_and_folders_are_refused_in_one_line"),
        (HERE, "test_a_file_called_like_an_option_is_taken_behind_two_dashes"),
        ("ui/test_plain_text.py", "test_words_from_files_are_plain_in_tool_tips"),
    ),
    17: (
        (CSV, "test_17_too_little_says_what_is_needed"),
        (CSV, "test_17_one_class_and_a_constant_column"),
        (DIALOG, "test_17_what_is_needed_is_said"),
        (DIALOG, "test_17_a_column_that_is_always_the_same_is_told_of"),
    ),
    18: (
        (CSV, "test_18_semicolons_and_decimal_commas_are_detected_and_overridable"),
        (DIALOG, "test_everything_detected_can_be_overridden"),
        (DIALOG, "test_18_mark_and_encoding_are_overridden"),
    ),
    19: (
        (CSV, "test_19_only_the_written_grammar_the_rest_is_counted_with_row_and_column"),
        (CSV, "test_19_a_mark_of_thousands_is_no_decimal_comma"),
        (CSV, "test_19_thousands_are_counted_not_divided_unless_a_person_says_so"),
    ),
    20: (
        (CSV, "test_20_cells_without_a_number_are_counted_and_dropped_or_filled"),
        (DIALOG, "test_missing_cells_are_counted_and_the_rule_is_chosen"),
        (CSV, "test_20_cells_without_a_class_are_counted_and_dropped"),
        (CSV, "test_20_rows_of_blank_cells_are_counted_and_empty_lines_are_not"),
        (DIALOG, "test_20_rows_without_a_class_and_blank_rows_are_told_of"),
    ),
    21: (
        (CSV, "test_21_the_row_is_named"),
        (CSV, "test_21_all_line_ends_are_accepted"),
        (DIALOG, "test_what_cannot_be_read_is_said_in_the_dialog_and_the_data_stay"),
        (DIALOG, "test_21_the_row_is_named_in_the_dialog"),
    ),
    22: ((CSV, "test_22_a_huge_cell_and_many_columns"),),
    23: (
        (CSV, "test_23_too_large_a_file_is_refused_by_its_size_alone"),
        (DIALOG, "test_a_reading_is_cancelled_and_leaves_no_process"),
        (DIALOG, "test_23_cancel_ends_the_reading_of_a_large_file"),
        (CSV, "test_23_too_many_rows_are_refused_before_they_are_read"),
    ),
    24: (
        (CSV, "test_24_what_is_no_file_is_refused_and_nothing_hangs"),
        (CSV, "test_24_a_file_that_changes_while_it_is_read_is_refused"),
        (CSV, "test_24_a_file_that_is_removed_while_it_is_read_is_refused"),
        (DIALOG, "test_24_a_file_that_has_gone_is_told_of_and_the_data_stay"),
    ),
    25: (
        (CSV, "test_25_labels_are_text_cut_at_64_characters_and_neutralised_on_export"),
        (CSV, "test_25_labels_that_become_one_class_by_being_cut_are_counted"),
        (DIALOG, "test_25_html_in_names_and_labels_is_shown_as_text"),
    ),
    26: (
        (CONTROLS, "test_numbers_are_read_as_people_write_them"),
        (CONTROLS, "test_what_is_no_number_is_refused_with_a_reason"),
        (CONTROLS, "test_a_wrong_number_is_marked_and_the_old_one_kept"),
        (TYPED, "test_26_a_wrong_number_is_framed_and_the_old_one_is_back_when_the_field_is_left"),
        (TYPED, "test_other_digits_than_0_to_9_are_refused"),
    ),
    27: (
        ("core/test_run.py", "test_divergence_stops_names_the_cause_and_keeps_finite_numbers"),
        ("core/test_health.py", "test_a_layer_that_only_answers_0_is_called_that"),
        ("tinyml/test_losses.py", "test_a_loss_is_exact_and_finite_wherever_the_truth_is"),
        (SESSIONS, "test_divergence_is_seen_and_only_divergence"),
    ),
    28: (
        (SAVING, "test_a_full_disk_is_called_by_its_name"),
        (RECOVERY, "test_a_failing_autosave_is_told_once"),
        (HERE, "test_an_export_to_a_full_disk_keeps_the_old_file"),
        (SHELL, "test_a_log_that_cannot_be_written_hurts_nobody"),
    ),
    29: (
        (SAVING, "test_places_that_cannot_be_written_are_named"),
        (COMMANDS, "test_a_read_only_file_is_told_of_and_another_name_offered"),
    ),
    30: (
        (RIGS, "test_a_save_that_is_killed_leaves_the_old_or_the_new_file"),
        (SAVING, "test_only_temporaries_of_dead_processes_are_swept"),
    ),
    31: (
        (RIGS, "test_an_app_that_is_killed_loses_at_most_five_seconds"),
        (RECOVERY, "test_after_a_crash_the_work_is_offered_and_comes_back"),
    ),
    32: (
        (SESSIONS, "test_new_open_stop_reset_and_close_answer_while_training"),
        (SESSIONS, "test_closing_while_training_ends_the_process_silently"),
    ),
    33: (
        (SHELL, "test_out_of_memory_is_told_with_a_remedy"),
        (HERE, "test_a_file_that_memory_cannot_hold_leaves_the_experiment"),
        (HERE, "test_training_that_runs_out_of_memory_is_paused_with_a_remedy"),
        (HERE, "test_an_export_that_memory_cannot_hold_is_told"),
    ),
    34: (
        (HERE, "test_mistakes_wherever_they_are_made_are_told_once"),
        (
            "session/test_controller.py",
            "test_a_mistake_in_a_chunk_is_reported_and_the_thread_lives_on",
        ),
    ),
    35: (
        (RECOVERY, "test_two_apps_have_slots_of_their_own"),
        (COMMANDS, "test_a_second_window_asks_before_it_overwrites"),
    ),
    36: (
        (SHELL, "test_damaged_settings_are_put_aside"),
        ("ui/test_window_state.py", "test_no_number_in_the_settings_prevents_the_start"),
        (
            "ui/test_window_state.py",
            "test_a_window_left_far_outside_is_brought_back_to_the_screen",
        ),
    ),
    37: (
        ("journeys/test_command_line.py", "test_without_a_display_one_line_names_the_remedy"),
        ("test_display.py", "test_missing_libraries_are_named_with_their_packages"),
        ("test_missing_libraries.py", "test_all_that_the_plugin_is_linked_to_has_a_package"),
        ("test_missing_libraries.py", "test_a_missing_library_ends_in_one_line_and_code_2"),
        (RIGS, "test_the_app_trains_in_every_environment_or_says_why_not"),
    ),
    38: (
        (RIGS, "test_the_app_trains_in_every_environment_or_says_why_not"),
        ("ui/test_shell.py", "test_on_a_small_screen_everything_is_reached_by_scrolling"),
        (HERE, "test_durations_are_taken_from_a_clock_that_never_jumps"),
    ),
    39: (
        ("session/test_preparation.py", "test_a_damaged_cache_that_was_mended_trains"),
        (RIGS, "test_the_app_trains_in_every_environment_or_says_why_not"),
    ),
    40: (
        (
            "core/test_playground_address.py",
            "test_40_absurd_values_are_clamped_and_each_is_listed",
        ),
        (
            "ui/test_pasted_address.py",
            "test_what_cannot_be_taken_over_is_listed_as_plain_text",
        ),
    ),
}


def test_every_row_is_somewhere():
    assert set(ROWS) == set(range(1, 41))


@pytest.mark.parametrize(
    ("file", "name"), sorted({pair for row in ROWS.values() for pair in row}), ids=str
)
def test_the_test_of_a_row_exists(file, name):
    tree = ast.parse((TESTS / file).read_text())
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


BREAKING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
import playground.app as app
class Broken(QWidget):
    def paintEvent(self, event):
        self.update()
        raise RuntimeError("a mistake in a paint event")
real = app.create_window
told = []
def create_window(experiment):
    window = real(experiment)
    window.controller.notice_raised.connect(told.append)
    window.broken = Broken(window)
    window.broken.show()
    window.commands.keys.triggered.connect(slot)
    QTimer.singleShot(50, window.commands.keys.trigger)
    QTimer.singleShot(60, timer)
    window.controller.snapshot_changed.connect(lambda s: s.epoch and window.close())
    window.controller.play()
    return window
def slot():
    raise RuntimeError("a mistake in a slot")
def timer():
    raise RuntimeError("a mistake in a timer")
app.create_window = create_window
code = app.run()
print(*told, sep="\\n")
sys.exit(code)
"""


def test_mistakes_wherever_they_are_made_are_told_once():
    done = subprocess.run([sys.executable, "-c", BREAKING], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    places = sorted(re.findall(r"a mistake in a (.*)", done.stdout))
    assert places == ["paint event", "slot", "timer"]
    assert done.stderr.count("Traceback") == 3


def test_a_file_that_memory_cannot_hold_leaves_the_experiment(desks, monkeypatch, tmp_path):
    window = desks.open(Experiment())

    def starve(path):
        raise MemoryError

    monkeypatch.setattr("playground.session.open_file.load_document", starve)
    window.files.open(tmp_path / "a.tinyml")
    assert window.files.question.text == "a.tinyml: there is not enough memory to open it."
    assert window.controller.experiment == Experiment()


def test_a_file_of_huge_weights_ends_in_the_notice_of_divergence(qtbot, desks, tmp_path):
    window = desks.open()
    path, plane = tmp_path / "huge.tinyml", presets()["plane"]
    run = Run(plane)
    run.advance(30)
    tree = json.loads(encode_experiment(plane, run.state()))
    tree["run"]["trainer"]["parameters"] = [1e308] * plane.network.n_parameters
    path.write_text(json.dumps(tree))
    with qtbot.waitSignal(
        window.controller.snapshot_changed, check_params_cb=lambda s: s.step == 30
    ):
        window.files.open(path)
    assert window.controller.experiment == plane
    with qtbot.waitSignal(window.controller.notice_raised) as told:
        window.controller.play()
    assert "diverged" in told.args[0]
    qtbot.waitUntil(lambda: window.controller.activity is not Activity.RUNNING)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["-rf"], "playground: unrecognized arguments: -rf"),
        (["render", "-rf", "--out", "a.png"], "playground render: "),
        (["render", "..", "--out", "a.png"], "..: It is a folder."),
        (["render", "--out", "..", "spiral"], "the file's name must end in .png"),
        (["render", "--out", "a.png", "--", "-rf"], "there is no preset or file '-rf'"),
        (
            ["export-csv", "<b>\n.tinyml", "--epochs", "1", "--out", "a.csv"],
            "There is no such file",
        ),
    ],
)
def test_names_like_options_and_folders_are_refused_in_one_line(
    monkeypatch, capsys, tmp_path, given, words
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(given)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert words in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_file_called_like_an_option_is_taken_behind_two_dashes(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("-rf.tinyml", "-rf"):
        Path(name).write_bytes(encode_experiment(Experiment(seed=5)))
        options = render_parser().parse_args(["--out", "a.png", "--", name])
        assert options.experiment == (Experiment(seed=5), None)


def test_training_that_runs_out_of_memory_is_paused_with_a_remedy(qtbot, desks, monkeypatch):
    window = desks.open(Experiment())

    def starve(self, *limits):
        raise MemoryError

    monkeypatch.setattr("playground.core.run.Run.advance", starve)
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    with qtbot.waitSignal(window.controller.notice_raised) as told:
        window.controller.play()
    assert told.args[0].startswith("Training stopped: out of memory. Choose a smaller network")
    qtbot.waitUntil(lambda: window.controller.activity == "paused")


def test_an_export_to_a_full_disk_keeps_the_old_file(qtbot, desks, monkeypatch, tmp_path):
    window = desks.open(Experiment())
    window.exporter.open()

    def refuse(handle):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", refuse)
    picture, samples = tmp_path / "a.png", tmp_path / "a.csv"
    for path in (picture, samples):
        path.write_bytes(b"old")
    with qtbot.waitSignal(window.exporter.failed) as told:
        window.exporter.save(picture)
    full = "Not saved: disk full. The old file is intact."
    assert told.args[0].startswith(f"a.png: {full}")
    with qtbot.waitSignal(window.files.scribe.exported):
        window.csv.export_to(str(samples))
    assert window.status.message.text().startswith(f"a.csv: {full}")
    assert [path.read_bytes() for path in (picture, samples)] == [b"old"] * 2
    assert sorted(p.name for p in tmp_path.glob("a*")) == ["a.csv", "a.png"]


def test_an_export_that_memory_cannot_hold_is_told(qtbot, desks, monkeypatch, tmp_path):
    window = desks.open(Experiment())
    window.exporter.open()

    def starve(*_):
        raise MemoryError("there is not enough memory for a picture of this size")

    monkeypatch.setattr("playground.ui.export.picture_tasks.prepared", starve)
    with qtbot.waitSignal(window.exporter.failed) as told:
        window.exporter.save(tmp_path / "a.png")
    assert told.args == ["No picture: there is not enough memory for a picture of this size"]
    assert not (tmp_path / "a.png").exists()
    assert window.controller.experiment == Experiment()


def test_durations_are_taken_from_a_clock_that_never_jumps():
    # Row 38: after a suspend the time of day has jumped, the monotonic clock has not.
    for path in (TESTS.parent / "playground").rglob("*.py"):
        source = path.read_text()
        assert not re.search(r"\btime\.time\(|from time import.*\btime\b", source), path


@pytest.mark.parametrize("kind", ["plane", "sine", "blobs", "xor-table"])
@pytest.mark.parametrize("weight", [1e308, -1e160])
def test_weights_of_any_size_are_shown_on_every_tab(qtbot, desks, kind, weight):
    window = desks.open(presets()[kind])
    tabs, before = window.right.tabs, window.controller.snapshot.parameters
    wanted = Parameters(
        tuple(np.full_like(w, weight) for w in before.weights),
        tuple(np.full_like(b, weight) for b in before.biases),
    )
    with qtbot.waitSignal(
        window.controller.snapshot_changed,
        check_params_cb=lambda s: s.parameters.weights[0][0, 0] == weight,
    ):
        window.edits.edit_parameters(ParameterEdit(wanted, "weights"))
    for k in range(tabs.count()):
        tabs.setCurrentIndex(k)
        window.grab()
    window.controller.step_epoch()
    desks.autosaved(window)
