"""Bundles: a named tuple of many arrays that compiled code receives as a single address.

Passed as they are, the hundred arrays of a plan and its state become some seven hundred arguments of every
compiled function, which costs a minute of compiling.  A bundle hands over the address of one table with where
each array lies and how long it is.  In compiled code ``state.belief`` looks that up and is an ordinary array;
in plain Python nothing changes.

The arrays of a bundle must neither move nor change their shape while compiled code looks at them: the
compiler is told so, and looks each of them up once.
"""

# mypy: disable-error-code="no-untyped-call,untyped-decorator,override,unused-ignore"
# Numba's interface for new types has no types of its own.

from __future__ import annotations

from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, register_model, unbox
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

Layout = tuple[tuple[np.dtype[Any], int], ...]

_LAYOUTS: Final[dict[str, Layout]] = {}
"""Dtypes and dimensions of the arrays of each kind of bundle, fixed by the first one made."""


class BundleType(types.Type):
    """The type, in compiled code, of one kind of named tuple of arrays."""

    def __init__(self, kind: type) -> None:
        self.names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
        super().__init__(name=kind.__name__)

    def field(self, name: str) -> tuple[types.Array, int]:
        """Return the type of an array, and where in the table its address stands."""
        at = self.names.index(name)
        layout = _LAYOUTS[self.name]
        dtype, ndim = layout[at]
        return types.Array(from_dtype(dtype), ndim, "C"), sum(1 + before for _, before in layout[:at])


class Bundle:
    """A named tuple of arrays, ready to be passed to compiled code; it keeps the arrays alive.

    Parameters
    ----------
    arrays : NamedTuple of numpy.ndarray
        C-contiguous arrays; their dtypes and dimensions are the same in every bundle of a kind.

    Raises
    ------
    TypeError
        When an array is not what it is in other bundles of its kind: compiled code would misread it.
    """

    __slots__ = ("_numba_type_", "address", "arrays", "table")

    def __init__(self, arrays: Any) -> None:
        kind = type(arrays)
        layout: Layout = tuple((array.dtype, array.ndim) for array in arrays)
        expected = _LAYOUTS.setdefault(kind.__name__, layout)
        words: list[int] = []
        for name, array, (dtype, ndim) in zip(kind._fields, arrays, expected, strict=True):
            if array.dtype != dtype or array.ndim != ndim or not array.flags.c_contiguous:
                raise TypeError(
                    f"{kind.__name__}.{name} must be a C-contiguous array of {dtype} with {ndim} dimensions"
                )
            words += (array.ctypes.data, *array.shape)
        self.arrays = arrays
        self.table = np.array(words, dtype=np.int64)
        self.address = self.table.ctypes.data
        self._numba_type_ = BundleType(kind)


@register_model(BundleType)
class _BundleModel(models.OpaqueModel):  # type: ignore[misc]
    """A pointer to the bundle's table."""


@unbox(BundleType)
def _unbox_bundle(typ: BundleType, obj: Any, c: Any) -> Any:
    address = c.pyapi.object_getattr_string(obj, "address")
    pointer = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(pointer)


@infer_getattr
class _BundleFields(AttributeTemplate):  # type: ignore[misc]
    key = BundleType

    def generic_resolve(self, bundle: BundleType, attr: str) -> Any:
        return bundle.field(attr)[0] if attr in bundle.names else None


@lower_getattr_generic(BundleType)
def _look_up_array(context: Any, builder: Any, typ: BundleType, pointer: Any, attr: str) -> Any:
    """Return the array of a field: its address and shape from the table, its strides from its shape."""
    kind, at = typ.field(attr)
    word = ir.IntType(64)
    table = builder.bitcast(pointer, word.as_pointer())
    settled = builder.module.add_metadata([])

    def look_up(place: int) -> Any:
        load = builder.load(builder.gep(table, [ir.Constant(word, place)], inbounds=True))
        load.set_metadata("invariant.load", settled)
        return load

    shape = [look_up(at + 1 + axis) for axis in range(kind.ndim)]
    itemsize = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    strides = [ir.Constant(word, itemsize)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length, flags=["nsw"]))
    array = make_array(kind)(context, builder)
    data = builder.inttoptr(look_up(at), array.data.type)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=itemsize, meminfo=None)
    return array._getvalue()
