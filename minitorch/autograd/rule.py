"""@op: turns a rule on arrays into a function on Tensors.

A *rule* is a plain function on NumPy arrays that returns its result and its derivative:

    @op
    def exp(input: Array):
        "out = eˣ,   ∂input = g · out"
        out = np.exp(input)
        return out, lambda g: g * out

``exp(t)`` then takes Tensors: the wrapper unpacks their arrays, brings them to one dtype where
the rule asks for it, calls the rule, wraps the result and, when a gradient is wanted, records
a Node with the vjp ("vector-Jacobian product") g ↦ gᵀ·∂out/∂input. ``exp.rule`` is the bare
rule: ``exp.rule(np.ones(3))``.

What the annotations of a rule's parameters say:
    Array          a Tensor (None only where the default is None)
    Operand        a Tensor or a Python number
    Arrays         a list or tuple of Tensors
A rule that has the keyword ``need`` is told which of its tensor inputs want a gradient, one
bool each, so that it computes and remembers only those. A vjp returns one gradient for each
tensor parameter in order (None: no gradient), in the *broadcast* shape; the engine sums it to
the input's shape and casts it to the input's dtype. A rule never changes its inputs or g.
"""

from __future__ import annotations

import inspect
import traceback
import warnings
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

import numpy as np

from .. import dtypes, errors
from . import graph
from .grad_mode import switch
from .graph import Node, TensorBase, edge_to, memory, needs_grad, wrap

Array = Any
Operand = Any
Arrays = Any
F = TypeVar("F", bound=Callable[..., Any])
_NUMBERS = (int, float, np.generic)
_ALIASES = {"axis": "dim", "keepdims": "keepdim", "x": "input", "x2": "other"}  # as PyTorch takes


def op(
    rule: Any = None,
    *,
    promote: str | None = None,
    view: bool = False,
    name: str | Callable[..., str] | None = None,
    returns: Any = None,
) -> Any:
    """Make a Tensor function of a rule.

    Args:
        promote  "common": bring tensor operands to their common dtype first; "float": and
                 integers to the default float dtype; None (default): leave them as they are
        view     the result shares the input's memory where NumPy's does (default False)
        name     the node's name (default: the rule's in CamelCase and "Backward0", which is also
                 added to a name without "Backward"), or a function of the rule's arguments
        returns  the named tuple class of a rule with several results
    """
    if rule is None:
        return partial(op, promote=promote, view=view, name=name, returns=returns)
    spec = Spec(rule, promote, view, name, returns)
    slots, required, prepare, quiet = spec.slots, spec.required, spec.prepare, spec.quiet

    @wraps(rule)
    def call(*args: Any, **kwargs: Any) -> Any:
        out = None
        if kwargs or len(args) < required:
            args, kwargs, out = spec.bind(args, kwargs)
        data = list(args)
        needs = False
        for i in slots:
            if i >= len(data):
                break
            a = data[i]
            if isinstance(a, TensorBase):
                data[i] = a._data
                if a._needs or (a._base is not None and a._base._needs):
                    needs = True
            else:
                data[i] = spec.other_kind(i, a)
        inputs = args
        if spec.sequence is not None:
            inputs, needs = spec.flatten(args, data, needs)
        if prepare is not None:
            prepare(data, slots)
        if needs and not switch.enabled:
            needs = False
        if spec.wants_need:
            kwargs["need"] = spec.need(inputs) if needs else _NONE_NEEDED
        try:
            result, vjp = quiet(*data, **kwargs)
        except ValueError as error:
            raise spec.translated(error, data) from None
        if out is not None:
            return spec.write_out(out, result, needs)
        if type(result) is tuple:
            return spec.wrap_many(result, vjp, inputs, data, kwargs, needs)
        if type(result) is not np.ndarray:  # NumPy turns 0-d results into scalars
            if type(result) is np.float64 and spec.numbers and only_numbers(data, slots):
                result = np.asarray(result, dtypes.default_float())
            else:
                result = np.asarray(result)
        t = wrap(result)
        if view:
            share_storage(t, args[slots[0]])
        if needs and vjp is not None and result.dtype.kind == "f":
            t._node = record(spec, vjp, inputs, data, kwargs, ((t, result),))
            t._needs = True
        return t

    call.rule = rule  # type: ignore[attr-defined]
    call.spec = spec  # type: ignore[attr-defined]
    if spec.wants_need:  # the caller is not asked for it, so help() doesn't show it
        signature = inspect.signature(rule)
        shown = [p for p in signature.parameters.values() if p.name != "need"]
        call.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    return call


class _NoneNeeded(tuple):
    """`need` when nothing is recorded: False for every input."""

    def __getitem__(self, i: Any) -> Any:
        return False


_NONE_NEEDED = _NoneNeeded()
_MISSING: Any = object()  # a parameter without default


class Spec:
    """What the wrapper knows of a rule, read once from its signature."""

    def __init__(self, rule: Any, promote: Any, view: bool, name: Any, returns: Any) -> None:
        # from the code object: inspect.signature would cost 60 µs for each of 300 rules
        code = rule.__code__
        count = code.co_argcount
        self.names = code.co_varnames[:count]
        keywords = code.co_varnames[count : count + code.co_kwonlyargcount]
        given = rule.__defaults__ or ()
        self.required = count - len(given)
        self.defaults = dict.fromkeys((*self.names, *keywords), _MISSING)
        self.defaults.update(zip(self.names[self.required :], given))
        self.wants_need = self.defaults.pop("need", None) is not None
        self.rule, self.title, self.view, self.returns = rule, rule.__name__, view, returns
        self.quiet = rule if view else quietly(rule)  # inf and nan are results, not mistakes
        kinds = [rule.__annotations__.get(name, "").split(" ")[0] for name in self.names]
        self.slots = tuple(i for i, k in enumerate(kinds) if k in ("Array", "Operand"))
        # the tensors come first in most signatures: then no argument has to be picked out
        leading = self.slots == tuple(range(len(self.slots)))
        self.leading = len(self.slots) if leading else 0
        self.numbers = {i for i, k in enumerate(kinds) if k == "Operand"}
        self.sequence = kinds.index("Arrays") if "Arrays" in kinds else None
        self.last_slot = max((*self.slots, -1 if self.sequence is None else self.sequence))
        self.prepare = {None: None, "common": to_common, "float": to_float}[promote]
        self.name = name if callable(name) else _node_name(name or _camel(rule.__name__))

    def bind(self, args: Any, kwargs: Any) -> Any:
        """Put tensor arguments given by keyword in their places; take out ``out=``."""
        out = kwargs.pop("out", None) if "out" not in self.defaults else None
        for alias, name in _ALIASES.items():
            if alias in kwargs and alias not in self.defaults and name in self.defaults:
                kwargs[name] = kwargs.pop(alias)
        args = list(args)
        last = max((i for i, n in enumerate(self.names) if n in kwargs), default=-1)
        missing = []
        while len(args) <= min(last, self.last_slot) or len(args) < self.required:
            name = self.names[len(args)]
            value = kwargs.pop(name, self.defaults[name])
            if value is _MISSING:
                missing.append(name)
            args.append(value)
        if missing:
            raise TypeError(
                f"{self.title}() missing {len(missing)} required positional arguments: "
                + ", ".join(f'"{n}"' for n in missing)
            )
        return args, kwargs, out

    def other_kind(self, i: int, a: Any) -> Any:
        """A value in a tensor's place that is no Tensor: a number, None, or a mistake."""
        if i in self.numbers and isinstance(a, _NUMBERS):
            return a.item() if isinstance(a, np.generic) else a
        if a is None and self.defaults[self.names[i]] is None:
            return None
        if i in self.numbers and isinstance(a, complex):
            raise RuntimeError(
                f"value cannot be converted to a real type without overflow: {self.names[i]}={a}, "
                "and complex numbers are not supported"
            )
        raise errors.not_a_tensor(self.title, self.names[i], i + 1, a)

    def flatten(self, args: Any, data: list[Any], needs: bool) -> Any:
        """Unpack a sequence of tensors; gradients then come one for each of its elements."""
        at: int = self.sequence  # type: ignore[assignment]
        given = args[at]
        if not isinstance(given, (tuple, list)):
            raise errors.wrong_type(self.title, self.names[at], at + 1, "tuple of Tensors", given)
        for i, t in enumerate(given):
            if not isinstance(t, TensorBase):
                raise TypeError(
                    f"expected Tensor as element {i} in argument {at}, but got {type(t).__name__}"
                )
        data[at] = [t._data for t in given]
        before = [args[i] for i in self.slots if i < at]
        after = [args[i] for i in self.slots if at < i < len(args)]
        return [*before, *given, *after], needs or any(needs_grad(t) for t in given)

    def need(self, inputs: Any) -> tuple[bool, ...]:
        """One bool per tensor input: does a gradient flow to it?"""
        if self.sequence is None:
            inputs = [inputs[i] for i in self.slots if i < len(inputs)]
        wanted = [isinstance(t, TensorBase) and (t._needs or needs_grad(t)) for t in inputs]
        return (*wanted, *(False for _ in range(len(self.slots) - len(wanted))))

    def translated(self, error: ValueError, data: list[Any]) -> Exception:
        """NumPy's ValueError for shapes that do not broadcast, in PyTorch's words."""
        shapes = [np.shape(data[i]) for i in self.slots if i < len(data) and data[i] is not None]
        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            if self.prepare is not None and len(shapes) > 1:
                for i in range(1, len(shapes)):
                    try:
                        np.broadcast_shapes(*shapes[: i + 1])
                    except ValueError:
                        return errors.broadcast(np.broadcast_shapes(*shapes[:i]), shapes[i])
        return error

    def wrap_many(
        self, result: Any, vjp: Any, inputs: Any, data: Any, kwargs: Any, needs: bool
    ) -> Any:
        """Several results: one node with as many outputs; integer ones take no gradient."""
        made = [(wrap(np.asarray(a)), a) for a in result]
        if self.view:
            for t, _ in made:
                share_storage(t, inputs[0])
        if needs and vjp is not None:
            node = record(self, vjp, inputs, data, kwargs, made)
            node.n_outputs = len(made)
            for nr, (t, _) in enumerate(made):
                if t._data.dtype.kind == "f":
                    t._node, t._nr, t._needs = node, nr, True
        outputs = tuple(t for t, _ in made)
        return self.returns(*outputs) if self.returns is not None else outputs

    def write_out(self, out: Any, result: Any, needs: bool) -> Any:
        """Store the result in the tensor(s) given as ``out=`` and return them."""
        if type(result) is tuple:
            if not isinstance(out, (tuple, list)) or len(out) != len(result):
                wanted = f"tuple of {len(result)} Tensors"
                raise errors.wrong_type(self.title, "out", 0, wanted, out)
            for o, r in zip(out, result):  # several results are not cast to what is there
                if isinstance(o, TensorBase) and o._data.dtype != np.asarray(r).dtype:
                    have = dtypes.from_numpy(o._data.dtype)
                    raise errors.out_dtype(dtypes.from_numpy(np.asarray(r).dtype), have)
            written = [self.write_out(o, r, needs) for o, r in zip(out, result)]
            return self.returns(*written) if self.returns is not None else tuple(written)
        result = np.asarray(result)
        if not isinstance(out, TensorBase):
            raise TypeError(
                f"{self.title}(): argument 'out' must be Tensor, not {type(out).__name__}"
            )
        if needs or (switch.enabled and needs_grad(out)):
            raise RuntimeError(
                f"{self.title}(): functions with out=... arguments don't support automatic "
                "differentiation, but one of the arguments requires grad."
            )
        if self.sequence is None:
            check_cast(result.dtype, out._data.dtype)
        elif dtypes.kind(result.dtype) > dtypes.kind(out._data.dtype):
            raise errors.cannot_join(dtypes.from_numpy(out._data.dtype))
        if out._data.shape != result.shape:
            if out._data.size:
                warnings.warn(
                    "An output with one or more elements was resized since it had shape "
                    f"{errors.shape_text(out._data.shape)}, which does not match the required "
                    f"output shape {errors.shape_text(result.shape)}. This behavior is "
                    "deprecated, and in a future PyTorch release outputs will not be resized "
                    "unless they have zero elements. You can explicitly reuse an out tensor t by "
                    "resizing it, inplace, to zero elements with t.resize_(0).",
                    stacklevel=3,
                )
            out._data = np.empty(result.shape, out._data.dtype)
        if repeats(out._data):
            raise errors.written_twice()
        np.copyto(out._data, result, casting="unsafe")
        out._changes[0] += 1
        return out


try:  # NumPy 2 keeps its error state in a context variable
    from numpy._core.umath import _extobj_contextvar, _make_extobj

    _IGNORE = _make_extobj(all="ignore")

    def quietly(rule: F) -> F:
        """The rule without NumPy's warnings about inf and nan.

        np.errstate does the same in 1.5 µs a call; setting its context variable takes 0.2.
        """
        enter, leave = _extobj_contextvar.set, _extobj_contextvar.reset

        def call(*args: Any, **kwargs: Any) -> Any:
            before = enter(_IGNORE)
            try:
                return rule(*args, **kwargs)
            finally:
                leave(before)

        return call  # type: ignore[return-value]

except ImportError:  # a NumPy that keeps it elsewhere

    def quietly(rule: F) -> F:
        """The rule without NumPy's warnings about inf and nan."""
        return np.errstate(all="ignore")(rule)


def _node_name(name: str) -> str:
    return name if "Backward" in name else name + "Backward0"


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


# -- dtypes on the way in -------------------------------------------------------------------------


def to_common(data: list[Any], slots: tuple[int, ...], float_wanted: bool = False) -> None:
    """Bring the arrays in `slots` to the dtype in which they meet; numbers stay Python's."""
    wanted = getattr(data[slots[0]], "dtype", None)
    # the common case, decided fast: floats of one dtype, and numbers; two numbers come through
    # here as well, because NumPy says that None == float64
    if wanted in _FLOATS:
        for i in slots:
            if i < len(data) and getattr(data[i], "dtype", wanted) is not wanted:
                break
        else:
            return
    operands = [data[i] for i in slots if i < len(data) and data[i] is not None]
    wanted = dtypes.result_dtype(operands)
    if float_wanted and wanted.kind != "f":
        wanted = dtypes.default_float()
    for i in slots:
        if i >= len(data) or data[i] is None:
            continue
        a = data[i]
        if isinstance(a, np.ndarray):
            if a.dtype != wanted:
                data[i] = a.astype(wanted)
        elif wanted.kind == "f":
            data[i] = float(a)
        elif wanted.kind != "b":  # integers wrap round as they do in the tensor
            data[i] = np.array(int(a) & _MASK, np.uint64).astype(np.int64).astype(wanted)
        elif not isinstance(a, bool):
            data[i] = bool(a)


def to_float(data: list[Any], slots: tuple[int, ...]) -> None:
    """As `to_common`, and integers and bools become the default float dtype."""
    to_common(data, slots, True)


def only_numbers(data: list[Any], slots: tuple[int, ...]) -> bool:
    """Whether no operand is an array: ``add(1.0, 2.0)``."""
    return not any(isinstance(data[i], np.ndarray) for i in slots if i < len(data))


_MASK = (1 << 64) - 1
_FLOATS = (dtypes.FLOAT32, dtypes.FLOAT64, dtypes.FLOAT16)


def check_cast(result: Any, wanted: Any) -> None:
    """A result may be stored in a tensor of the same or a higher kind (bool < int < float)."""
    if dtypes.kind(result) > dtypes.kind(wanted):
        raise errors.cannot_cast(dtypes.from_numpy(result), dtypes.from_numpy(wanted))


# -- recording ------------------------------------------------------------------------------------


def record(spec: Any, vjp: Any, inputs: Any, data: Any, kwargs: Any, outputs: Any) -> Node:
    """The Node of one call: edges to its tensor inputs, and what must not change meanwhile."""
    if spec.sequence is None and len(inputs) > spec.leading:
        inputs = [inputs[i] for i in spec.slots if i < len(inputs)]
    edges = tuple([edge_to(t) if isinstance(t, TensorBase) else None for t in inputs])
    name = spec.name
    if type(name) is not str:
        name = name(*data, **{k: v for k, v in kwargs.items() if k != "need"})
    node = Node(name, vjp, edges)
    cells = getattr(vjp, "__closure__", None)
    if cells:
        node.saved = _versions(cells, inputs, outputs)
    if graph.anomaly.enabled:
        node.trace = "".join(traceback.format_stack()[:-2])
    return node


def _versions(cells: Any, inputs: Any, outputs: Any) -> Any:
    """Version counters of the tensors whose memory the vjp will read again."""
    saved: list[Any] = []
    for cell in cells:
        try:
            kept = cell.cell_contents
        except ValueError:  # a variable that the rule never set
            continue
        if type(kept) is np.ndarray:
            _add_version(saved, kept, inputs, outputs)
        elif type(kept) is list or type(kept) is tuple:
            for array in kept:
                if type(array) is np.ndarray:
                    _add_version(saved, array, inputs, outputs)
    return saved


def _add_version(saved: list[Any], kept: np.ndarray, inputs: Any, outputs: Any) -> None:
    owner = memory(kept)
    for t in inputs:
        if isinstance(t, TensorBase) and (t._data is owner or t._data.base is owner):
            saved.append((t._changes, t._changes[0], t._data.shape))
            return
    for t, array in outputs:
        if array is kept:
            saved.append((t._changes, t._changes[0], array.shape))
            return


def share_storage(t: Any, source: Any) -> None:
    """Make t a view of source if they share memory: one version counter, one base."""
    if memory(t._data) is memory(source._data):
        t._changes = source._changes
        if switch.enabled:
            base = t._base = source if source._base is None else source._base
            t._seen = base._rebased


# -- in-place forms -------------------------------------------------------------------------------


def repeats(array: np.ndarray) -> bool:
    """Whether several elements are one place in memory, as in an expanded tensor."""
    if 0 not in array.strides or not array.size:
        return False
    return any(s == 0 and n > 1 for s, n in zip(array.strides, array.shape))


def check_writable(t: TensorBase) -> None:
    """Raise where an in-place operation on t can't be allowed."""
    if repeats(t._data):
        raise errors.written_twice()
    if switch.enabled:
        if t._needs and t._node is None and (t._base is None or t._base._node is None):
            raise errors.leaf_in_place(t._base is not None)
        base = t._base
        if base is not None and base._needs:
            if base._node is None:
                raise errors.leaf_in_place(is_view=True)
            if t._node is not None and t._node.n_outputs > 1:
                raise RuntimeError(
                    f"Output {t._nr} of {t._node.title} is a view and is being modified inplace. "
                    "This view is the output of a function that returns multiple views. Such "
                    "functions do not allow the output views to be modified inplace. You should "
                    "replace the inplace operation by an out-of-place one."
                )


def inplace(function: Any, name: str | None = None) -> Any:
    """The in-place form of an op: ``add_ = inplace(add)``. Writes the result into `self`.

    The vjp is the op's own. It gets a copy of self's old numbers when backward may need them.
    """
    spec: Spec = function.spec
    title = name or spec.title + "_"

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        given, kwargs, _ = spec.bind((self, *args), kwargs)
        check_writable(self)
        data = list(given)
        for i in spec.slots:
            if i < len(data):
                a = data[i]
                data[i] = a._data if isinstance(a, TensorBase) else spec.other_kind(i, a)
        needs = switch.enabled and any(
            isinstance(given[i], TensorBase) and needs_grad(given[i])
            for i in spec.slots
            if i < len(given)
        )
        if needs:
            data[0] = data[0].copy()
        if spec.prepare is not None:
            spec.prepare(data, spec.slots)
        if spec.wants_need:
            kwargs["need"] = spec.need(given) if needs else _NONE_NEEDED
        try:
            result, vjp = spec.quiet(*data, **kwargs)
        except ValueError as error:
            raise spec.translated(error, data) from None
        result = np.asarray(result)
        check_cast(result.dtype, self._data.dtype)
        if result.shape != self._data.shape:
            raise errors.output_shape(self._data.shape, result.shape)
        if needs and vjp is None:  # x.eq_(y): what x was no longer matters
            vjp = np.zeros_like
        node = record(spec, vjp, given, data, kwargs, ()) if needs else None
        np.copyto(self._data, result, casting="unsafe")
        self._changes[0] += 1
        if node is not None:
            graph.rebase(self, node)
        return self

    call.__name__ = call.__qualname__ = title
    call.__doc__ = f"In-place form of `{spec.title}`: writes the result into self, returns self."
    return call
