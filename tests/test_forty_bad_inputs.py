"""The index of the bad inputs that must not hurt: each row names the tests of its outcome."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from playground.core.experiment import Experiment

TESTS = Path(__file__).parent
REFUSALS, SAVING = "core/files/test_refusals.py", "core/files/test_saving.py"
COMMANDS, RECOVERY = "files/test_file_commands.py", "files/test_recovery.py"
RIGS, SHELL = "rigs/test_file_rigs.py", "session/test_shell.py"

ROWS: dict[int, dict[str, str]] = {
    1: {REFUSALS: "test_an_empty_file"},
    2: {REFUSALS: "test_other_files_are_not_experiment_files"},
    3: {
        REFUSALS: "test_a_file_cut_anywhere_is_refused_and_the_byte_is_said",
        COMMANDS: "test_a_damaged_file_offers_its_last_good_copy",
    },
    4: {REFUSALS: "test_numbers_that_are_not_finite_are_refused_with_their_path"},
    5: {REFUSALS: "test_deep_nesting_is_refused"},
    6: {REFUSALS: "test_enormous_whole_numbers_are_refused"},
    7: {REFUSALS: "test_keys_that_come_twice_are_refused"},
    8: {REFUSALS: "test_other_encodings_are_refused_with_the_byte"},
    9: {
        REFUSALS: "test_values_that_do_not_fit_are_refused_with_path_expected_and_actual",
        "core/files/test_format.py": "test_every_preset_comes_back_equal",
    },
    10: {REFUSALS: "test_weights_of_1e308_load_and_end_in_the_divergence_notice"},
    11: {
        REFUSALS: "test_versions",
        "core/files/test_format.py": "test_fields_of_a_newer_minor_version_survive_a_save",
    },
    12: {REFUSALS: "test_what_is_not_a_regular_file_is_refused_without_waiting"},
    14: {REFUSALS: "test_a_tampered_run_state_is_refused"},
    15: {
        SAVING: "test_a_link_stays_and_its_target_is_written",
        COMMANDS: "test_a_read_only_file_is_told_of_and_another_name_offered",
    },
    16: {
        SAVING: "test_strange_names_work",
        COMMANDS: "test_recent_files_are_listed_as_plain_text_and_open_again",
    },
    26: {"ui/test_controls.py": "test_a_typed_number_is_one_signal"},
    27: {
        "core/test_run.py": "test_divergence_stops_names_the_cause_and_keeps_finite_numbers",
        "core/test_health.py": "test_dead_neurons_are_counted_in_their_layer",
    },
    28: {
        SAVING: "test_a_full_disk_is_called_by_its_name",
        RECOVERY: "test_a_failing_autosave_is_told_once",
        SHELL: "test_a_log_that_cannot_be_written_hurts_nobody",
    },
    29: {SAVING: "test_places_that_cannot_be_written_are_named"},
    30: {RIGS: "test_a_save_that_is_killed_leaves_the_old_or_the_new_file"},
    31: {RIGS: "test_an_app_that_is_killed_loses_at_most_five_seconds"},
    32: {"rigs/test_session_rigs.py": "test_closing_while_training_ends_the_process_silently"},
    33: {
        SHELL: "test_out_of_memory_is_told_with_a_remedy",
        "test_forty_bad_inputs.py": "test_a_file_that_memory_cannot_hold_leaves_the_experiment",
    },
    34: {"test_forty_bad_inputs.py": "test_mistakes_wherever_they_are_made_are_told_once"},
    35: {
        RECOVERY: "test_two_apps_have_slots_of_their_own",
        COMMANDS: "test_a_second_window_asks_before_it_overwrites",
    },
    36: {SHELL: "test_damaged_settings_are_put_aside"},
    37: {
        "journeys/test_command_line.py": "test_without_a_display_one_line_names_the_remedy",
        RIGS: "test_the_app_trains_in_every_environment",
    },
    38: {RIGS: "test_the_app_trains_in_every_environment"},
    39: {
        "session/test_preparation.py": "test_a_damaged_cache_that_was_mended_trains",
        RIGS: "test_the_app_trains_in_every_environment",
    },
}
ELSEWHERE = {13, *range(17, 26), 40}
"""Pictures, CSV files and addresses: tested beside the code that reads or writes them."""


def test_every_row_is_somewhere():
    assert set(ROWS) | ELSEWHERE == set(range(1, 41))


@pytest.mark.parametrize(
    ("file", "name"), [pair for row in ROWS.values() for pair in row.items()], ids=str
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
