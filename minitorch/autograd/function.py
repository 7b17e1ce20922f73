"""autograd.Function: an operation with a derivative of the user's own, in PyTorch's form.

    class Exp(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = x.exp()
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, g):
            (y,) = ctx.saved_tensors
            return g * y

    y = Exp.apply(x)

It ends in the same `Node` as every op of ours: `backward` is its vjp.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import errors
from . import graph
from .grad_mode import no_grad, switch
from .graph import Node, TensorBase, edge_to, needs_grad, wrap


class FunctionCtx:
    """What forward hands to backward."""

    def __init__(self) -> None:
        self._saved: tuple[Any, ...] = ()
        self._versions: list[Any] = []
        self._no_gradient: tuple[Any, ...] = ()
        self._dirty: tuple[Any, ...] = ()
        self._materialize = True
        self.needs_input_grad: tuple[bool, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for backward, where they are `ctx.saved_tensors`."""
        for t in tensors:
            if t is not None and not isinstance(t, TensorBase):
                raise TypeError(
                    "save_for_backward can only save variables, but argument is of type "
                    f"{type(t).__name__}"
                )
        self._saved = tensors
        self._versions = [None if t is None else (t._changes, t._changes[0]) for t in tensors]

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors given to `save_for_backward`."""
        for t, at in zip(self._saved, self._versions):
            if at is not None and at[0][0] != at[1]:
                what = f"torch.Tensor {errors.shape_text(t._data.shape)}"
                raise errors.modified_in_place(what, at[0][0], at[1])
        return self._saved

    def mark_non_differentiable(self, *outputs: Any) -> None:
        """These outputs take no gradient."""
        self._no_gradient = outputs

    def mark_dirty(self, *inputs: Any) -> None:
        """forward changed these inputs in place and returns them."""
        self._dirty = inputs

    def set_materialize_grads(self, value: bool) -> None:
        """False: backward gets None, not zeros, for outputs that nothing used."""
        self._materialize = bool(value)


class Function:
    """Base class: define the static methods `forward` and `backward`, call `apply`."""

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself: use "
            f"{type(self).__name__}.apply(...)"
        )

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run forward, and record backward if an input requires grad."""
        ctx = FunctionCtx()
        wants = tuple(isinstance(a, TensorBase) and needs_grad(a) for a in args)
        ctx.needs_input_grad = wants
        recording = switch.enabled and any(wants)
        edges = tuple(edge_to(a) if w else None for a, w in zip(args, wants))
        with no_grad():
            if cls.setup_context is Function.setup_context:
                result = cls.forward(ctx, *args, **kwargs)
            else:
                result = cls.forward(*args, **kwargs)
                cls.setup_context(ctx, args, result)
        outputs = result if isinstance(result, tuple) else (result,)
        if not recording:
            return result
        made = [_own(o, args, ctx) if isinstance(o, TensorBase) else o for o in outputs]
        node = _node(cls, ctx, args, edges, made)
        for nr, t in enumerate(made):
            if not isinstance(t, TensorBase) or t._data.dtype.kind != "f":
                continue
            if any(outputs[nr] is n for n in ctx._no_gradient):
                continue
            if any(t is d for d in ctx._dirty):
                graph.rebase(t, node)
            else:
                t._node, t._nr, t._needs = node, nr, True
        return tuple(made) if isinstance(result, tuple) else made[0]

    vjp = backward


def _own(output: Any, args: Any, ctx: Any) -> Any:
    """An output that is an input comes back as a new tensor on the same memory."""
    if any(output is d for d in ctx._dirty):
        output._changes[0] += 1
        return output
    if any(output is a for a in args) or needs_grad(output):
        t = wrap(output._data)
        t._changes = output._changes
        return t
    return output


def _node(cls: Any, ctx: Any, args: Any, edges: Any, made: list[Any]) -> Node:
    shapes = [
        (t._data.shape, t._data.dtype) if isinstance(t, TensorBase) else None for t in made
    ]
    saved = tuple(t._data for t in ctx._saved if t is not None)

    def vjp(*gs: Any) -> tuple[Any, ...]:
        _ = saved  # ctx holds them; named here, so that the engine sees that there is what to free
        grads = []
        for g, meta in zip(gs, shapes):
            if g is None and ctx._materialize and meta is not None:
                g = np.zeros(*meta)
            grads.append(None if g is None else wrap(g))
        ds = cls.backward(ctx, *grads)
        ds = ds if isinstance(ds, tuple) else (ds,)
        if len(ds) < len(args) or any(d is not None for d in ds[len(args) :]):
            raise RuntimeError(
                f"function {cls.__name__}Backward returned an incorrect number of gradients "
                f"(expected {len(args)}, got {len(ds)})"
            )
        return tuple(
            _checked(cls, i, d, edge) for i, (d, edge) in enumerate(zip(ds, edges))
        )

    return Node(f"{cls.__name__}Backward", vjp, edges, len(made))


def _checked(cls: Any, i: int, d: Any, edge: Any) -> Any:
    """backward's gradient for input i, of the input's shape (or one that broadcasts from it)."""
    if d is None or edge is None:
        return None
    if not isinstance(d, TensorBase):
        raise RuntimeError(
            f"expected a Tensor or None from {cls.__name__}.backward for input {i}, "
            f"got {type(d).__name__}"
        )
    shape = edge[2]
    if d._data.shape != shape:
        try:
            fits = np.broadcast_shapes(d._data.shape, shape) == d._data.shape
        except ValueError:
            fits = False
        if not fits:
            raise RuntimeError(
                f"Function {cls.__name__}Backward returned an invalid gradient at index {i} - got "
                f"{errors.shape_text(d._data.shape)} but expected shape compatible with "
                f"{errors.shape_text(shape)}"
            )
    return d._data.view()


def once_differentiable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a backward that can't itself be differentiated: here none can."""
    return function
