"""The engine: how one number's gradient reaches every parameter that made it.

    b = a + a        # node 1
    c = b + b        # node 2, ∂c/∂b = 2
    c.backward()     # ∂c/∂a = 4

Walk this graph in the wrong order and b's node runs after *one* of c's two contributions has
arrived: ∂c/∂a comes out as 2. A node may run only when everything that was computed *from* it
has run. Every node takes a number when it is made, and an operation can only use what exists
already, so the newest node never waits for anything: running nodes from the highest number to
the lowest is a correct order. No recursion, no bookkeeping. (PyTorch: `sequence_nr`.)

For each node:        gᵢ = Σ over users of output i          (chain rule: contributions add)  (1)
                      d  = vjp(g) = gᵀ · ∂output/∂inputs     (the rule's own derivative)      (2)

Gradients of intermediate results live in a dict and are dropped when used; only leaves (what
the user made) and tensors with `retain_grad()` keep theirs in `.grad`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from itertools import count
from operator import attrgetter
from typing import Any

import numpy as np

from .. import errors
from .grad_mode import no_grad

Array = Any  # inside a rule an ndarray, to the caller a Tensor
Edge = Any  # (Node or leaf tensor, output number, shape, dtype), None where no gradient flows

next_number = count().__next__


class TensorBase:
    """What the engine knows of a tensor: its numbers, and where they came from."""

    _data: np.ndarray
    _changes: list[int]  # [n]: n in-place changes so far; views of one storage share the list
    _needs = False  # requires grad: a leaf that asks for it, or a result of one
    _node: Node | None = None  # the operation that made it (grad_fn); None for leaves
    _nr = 0  # which output of that operation
    _grad: Any = None
    _hooks: dict[int, Any] | None = None  # leaves only; a node keeps those of its outputs
    _after: dict[int, Any] | None = None  # leaves: called when .grad has been written
    _base: Any = None  # views: the tensor whose memory this is
    _rebased = 0  # how often an in-place operation gave this tensor a new node
    _seen = 0  # views: the base's _rebased when _node was made


tensor_class: Any = TensorBase  # tensor.py puts Tensor here: the engine makes what users hold


def wrap(array: np.ndarray) -> Any:
    """A new tensor around an array, outside any graph."""
    t = object.__new__(tensor_class)
    t._data = array
    t._changes = [0]
    return t


class Node:
    """One recorded operation: its derivative and the inputs that want it."""

    n_outputs = 1
    saved: Any = ()  # (version list, its value now, shape) of each saved tensor
    hooks: Any = None  # {id: (output number, hook)}
    retains: Any = None  # [(output number, weak reference to the tensor)]
    trace: Any = None  # anomaly mode: where the operation was called

    def __init__(self, name: str, vjp: Any, edges: tuple[Edge, ...], n_outputs: int = 1) -> None:
        self.seq = next_number()
        self.title = name
        self.vjp = vjp
        self.edges = edges
        if n_outputs != 1:
            self.n_outputs = n_outputs

    def name(self) -> str:
        """The name that tensors print: grad_fn=<MulBackward0>."""
        return self.title

    @property
    def next_functions(self) -> tuple[Any, ...]:
        """The nodes that this one passes gradients to, with their output numbers."""
        return tuple(
            (None, 0) if e is None else (e[0] if type(e[0]) is Node else AccumulateGrad(e[0]), e[1])
            for e in self.edges
        )

    def __repr__(self) -> str:
        """Shows what backward keeps alive: the arrays that the vjp's closure holds."""
        if self.vjp is None:
            return f"<{self.title} freed>"
        kept = [
            f"{name} {tuple(array.shape)} {array.dtype} {array.nbytes} B"
            for name, array in saved_arrays(self.vjp)
        ]
        return f"<{self.title} saves {', '.join(kept) or 'nothing'}>"


class AccumulateGrad:
    """Stands in `next_functions` for a leaf: the end of the walk, where `.grad` is written."""

    next_functions = ()

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        """As PyTorch names it."""
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return "<AccumulateGrad>"


def saved_arrays(vjp: Callable[..., Any]) -> Iterator[tuple[str, np.ndarray]]:
    """(name, array) of what a vjp remembers: the free variables of its closure."""
    code = getattr(vjp, "__code__", None)
    names, cells = getattr(code, "co_freevars", ()), getattr(vjp, "__closure__", None) or ()
    for name, cell in zip(names, cells):
        try:
            value = cell.cell_contents
        except ValueError:  # a variable that the rule never set
            continue
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, (tuple, list)):
            for i, v in enumerate(value):
                if isinstance(v, np.ndarray):
                    yield f"{name}[{i}]", v
        elif hasattr(value, "__closure__") and value is not vjp:
            yield from saved_arrays(value)


def remembers(vjp: Callable[..., Any]) -> bool:
    """Whether backward frees something: arrays, or the number of ``x * 2`` (PyTorch keeps it)."""
    code = getattr(vjp, "__code__", None)
    return "other" in getattr(code, "co_freevars", ()) or any(True for _ in saved_arrays(vjp))


def memory(array: np.ndarray) -> Any:
    """The object that owns an array's memory: two arrays with one owner share a storage."""
    base = array.base  # the array that this one looks into; bytes and mapped files don't count
    return base if isinstance(base, np.ndarray) else array


# -- edges, views and in-place changes ------------------------------------------------------------


def needs_grad(t: TensorBase) -> bool:
    """Whether a gradient is wanted for t; a view also follows a base that changed meanwhile."""
    return t._needs or (t._base is not None and t._base._needs)


def edge_to(t: TensorBase) -> Edge:
    """Where a gradient with respect to t goes."""
    base = t._base
    if base is not None and t._seen != base._rebased:
        _renew(t)
    node = t._node
    if node is not None:
        return (node, t._nr, t._data.shape, t._data.dtype)
    return (t, 0, t._data.shape, t._data.dtype) if t._needs else None


def _renew(view: TensorBase) -> None:
    """Give a view a fresh node after its base's memory was changed in place."""
    base = view._base
    view._seen = base._rebased
    if base._needs:
        window = _Window(base._data, view._data)

        def vjp(g: Array) -> Array:  # the view's elements at their places, zero elsewhere
            whole, part = window.zeros(g.dtype)
            if window.overlaps:  # one element of the base shows several times in the view
                np.add.at(part, np.index_exp[...], g)  # type: ignore[arg-type]
            else:
                np.copyto(part, g)
            return whole

        view._node = Node("AsStridedBackward0", vjp, (edge_to(base),))
        view._nr, view._needs = 0, True


class _Window:
    """Where a view's elements lie in its base's memory."""

    def __init__(self, base: np.ndarray, view: np.ndarray) -> None:
        self.base = (base.shape, base.strides)
        self.view = (view.shape, view.strides)
        self.offset = view.ctypes.data - base.ctypes.data if view.size else 0
        self.overlaps = 0 in view.strides and view.size > 1
        span = sum((n - 1) * s for n, s in zip(*self.base))
        self.bytes = base.itemsize + span if base.size else 0

    def zeros(self, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
        """New zeros laid out as the base, and the view's window on them."""
        buffer = np.zeros(self.bytes, np.uint8)
        whole = np.ndarray(self.base[0], dtype, buffer, 0, self.base[1])
        return whole, np.ndarray(self.view[0], dtype, buffer, self.offset, self.view[1])


def rebase(t: TensorBase, node: Node) -> None:
    """After an in-place operation recorded as `node`: t's history now ends there.

    For a view, the base changes too: of the base's gradient the window's part goes through the
    operation, and the rest passes by unchanged (PyTorch: CopySlices).
    """
    base = t._base
    if base is None:
        t._node, t._nr, t._needs = node, 0, True
        t._rebased += 1
        return
    window, vjp = _Window(base._data, t._data), node.vjp

    def through_window(g: Array) -> tuple[Any, ...]:
        whole, part = window.zeros(g.dtype)
        np.copyto(whole, g)
        ds = vjp(part.copy())
        ds = ds if type(ds) is tuple else (ds,)
        np.copyto(part, 0 if ds[0] is None else ds[0])
        return (whole, *ds[1:])

    copy = Node("CopySlices", through_window, (edge_to(base), *node.edges[1:]))
    copy.saved = node.saved
    base._node, base._nr, base._needs = copy, 0, True
    base._rebased += 1
    t._needs = True


# -- backward -------------------------------------------------------------------------------------


def unbroadcast(d: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum a gradient over the axes along which its input was repeated."""
    if d.ndim == 0 or d.size == 0:
        return np.broadcast_to(d, shape) if d.ndim == 0 else np.zeros(shape, d.dtype)
    extra = d.ndim - len(shape)
    is_bias = extra and shape and d.shape[extra:] == shape and d.dtype != np.float16
    if is_bias and d.flags.c_contiguous:
        # 1ᵀ·d in one BLAS call: 26 µs against 77 for d.sum((0, 1)) at (64, 50, 128)
        rows = d.reshape(-1, int(np.prod(shape)))
        return (np.ones(len(rows), d.dtype) @ rows).reshape(shape)
    axes = tuple(range(extra)) + tuple(
        i + extra for i, n in enumerate(shape) if n == 1 and d.shape[i + extra] != 1
    )
    return d.sum(axis=axes, keepdims=True).reshape(shape)


def _reachable(roots: list[Edge]) -> set[Node]:
    nodes: set[Node] = set()
    stack = [e[0] for e in roots]
    while stack:
        node = stack.pop()
        if type(node) is Node and node not in nodes:
            nodes.add(node)
            stack.extend(e[0] for e in node.edges if e is not None)
    return nodes


def run(
    roots: list[Edge], gradients: list[np.ndarray], retain_graph: bool, wanted: Any = None
) -> dict[Any, Any]:
    """Send gradients from the roots down the graph; returns those of `wanted`.

    `wanted` is a list of edges (for ``autograd.grad`` and ``backward(inputs=…)``), or None for
    "every leaf". The result maps a leaf, or a (node, output number), to its gradient array.
    """
    nodes = sorted(_reachable(roots), key=attrgetter("seq"), reverse=True)
    keys = None if wanted is None else {_key(e) for e in wanted}
    if keys is not None:
        nodes = _on_path(nodes, keys)
    active = set(nodes)
    grads: dict[Node, list[Any]] = {}
    leaves: dict[Any, Any] = {}
    owned: set[Any] = set()

    def accumulate(edge: Edge, d: np.ndarray) -> None:  # equation (1)
        target, nr = edge[0], edge[1]
        if type(target) is Node:
            if target not in active:
                return
            have = grads.get(target)
            if have is None:
                have = grads[target] = [None] * target.n_outputs
            g = have[nr]
            if g is None:
                have[nr] = d
            elif (target, nr) in owned:  # a sum made here: safe to add to
                np.add(g, d, out=g)
            else:
                have[nr] = np.asarray(g + d)
                owned.add((target, nr))
        elif keys is None or target in keys:
            g = leaves.get(target)
            if g is None:
                leaves[target] = d
            elif target in owned:
                np.add(g, d, out=g)
            else:
                leaves[target] = np.asarray(g + d)
                owned.add(target)

    found: dict[Any, Any] = {}
    with np.errstate(all="ignore"), no_grad():
        for root, g in zip(roots, gradients):
            accumulate(root, g)
        for node in nodes:
            gs = grads.pop(node, None)
            if gs is None:
                continue
            if node.hooks or node.retains:
                _call_hooks(node, gs)
            if keys is not None:
                for nr, g in enumerate(gs):
                    if (node, nr) in keys:
                        found[(node, nr)] = g
            for edge, d in zip(node.edges, _apply(node, gs)):
                if edge is None or d is None:
                    continue
                if type(d) is not np.ndarray:  # NumPy turns 0-d results into scalars
                    d = np.asarray(d)
                if d.shape != edge[2]:
                    d = unbroadcast(d, edge[2])
                if d.dtype != edge[3]:
                    d = d.astype(edge[3])
                accumulate(edge, d)
            if not retain_graph and remembers(node.vjp):
                node.vjp, node.saved = None, ()
        for leaf, g in leaves.items():
            for hook in tuple((leaf._hooks or {}).values()):
                g = _hooked(hook, g)
            leaves[leaf] = g.view() if leaf._hooks else g  # a view: the hook may have kept g
    found.update(leaves)
    return found


def _apply(node: Node, gs: list[Any]) -> tuple[Any, ...]:
    """Equation (2), after a look at whether what it needs is still there."""
    if node.vjp is None:
        raise errors.backward_twice()
    for version, expected, shape in node.saved:
        if version[0] != expected:
            what = f"torch.Tensor {errors.shape_text(shape)}, saved by {node.title}"
            raise errors.modified_in_place(what, version[0], expected)
    try:
        ds = node.vjp(*gs)
    except Exception as error:
        if hasattr(error, "add_note"):  # Python 3.11
            error.add_note(f"in the backward of {node.title}" + _where(node))
        raise
    ds = ds if type(ds) is tuple else (ds,)
    if anomaly.enabled:
        for i, d in enumerate(ds):
            if d is not None and anomaly.check_nan and np.isnan(d).any():
                raise RuntimeError(
                    f"Function '{node.title}' returned nan values in its {i}th output."
                    + _where(node)
                )
    return ds


def _where(node: Node) -> str:
    return f"; the forward call was:\n{node.trace}" if node.trace else ""


def _key(edge: Edge) -> Any:
    return (edge[0], edge[1]) if type(edge[0]) is Node else edge[0]


def _on_path(nodes: list[Node], keys: set[Any]) -> list[Node]:
    """Of nodes sorted newest first, those from which a wanted place can be reached."""
    on: set[Node] = set()
    for node in reversed(nodes):
        if any((node, i) in keys for i in range(node.n_outputs)) or any(
            e is not None and (e[0] in on or _key(e) in keys) for e in node.edges
        ):
            on.add(node)
    return [n for n in nodes if n in on]


def _hooked(hook: Callable[[Any], Any], g: np.ndarray) -> np.ndarray:
    replaced = hook(wrap(g))
    if replaced is None:
        return g
    if not isinstance(replaced, TensorBase):
        raise TypeError(f"expected Variable, but hook returned '{type(replaced).__name__}'")
    if replaced._data.shape != g.shape:
        raise RuntimeError(
            f"hook '{getattr(hook, '__name__', hook)}' has changed the size of value: expected "
            f"{errors.shape_text(g.shape)}, got {errors.shape_text(replaced._data.shape)}"
        )
    return replaced._data


def _call_hooks(node: Node, gs: list[Any]) -> None:
    for nr, hook in tuple((node.hooks or {}).values()):
        if gs[nr] is not None:
            gs[nr] = _hooked(hook, gs[nr])
    for nr, reference in node.retains or ():
        t = reference()
        if t is not None and gs[nr] is not None:
            add_to_grad(t, gs[nr])


def add_to_grad(t: Any, g: np.ndarray) -> None:
    """t.grad += g, in place when there is a .grad already, so that its holders see it."""
    if t._grad is None:
        t._grad = wrap(np.array(g, order="C"))
    else:
        np.add(t._grad._data, g, out=t._grad._data, casting="unsafe")
        t._grad._changes[0] += 1


def retain(t: TensorBase) -> None:
    """Keep the gradient of a result in its `.grad` (Tensor.retain_grad)."""
    edge = edge_to(t)
    if edge is not None and type(edge[0]) is Node:
        node = edge[0]
        kept = node.retains = node.retains or []
        if not any(r() is t for _, r in kept):
            kept.append((t._nr, weakref.ref(t)))


def write_leaves(found: dict[Any, Any]) -> None:
    """Add each leaf's gradient to its `.grad`, then call the hooks that wait for it."""
    given: set[int] = set()
    for leaf, g in found.items():
        if type(leaf) is tuple:
            continue
        # keep an array that backward made for this leaf alone; copy anything that is shared
        if leaf._grad is None and g.base is None and g.flags.c_contiguous and id(g) not in given:
            leaf._grad = wrap(g)
            given.add(id(g))
        else:
            add_to_grad(leaf, g)
        for hook in tuple((leaf._after or {}).values()):
            hook(leaf)


class _Anomaly:
    enabled = False
    check_nan = True


anomaly = _Anomaly()


class set_detect_anomaly:
    """Remember where each operation was called and stop backward at the first NaN (slow)."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before = (anomaly.enabled, anomaly.check_nan)
        anomaly.enabled, anomaly.check_nan = mode, check_nan

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: Any) -> None:
        anomaly.enabled, anomaly.check_nan = self.before


class detect_anomaly(set_detect_anomaly):
    """``with torch.autograd.detect_anomaly():`` is `set_detect_anomaly(True)` for a block."""

    def __init__(self, check_nan: bool = True) -> None:
        super().__init__(True, check_nan)

