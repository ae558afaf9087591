"""Bad experiment files: each is refused in words that say where and what, nothing is changed."""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from playground.core.experiment import DataSpec, Experiment, OwnData, presets
from playground.core.files import (
    ExperimentFileError,
    decode_document,
    decode_experiment,
    encode_experiment,
    load_experiment,
)
from playground.core.run import Run

GOOD = encode_experiment(Experiment())
HEAD = b'{"format":"tinyml-playground","version":[1,0],"experiment":'


def refusal(data):
    with pytest.raises(ExperimentFileError) as caught:
        decode_experiment(data)
    return str(caught.value)


def in_training(field, spelled):
    return HEAD + b'{"training":{"%s":%s}}}' % (field.encode(), spelled.encode())


def changed(*path, value, run=False):
    state = None
    if run:
        one = Run(Experiment())
        one.advance(30)
        state = one.state()
    tree = json.loads(encode_experiment(Experiment(), state))
    node = tree
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return json.dumps(tree).encode()


def test_an_empty_file():
    assert refusal(b"") == "The file is empty."


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02",
        b"\x89PNG\r\n\x1a\n",
        b"\x80\x04\x95\x10",
        b"x1,x2,y\n1,2,3\n",
        b"[1, 2]",
        b'{"hello": "world"}',
        GOOD.replace(b"tinyml-playground", b"something-else"),
    ],
)
def test_other_files_are_not_experiment_files(data):
    assert refusal(data) == "This is not an experiment file."


def named_everywhere():
    """An experiment whose texts are in many alphabets, in the middle of its run."""
    own = OwnData(
        np.array([[0.5, -1.0], [1.0, 2.0], [-2.0, 0.25], [0.0, 1.0]]),
        np.array([0.0, 1.0, 0.0, 1.0]),
        ("größe", "年齢"),
        "тип 🎈",
        ("“да”", "\u202enein"),
        title="čaj.csv",
    )
    experiment = Experiment(data=DataSpec(own=own, train_share=1.0))
    run = Run(experiment)
    run.advance(20)
    return encode_experiment(experiment, run.state())


def is_said(message, n):
    """Whether a message names byte `n` as the damaged one, and no byte that begins like it."""
    words = f"It is damaged at byte {n}"
    return message == f"{words}." or (message.startswith(f"{words}, in ") and message[-1] == ".")


def test_a_file_cut_anywhere_is_refused_and_the_byte_is_said():
    end = len(GOOD.rstrip())
    for n in range(1, end):
        message = refusal(GOOD[:n])
        assert is_said(message, n), (n, message)


def test_a_file_of_any_alphabet_and_with_a_run_is_refused_wherever_it_is_cut():
    good = named_everywhere()
    end = len(good.rstrip())
    inner = [k for k, byte in enumerate(good[:end]) if byte >= 0x80]
    assert len(inner) > 30
    assert json.loads(good)["run"]
    for n in sorted({*range(1, end, 41), *inner, *(k + 1 for k in inner), *range(end - 30, end)}):
        message = refusal(good[:n])
        assert is_said(message, n), (n, message)


def test_a_damaged_place_is_named():
    assert refusal(GOOD.replace(b'"seed": 0', b'"seed": 0x', 1)).endswith(
        "in experiment.data.seed."
    )


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e400"])
def test_numbers_that_are_not_finite_are_refused_with_their_path(number):
    message = refusal(in_training("learning_rate", number))
    assert message.startswith("experiment.training.learning_rate is ")
    assert "finite" in message or "too large" in message


def test_too_large_numbers_are_found_in_lists_and_under_keys():
    assert refusal(b'{"a":{"b":[1,{"c":[0,1e999]}]},"d":2}') == "a.b[1].c[1] is too large."
    assert refusal(b'{"a":[[1],[2,1e999,3],{"a":0}]}') == "a[1][1] is too large."
    assert refusal(b'{"a":1e999,"a":1}') == "A number in it is too large."


@pytest.mark.parametrize("number", ["1e999-0.5", "1e999.5", "1e999e1"])
def test_what_only_begins_with_too_large_a_number_is_refused(number):
    assert refusal(in_training("learning_rate", number)) == "A number in it is too large."


def test_deep_lists_behind_too_large_a_number_are_refused():
    assert refusal(b'{"a":1e999,"b":' + b"[" * 100_000) == "A number in it is too large."


def test_deep_nesting_is_refused():
    assert "nested too deep" in refusal(b'{"a":' + b"[" * 100_000)
    assert "nested too deep" in refusal(b'{"a":' + b"[" * 30 + b"]" * 30 + b"}")


@pytest.mark.parametrize("digits", [20, 300, 5000])
def test_enormous_whole_numbers_are_refused(digits):
    message = refusal(HEAD + b'{"seed":' + b"7" * digits + b"}}")
    assert message.startswith("experiment.seed")


def test_a_large_number_is_found_behind_texts_that_look_like_numbers():
    data = HEAD + b'{"1.2.3e999":1,"seed":' + b"7" * 250 + b"e99}}"
    assert refusal(data) == "experiment.seed is too large."


def test_long_paths_and_messages_are_cut():
    deep = refusal(HEAD + b'{"a":' + b"[" * 15 + b"x")
    assert deep.endswith("….")
    wordy = refusal(changed("experiment", "data", "kind", value="z" * 5000))
    assert len(wordy) < 400


def test_keys_that_come_twice_are_refused():
    data = HEAD + b'{"training":{"loss":"mse","batch_size":3,"loss":"mae"}}}'
    assert refusal(data) == "experiment.training.loss comes twice."
    layers = b'{"network":{"hidden":[{"size":1},{"size":2,"size":3}]}}}'
    assert refusal(HEAD + layers) == "experiment.network.hidden[1].size comes twice."
    assert refusal(b'{"format":"a:b","format":"c"}') == "format comes twice."
    assert "comes twice" in refusal(HEAD + b'{},"a\\u0062":1,"ab":2}')
    # What stands in an inner object is no twin of what comes after it.
    assert refusal(b'{"a":{"b":1},"b":[{"c":2}],"c":3,"a":4}') == "a comes twice."


@pytest.mark.parametrize(
    ("data", "byte"),
    [
        (b'{"a":"\xff"}', 6),
        (b'{"a":"\xed\xa0\x80"}', 6),
        (b'{"a":"\xc3"}', 6),
        (GOOD.decode().encode("utf-16"), 0),
        (GOOD.decode().encode("utf-16-le"), 1),
        (GOOD.decode().encode("utf-16-be"), 0),
        (GOOD.decode().encode("utf-32-be"), 0),
        (GOOD.decode().encode("utf-32"), 0),
        (b'{"a":"\\ud800"}', 6),
        (b'{"a":"b\\uDC00", "b": "a longer text"}', 7),
        (b'{"a":"\\ud83d\\ude00\\ud83d\\u0041", "b": "a longer text"}', 18),
        (b'{"a":"\\\\ud800\\ud800", "b": "a longer text"}', 13),
    ],
)
def test_other_encodings_are_refused_with_the_byte(data, byte):
    assert refusal(data) == f"It is not UTF-8 text at byte {byte}."


def test_a_byte_order_mark_is_refused_and_called_so():
    assert refusal(b"\xef\xbb\xbf" + GOOD) == (
        "It is not plain UTF-8 text: it starts with a byte order mark, at byte 0."
    )


@pytest.mark.parametrize(
    "text", [b"\\ud83", b"\\ud83d", b"\\ud83d\\", b"\\ud83d\\u", b"\\ud83d\\ude0"]
)
def test_half_a_character_at_the_end_is_a_file_that_was_cut(text):
    data = b'{"a":"' + text
    assert refusal(data) == f"It is damaged at byte {len(data)}, in a."


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("network", "hidden", 1, "size"), 0, "between 1 and 512, got 0"),
        (("network", "hidden", 1, "size"), -1, "between 1 and 512, got -1"),
        (("network", "hidden", 0, "size"), 10**9, "between 1 and 512, got 1000000000"),
        (("network", "hidden", 0, "size"), True, "expected a whole number, got true"),
        (("network", "hidden", 0, "size"), 4.0, "expected a whole number, got 4.0"),
        (("network", "hidden", 0, "size"), "4", "got the text “4”"),
        (("network", "hidden"), [{"size": 2}] * 16, "at most 15 hidden layers, got 16"),
        (("network", "hidden"), [{"size": 512}] * 3, "at most 100000 parameters"),
        (("network", "hidden"), {"size": 2}, "expected a list, got an object"),
        (("network", "hidden"), [{}], "hidden[0].size: this is missing"),
        (("network", "features"), [], "at least one input feature"),
        (("network", "features"), ["x1", "x1"], "once each"),
        (("network", "output_activation"), "tan", "expected one of tanh"),
        (("network", "output_activation"), ["tanh"], "got a list of 1"),
        (("training", "learning_rate"), None, "expected a number, got null"),
        (("training", "learning_rate"), False, "expected a number, got false"),
        (("training", "learning_rate"), "0.1", "expected a number, got the text “0.1”"),
        (("training", "learning_rate"), -1, "finite and positive, got -1.0"),
        (("training", "batch_size"), 10**18, "between 1 and"),
        (("seed",), -1, "between 0 and"),
        (("data",), None, "expected an object, got null"),
        (("training", "batch_size"), [], "expected a whole number, got a list of 0"),
        (("training", "loss"), {}, "got an object"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_path_expected_and_actual(path, value, message):
    told = refusal(changed("experiment", *path, value=value))
    assert message in told
    assert told.startswith("experiment")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("trainer", "parameters"), [0.5], "parameters must be 25 floats"),
        (("trainer", "parameters", 3), None, "parameters[3]: expected a number, got null"),
        (("trainer", "parameters", 3), "1", "parameters[3]: expected a number"),
        (("trainer", "parameters", 3), True, "parameters[3]: expected a number, got true"),
        (("trainer", "parameters"), {"shape": [-5, -5], "values": []}, "two sizes"),
        (("trainer", "parameters"), {"shape": [5, 6], "values": [1.0]}, "5 × 6 numbers"),
        (("trainer", "order", 0), 1.5, "order[0]: expected a whole number, got 1.5"),
        (("trainer", "order", 0), 2**70, "order[0]: expected a whole number"),
        (("trainer", "order", 0), 10**6, "order must name every sample once"),
        (("trainer", "seed"), 2**64, "expected a whole number"),
        (("trainer", "seed"), "abc", "expected a whole number"),
        (("trainer", "position"), 10**9, "position and done"),
        (("trainer", "optimizer"), "adam", "belongs to adam"),
        (("history", "size"), 0, "history must end at epoch"),
        (("history", "count"), 5, "history must end at epoch"),
        (("history", "rows"), {"shape": [0, 9], "values": []}, "columns"),
        (("shelf",), [["x1", [1.0]]], "switched off"),
        (("shelf",), [["x1"]], "expected a list of 2"),
        (("shelf",), [["sin_x1", []]], "shelf must hold finite numbers"),
        (("trainer", "parameters"), "1, 2", "expected a list of numbers"),
        (("trainer", "optimizer"), 5, "expected a text, got 5"),
        (("trainer", "optimizer"), "s" * 10_001, "at most 10000 characters"),
        (("divergence",), {"epoch": 1, "layer": 0}, "run.divergence.message: this is missing"),
        (("history", "rows", "shape"), [1, 2, 3], "expected two sizes"),
        (("history", "low"), 3.0, None),
    ],
)
def test_a_tampered_run_state_is_refused(path, value, message):
    data = changed("run", *path, value=value, run=True)
    if message is None:  # without an open bucket nobody looks at this
        assert decode_experiment(data)[1] is not None
        return
    told = refusal(data)
    assert message in told
    assert told.startswith("run")


def test_versions():
    assert refusal(changed("version", value="1.0")).startswith("version: expected two numbers")
    assert "newer app (file version 2.0" in refusal(changed("version", value=[2, 0]))
    assert "no version 0.9" in refusal(changed("version", value=[0, 9]))
    assert refusal(GOOD.replace(b'"version": [1,1],', b"")) == "version: this is missing."
    assert decode_document(changed("version", value=[1, 7])).version == (1, 7)


def test_a_large_file_of_another_shape_is_refused_before_it_is_read_into_lists():
    flood = HEAD + b'{},"a":[' + b"[]," * 300_000 + b"[]]}"
    assert "more lists, texts or numbers" in refusal(flood)
    assert "more lists, texts or numbers" in refusal(HEAD + b'{},"a":[' + b"1," * 3_100_000)


def told_of(path):
    with pytest.raises(ExperimentFileError) as caught:
        load_experiment(path)
    return str(caught.value)


def test_what_is_not_a_regular_file_is_refused_without_waiting(tmp_path):
    fifo, server = tmp_path / "fifo.tinyml", tmp_path / "socket"
    os.mkfifo(fifo)
    assert told_of(fifo) == "fifo.tinyml: It is not a regular file."
    assert told_of(tmp_path).endswith(": It is a folder.")
    assert told_of("/dev/zero") == "zero: It is not a regular file."
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(server))
        assert told_of(server) == "socket: It is not a regular file."
    assert told_of(tmp_path / "gone") == "gone: There is no such file."
    assert "NUL" in told_of(Path(f"{tmp_path}/a\0b"))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert told_of(loop).startswith("loop: It cannot be read")


def test_a_file_of_4_gb_is_refused_by_its_size(tmp_path):
    path = tmp_path / "large.tinyml"
    with path.open("wb") as file:
        file.truncate(4 * 2**30)
    assert told_of(path) == "large.tinyml: It is larger than 32 MB."


def test_a_name_is_shown_as_plain_text_without_its_invisible_characters(tmp_path):
    path = tmp_path / "a\n\u202e<b>.tinyml"
    path.write_bytes(b"")
    assert told_of(path) == "a��<b>.tinyml: The file is empty."


def test_weights_of_1e308_load_and_end_in_the_divergence_notice():
    plane = presets()["plane"]
    run = Run(plane)
    run.advance(30)
    tree = json.loads(encode_experiment(plane, run.state()))
    tree["run"]["trainer"]["parameters"] = [1e308] * plane.network.n_parameters
    again = Run(*decode_experiment(json.dumps(tree).encode()))
    again.advance(5)
    assert "diverged" in again.divergence.message


def test_every_byte_of_a_state_can_be_changed_without_harm():
    experiment = presets()["and-table"]
    run = Run(experiment)
    run.advance(20)
    good = encode_experiment(experiment, run.state())
    draw = np.random.default_rng(0)
    for _ in range(300):
        data = bytearray(good)
        data[draw.integers(len(data))] = draw.integers(256)
        with suppress(ExperimentFileError):
            Run(*decode_experiment(bytes(data))).advance(1)
