"""Register tiles of a dense layer: products of rows held in vectors of eight samples.

A tile keeps some sums for several rows in registers while it walks through the numbers that go
into them, so that each number loaded is used more than once. It is written as LLVM instructions
because that fixes what is in a register and needs no type inference. Vectors change no bit: each
lane makes the fused multiply-adds that `tinyml._reference` makes, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]  # llvmlite publishes no types
from numba import extending, types
from numba.core import cgutils as _cgutils

_intrinsic: Any = extending.intrinsic
cgutils: Any = _cgutils  # numba publishes no types for it
_DOUBLE, _INTEGER, _INT32 = ir.DoubleType(), ir.IntType(64), ir.IntType(32)
LANES = 8
_VECTOR = ir.VectorType(_DOUBLE, LANES)


def _groups(values: Sequence[Any], n: int) -> list[Sequence[Any]]:
    return [values[start : start + n] for start in range(0, len(values), n)]


class _Emitter:
    """Writes the instructions of one tile; `arrays` are pointers to the arrays' first numbers."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Sequence[Any]):
        self.builder = builder
        self.values = [
            context.make_array(kind)(context, builder, value).data
            if isinstance(kind, types.Array)
            else value
            for kind, value in zip(signature.args, arguments, strict=True)
        ]

    def integer(self, value: int) -> Any:
        return ir.Constant(_INTEGER, value)

    def number(self, array: Any, index: Any) -> Any:
        return self.builder.load(self.builder.gep(array, [index], inbounds=True))

    def vector(self, array: Any, index: Any, n: int = LANES) -> Any:
        return self.builder.load(self._place(array, index, n), align=8)

    def store(self, value: Any, array: Any, index: Any, n: int = LANES) -> None:
        self.builder.store(value, self._place(array, index, n), align=8)

    def _place(self, array: Any, index: Any, n: int) -> Any:
        kind = ir.VectorType(_DOUBLE, n).as_pointer()
        return self.builder.bitcast(self.builder.gep(array, [index], inbounds=True), kind)

    def spread(self, number: Any) -> Any:
        """Return a vector of one number eight times."""
        undefined = ir.Constant(_VECTOR, ir.Undefined)
        one = self.builder.insert_element(undefined, number, ir.Constant(_INT32, 0))
        return self._shuffle(one, undefined, [0] * LANES)

    def _shuffle(self, a: Any, b: Any, lanes: Sequence[int]) -> Any:
        mask = ir.Constant(ir.VectorType(_INT32, len(lanes)), list(lanes))
        return self.builder.shuffle_vector(a, b, mask)

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        name = "llvm.fma.v8f64"
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        known = self.builder.module.globals.get(name)
        function = known or ir.Function(self.builder.module, kind, name)
        return self.builder.call(function, [a, b, c])

    def sums(
        self, start: Sequence[Any], count: Any, step: Callable[[Any, list[Any]], list[Any]]
    ) -> list[Any]:
        """Return what `start` became after `count` calls of `step`."""
        places = []
        for value in start:
            places.append(cgutils.alloca_once(self.builder, _VECTOR))
            self.builder.store(value, places[-1])
        with cgutils.for_range(self.builder, count) as loop:
            before = [self.builder.load(place) for place in places]
            for value, place in zip(step(loop.index, before), places, strict=True):
                self.builder.store(value, place)
        return [self.builder.load(place) for place in places]

    def lane_sums(self, vectors: Sequence[Any]) -> list[Any]:
        """Return, in vectors, the sum of each vector's lanes: ((0+4)+(2+6)) + ((1+5)+(3+7))."""
        results = []
        for group in _groups(vectors, LANES):
            parts = [*group, *[group[-1]] * (LANES - len(group))]
            for low in ([0, 1, 2, 3], [0, 1, 4, 5], [0, 2, 4, 6]):
                high = [k for k in range(LANES) if k not in low]
                halves = [[*half, *(k + LANES for k in half)] for half in (low, high)]
                parts = [
                    self.builder.fadd(*(self._shuffle(a, b, half) for half in halves))
                    for a, b in _groups(parts, 2)
                ]
            results.extend(parts)
        return results

    def part(self, vector: Any, start: int, n: int) -> Any:
        """Return lanes start…start+n."""
        return self._shuffle(vector, vector, range(start, start + n))


def _define(emit: Callable[[_Emitter], None]) -> Any:
    def define(typing_context: Any, *kinds: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            emit(_Emitter(context, builder, signature, arguments))
            return context.get_dummy_value()

        return types.void(*kinds), generate

    return define


def forward_tile(n_rows: int, n_vectors: int) -> Any:
    """Return the compiled function (data, rows, parameters, out, stride, column, at, n).

    Rows of `data` from index `out` on become bias + Σ wᵢ·xᵢ; weights begin at parameters[at], each
    row's n and then its bias; xᵢ is row rows[i]. Columns are 8·n_vectors from `column` on.
    """

    def emit(e: _Emitter) -> None:
        b = e.builder
        data, rows, parameters, out, stride, column, at, n = e.values
        starts = [b.add(at, b.mul(e.integer(r), b.add(n, e.integer(1)))) for r in range(n_rows)]
        biases = [e.spread(e.number(parameters, b.add(start, n))) for start in starts]

        def step(i: Any, sums: list[Any]) -> list[Any]:
            x = b.add(b.mul(e.number(rows, i), stride), column)
            xs = [e.vector(data, b.add(x, e.integer(LANES * c))) for c in range(n_vectors)]
            ws = [e.spread(e.number(parameters, b.add(start, i))) for start in starts]
            pairs = [(w, v) for w in ws for v in xs]
            return [e.fma(w, v, s) for (w, v), s in zip(pairs, sums, strict=True)]

        sums = e.sums([bias for bias in biases for _ in range(n_vectors)], n, step)
        for r, row in enumerate(_groups(sums, n_vectors)):
            y = b.add(b.add(out, b.mul(e.integer(r), stride)), column)
            for c, value in enumerate(row):
                e.store(value, data, b.add(y, e.integer(LANES * c)))

    def define(typing_context, data, rows, parameters, out, stride, column, at, n):  # type: ignore[no-untyped-def]  # numba reads the names
        return _define(emit)(typing_context, data, rows, parameters, out, stride, column, at, n)

    return _intrinsic(define)


def input_gradient_tile(n_rows: int, n_vectors: int) -> Any:
    """Return the compiled function (grad, parameters, target, source, stride, column, at, n, n_in).

    To rows of `grad` from index `target` on, Σ w·dz is added over the `n` rows from `source` on;
    the weight of the first row in the first sum is parameters[at], that of the next rows beside
    it, and that of the next terms n_in + 1 further on.
    """

    def emit(e: _Emitter) -> None:
        b = e.builder
        grad, parameters, target, source, stride, column, at, n, n_in = e.values
        places = []
        for r in range(n_rows):
            start = b.add(b.add(target, b.mul(e.integer(r), stride)), column)
            places += [b.add(start, e.integer(LANES * c)) for c in range(n_vectors)]
        width = b.add(n_in, e.integer(1))

        def step(o: Any, sums: list[Any]) -> list[Any]:
            z = b.add(b.add(source, b.mul(o, stride)), column)
            zs = [e.vector(grad, b.add(z, e.integer(LANES * c))) for c in range(n_vectors)]
            w = b.add(at, b.mul(o, width))
            ws = [e.spread(e.number(parameters, b.add(w, e.integer(r)))) for r in range(n_rows)]
            pairs = [(w, v) for w in ws for v in zs]
            return [e.fma(w, v, s) for (w, v), s in zip(pairs, sums, strict=True)]

        sums = e.sums([e.vector(grad, place) for place in places], n, step)
        for value, place in zip(sums, places, strict=True):
            e.store(value, grad, place)

    def define(typing_context, grad, parameters, target, source, stride, column, at, n, n_in):  # type: ignore[no-untyped-def]  # numba reads the names
        kinds = (grad, parameters, target, source, stride, column, at, n, n_in)
        return _define(emit)(typing_context, *kinds)

    return _intrinsic(define)


def weight_gradient_tile(n_out: int, n_in: int) -> Any:
    """Return the compiled function (data, grad, rows, gradient, source, stride, first, at, n).

    To gradient[at + o·(n + 1) + i], the sum over all columns of dz·x is added, of n_out rows dz
    from index `source` on and the n_in rows rows[first + i]: in eight lanes, then over the lanes.
    """

    def emit(e: _Emitter) -> None:
        b = e.builder
        data, grad, rows, gradient, source, stride, first, at, n = e.values
        zs = [b.add(source, b.mul(e.integer(o), stride)) for o in range(n_out)]
        inputs = [e.number(rows, b.add(first, e.integer(i))) for i in range(n_in)]
        xs = [b.mul(row, stride) for row in inputs]

        def step(k: Any, sums: list[Any]) -> list[Any]:
            column = b.mul(k, e.integer(LANES))
            dz = [e.vector(grad, b.add(z, column)) for z in zs]
            x = [e.vector(data, b.add(start, column)) for start in xs]
            pairs = [(z, v) for z in dz for v in x]
            return [e.fma(z, v, s) for (z, v), s in zip(pairs, sums, strict=True)]

        zero = ir.Constant(_VECTOR, [0.0] * LANES)
        count = b.sdiv(stride, e.integer(LANES))
        sums = e.lane_sums(e.sums([zero] * (n_out * n_in), count, step))
        width = b.add(n, e.integer(1))
        for o in range(n_out):
            place = b.add(at, b.mul(e.integer(o), width))
            vector, start = sums[o * n_in // LANES], o * n_in % LANES
            if n_in == 1:
                part = b.extract_element(vector, ir.Constant(_INT32, start))
                pointer = b.gep(gradient, [place], inbounds=True)
                b.store(b.fadd(b.load(pointer), part), pointer)
            else:
                part = e.part(vector, start, n_in)
                e.store(b.fadd(e.vector(gradient, place, n_in), part), gradient, place, n_in)

    def define(typing_context, data, grad, rows, gradient, source, stride, first, at, n):  # type: ignore[no-untyped-def]  # numba reads the names
        kinds = (data, grad, rows, gradient, source, stride, first, at, n)
        return _define(emit)(typing_context, *kinds)

    return _intrinsic(define)
