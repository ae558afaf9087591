"""The matrix of Values."""

import pytest

from tinyml import Tensor, Value


def test_rows_and_vectors_become_matrices_of_values():
    matrix = Tensor.from_rows([[1, 2, 3], [4, 5, 6]])
    assert matrix.shape == (2, 3)
    assert [v.data for v in matrix.row(1)] == [4.0, 5.0, 6.0]
    assert Tensor.from_vector([1, 2]).shape == (1, 2)
    assert Tensor().shape == (0, 0)
    assert repr(matrix) == "Tensor([[1, 2, 3], [4, 5, 6]])"


def test_values_stay_the_same_objects():
    v = Value(1.0)
    matrix = Tensor([[v, 2.0]])
    assert matrix.row(0)[0] is v
    assert matrix[0][0] is v
    assert next(iter(matrix))[0] is v


def test_a_pushed_row_must_fit():
    matrix = Tensor([[1, 2]])
    matrix.push_row([3, 4])
    assert len(matrix) == 2
    with pytest.raises(ValueError, match="must have 2 numbers, got 3"):
        matrix.push_row([1, 2, 3])
    assert matrix.shape == (2, 2)


def test_gradients_are_zeroed_all_at_once():
    matrix = Tensor([[1, 2], [3, 4]])
    for row in matrix:
        (row[0] * row[1]).backward()
    assert matrix.row(1)[0].grad == 4.0
    matrix.zero_gradients()
    assert {v.grad for row in matrix for v in row} == {0.0}


def test_a_row_that_does_not_exist_is_an_index_error():
    with pytest.raises(IndexError):
        Tensor([[1]]).row(1)
