"""Limits of the file reader, each exactly at its edge."""

import json
from math import isnan

import pytest

from playground.core.experiment import Experiment
from playground.core.files import ExperimentFileError, decode_document, document, syntax
from playground.core.files.codec import LARGEST_INT, MAX_MESSAGE, MAX_TEXT, from_tree, wrong_at
from playground.core.files.document import Document, encode_document
from playground.core.files.syntax import parse_json, path_at, shown_text, spelled


def nested(depth):
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_lists_may_be_nested_24_deep():
    assert parse_json(nested(24)) is not None
    with pytest.raises(ExperimentFileError, match="nested too deep"):
        parse_json(nested(25))


@pytest.mark.parametrize(
    ("limit", "value", "fitting"),
    [
        ("MAX_OPENINGS", 3, b'{"a":[[]]}'),
        ("MAX_QUOTES", 4, b'{"a":"b"}'),
        ("MAX_COMMAS", 2, b'{"a":[1,2,3]}'),
        ("MAX_ESCAPES", 2, b'{"a":"\\n\\n"}'),
    ],
)
def test_a_limit_is_reached_but_not_passed(monkeypatch, limit, value, fitting):
    monkeypatch.setattr(syntax, limit, value)
    assert parse_json(fitting) is not None
    monkeypatch.setattr(syntax, limit, value - 1)
    with pytest.raises(ExperimentFileError, match="more lists, texts or numbers"):
        parse_json(fitting)


def test_the_limits_leave_room_for_the_largest_experiment():
    n_parameters, n_samples, n_columns = 100_000, 20_000, 17
    assert 5 * n_parameters + n_samples * (n_columns + 1) < syntax.MAX_COMMAS == 1_500_000
    assert n_samples < syntax.MAX_OPENINGS == 200_000


def test_a_file_of_32_mb_is_read_and_one_byte_more_is_not():
    fitting = b'{"a":1}'.ljust(syntax.MAX_BYTES)
    assert parse_json(fitting) == {"a": 1}
    with pytest.raises(ExperimentFileError, match="larger than 32 MB"):
        parse_json(fitting + b" ")


def test_a_file_is_saved_up_to_the_limit_that_opening_has(monkeypatch):
    size = len(encode_document(Document(Experiment())))
    monkeypatch.setattr(document, "MAX_BYTES", size)
    assert len(encode_document(Document(Experiment()))) == size
    monkeypatch.setattr(document, "MAX_BYTES", size - 1)
    with pytest.raises(ExperimentFileError, match="too large"):
        encode_document(Document(Experiment()))


def test_ten_steps_of_a_path_are_shown():
    assert spelled(("a", 1, *"bcdefghi")) == "a[1].b.c.d.e.f.g.h.i"
    assert spelled(("a", 1, *"bcdefghij")) == "a[1].b.c.d.e.f.g.h.i…"


def test_texts_are_cut_behind_their_last_character_that_fits():
    assert shown_text("x" * 40) == "x" * 40
    assert shown_text("x" * 41) == "x" * 39 + "…"
    assert str(wrong_at((), "y" * MAX_MESSAGE)) == "y" * 300 + "."
    assert str(wrong_at((), "y" * 301)) == "y" * 299 + "…."


def test_a_path_begins_with_its_own_bracket_or_colon():
    data = b'{"a":[1,{"b":2}]}'
    found = [path_at(data, k) for k in range(len(data))]
    assert found[0] == ()
    assert found[4] == ("a",)
    assert found[5] == found[6] == ("a", 0)
    assert found[7] == ("a", 1)
    assert found[12] == ("a", 1, "b")
    assert found[14] == ("a", 1)
    assert found[15] == ("a",)
    assert found[16] == ()


@pytest.mark.parametrize("number", [LARGEST_INT, -LARGEST_INT])
def test_whole_numbers_have_63_bits(number):
    assert LARGEST_INT == 9_223_372_036_854_775_807
    assert from_tree(int, number, (), []) == number
    assert from_tree(float, number, (), []) == float(number)
    for kind in (int, float):
        with pytest.raises(ExperimentFileError, match="beyond 64 bits"):
            from_tree(kind, number + (1 if number > 0 else -1), (), [])


def test_a_number_is_never_none_unless_its_field_says_so():
    for kind in (int, float):
        with pytest.raises(ExperimentFileError, match="number"):
            from_tree(kind, None, (), [])
    assert isnan(from_tree(float, None, (), [], non_finite=True))


def test_texts_have_at_most_ten_thousand_characters():
    assert from_tree(str, "x" * MAX_TEXT, (), []) == "x" * 10_000
    with pytest.raises(ExperimentFileError, match="at most 10000 characters"):
        from_tree(str, "x" * 10_001, (), [])


def test_damage_is_told_apart_from_other_refusals():
    def refused(data):
        with pytest.raises(ExperimentFileError) as caught:
            decode_document(data)
        return caught.value

    good = encode_document(Document(Experiment()))
    tree = json.loads(good)
    assert refused(good[:-5]).is_damaged
    assert refused(json.dumps(tree | {"experiment": 1}).encode()).is_damaged
    assert not refused(b"PNG").is_damaged
    assert not refused(json.dumps(tree | {"version": [9, 0]}).encode()).is_damaged


@pytest.mark.parametrize("version", [[1], [1, 0, 0], [1, True], [1, -1], [1, 10**6], None, {}])
def test_strange_versions_are_refused(version):
    tree = json.loads(encode_document(Document(Experiment()))) | {"version": version}
    with pytest.raises(ExperimentFileError, match="version: expected two numbers"):
        decode_document(json.dumps(tree).encode())


def test_the_newest_version_that_is_understood_is_kept():
    tree = json.loads(encode_document(Document(Experiment()))) | {"version": [1, 999_999]}
    read = decode_document(json.dumps(tree).encode())
    assert read.version == (1, 999_999)
    assert json.loads(encode_document(read))["version"] == [1, 999_999]
