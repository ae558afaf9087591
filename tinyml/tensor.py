"""`Tensor`: a matrix of `Value`s, rows of equal length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinyml.value import Number, Value


class Tensor:
    """A 2-D matrix of Values; plain numbers become Values.

    Parameters
    ----------
    rows : rows of equal length; none makes an empty matrix that takes its width from `push_row`.

    Raises
    ------
    ValueError
        If the rows are not equally long.

    Examples
    --------
    >>> inputs = Tensor([[0, 0], [0, 1]])
    >>> inputs.push_row([1, 0])
    >>> inputs.shape
    (3, 2)
    >>> [value.data for value in inputs.row(1)]
    [0.0, 1.0]
    """

    def __init__(self, rows: Sequence[Sequence[Value | Number]] = ()) -> None:
        self._rows: list[list[Value]] = []
        for row in rows:
            self.push_row(row)

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[Value | Number]]) -> Tensor:
        """Return the matrix of these rows."""
        return cls(rows)

    @classmethod
    def from_vector(cls, values: Sequence[Value | Number]) -> Tensor:
        """Return a matrix of one row."""
        return cls([values])

    def __repr__(self) -> str:
        rows = ", ".join(f"[{', '.join(f'{v.data:.6g}' for v in row)}]" for row in self._rows)
        return f"Tensor([{rows}])"

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[list[Value]]:
        return iter([list(row) for row in self._rows])

    def __getitem__(self, index: int) -> list[Value]:
        return self.row(index)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self._rows), len(self._rows[0]) if self._rows else 0

    def row(self, index: int) -> list[Value]:
        """Return one row's Values (themselves, not copies); IndexError if there is no such row."""
        return list(self._rows[index])

    def push_row(self, row: Sequence[Value | Number]) -> None:
        """Append a row; ValueError unless it is as long as the others."""
        if self._rows and len(row) != self.shape[1]:
            raise ValueError(f"a row must have {self.shape[1]} numbers, got {len(row)}")
        self._rows.append([x if isinstance(x, Value) else Value(x) for x in row])

    def zero_gradients(self) -> None:
        """Set every Value's gradient to 0."""
        for row in self._rows:
            for value in row:
                value.grad = 0.0
