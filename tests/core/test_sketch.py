"""What the drawing tools do to points."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core import sketch as edits
from playground.core.data import make_data
from playground.core.experiment import DatasetKind, DataSpec, Problem


def three() -> edits.Sketch:
    """Points at −1, 0 and 1 on the first axis, of classes 0, 1, 0."""
    return edits.Sketch(np.array([[-1.0, 0], [0, 0], [1, 0]]), np.array([0, 1, 0]))


def test_a_point_is_put_where_it_was_clicked_and_kept_on_the_map():
    after = edits.put(edits.blank(), 2.0, 9.0, 1)
    assert after.places.tolist() == [[2.0, 6.0]]
    assert after.classes.tolist() == [1]


def test_the_brush_sprays_inside_its_circle_and_no_two_sprays_are_alike():
    once = edits.brushed(edits.blank(), 1.0, 1.0, 2, 0.5)
    twice = edits.brushed(once, 1.0, 1.0, 2, 0.5)
    assert len(twice) == 2 * edits.SPRAY
    assert (np.hypot(*(twice.places - 1.0).T) <= 0.5).all()
    assert len(np.unique(twice.places, axis=0)) == len(twice)


def test_there_are_never_more_points_than_the_limit():
    full = edits.Sketch(np.zeros((edits.MAX_POINTS - 1, 2)), np.zeros(edits.MAX_POINTS - 1, int))
    assert len(edits.brushed(full, 0, 0, 0, 1.0)) == edits.MAX_POINTS


def test_finding_erasing_and_moving():
    points = three()
    assert edits.within(points, 0.1, 0, 0.5).tolist() == [1]
    assert edits.nearest(points, 0.9, 0, 0.5).tolist() == [2]
    assert edits.nearest(points, 3.0, 0, 0.5).tolist() == []
    assert edits.inside(points, 0.5, 1, -2, -1).tolist() == [0, 1]
    assert edits.erased(points, np.array([1])).classes.tolist() == [0, 0]
    shifted = edits.moved(points, np.array([0, 2]), 1.0, 7.0)
    assert shifted.places.tolist() == [[0, 6], [0, 0], [2, 6]]
    assert points.places[0].tolist() == [-1, 0], "a sketch is a value"


def test_the_magnet_pulls_and_pushes_and_jitter_scatters_each_its_own_way():
    points = three()
    pulled = edits.drawn_to(points, np.array([2]), 0.0, 0.0, 0.5)
    assert pulled.places[2].tolist() == [0.5, 0.0]
    assert edits.drawn_to(points, np.array([2]), 0.0, 0.0, -0.5).places[2].tolist() == [1.5, 0.0]
    scattered = edits.jittered(points, np.arange(3), 0.1, 1.0, turn=1)
    moves = scattered.places - points.places
    assert (np.abs(moves) <= 0.1).all()
    assert len(np.unique(moves.round(9), axis=0)) == 3
    again = edits.jittered(points, np.arange(3), 0.1, 1.0, turn=2)
    assert not np.array_equal(again.places, scattered.places)


@pytest.mark.parametrize(
    ("highest", "names"), [(0, 2), (1, 2), (2, 3), (3, 4), (4, 5)], ids=lambda v: str(v)
)
def test_as_many_classes_as_were_drawn_but_at_least_two(highest, names):
    own = edits.own_data(edits.put(edits.blank(), 0, 0, highest))
    assert len(own.class_names) == names


@pytest.mark.parametrize("kind", DatasetKind)
def test_drawing_goes_on_from_the_points_that_are_there(kind):
    spec = DataSpec(kind)
    data = make_data(spec)
    sketch = edits.sketch_of(data, kind.problem)
    if kind.is_table or (kind.problem is Problem.REGRESSION and not kind.is_curve):
        assert len(sketch) == 0
        return
    assert sketch.is_curve is kind.is_curve
    own = edits.own_data(sketch)
    back = make_data(DataSpec(kind, own=own, train_share=1.0))
    assert np.array_equal(back.x, data.x)
    assert np.array_equal(back.y, data.y)
