"""The two ways to ask for gradients: `backward` fills `.grad`, `grad` returns them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import dtypes, errors
from . import graph
from .graph import Node, TensorBase, edge_to, wrap


def _listed(x: Any) -> list[Any]:
    return [x] if isinstance(x, TensorBase) or x is None else list(x)


def first_gradient(t: Any, g: Any, i: int = 0) -> np.ndarray:
    """The gradient that the walk starts with: what was given, or 1 for a single element."""
    a = t._data
    if g is None:
        if a.size != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if a.dtype.kind != "f":
            raise RuntimeError(
                "grad can be implicitly created only for real scalar outputs but got "
                f"{dtypes.from_numpy(a.dtype)!r}"
            )
        return np.ones_like(a)
    if not isinstance(g, TensorBase):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(g).__name__}")
    if g._data.shape != a.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{i}] has a shape of "
            f"torch.Size({errors.shape_text(g._data.shape)}) and output[{i}] has a shape of "
            f"torch.Size({errors.shape_text(a.shape)})."
        )
    # a view: the engine may keep an array only if it made it itself
    return g._data.astype(a.dtype) if g._data.dtype != a.dtype else g._data.view()


def _roots(outputs: list[Any], gradients: Any) -> tuple[list[Any], list[np.ndarray]]:
    gs = [None] * len(outputs) if gradients is None else _listed(gradients)
    if len(gs) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(gs)} gradients")
    edges = []
    for i, t in enumerate(outputs):
        edge = edge_to(t)
        if edge is None:
            raise RuntimeError(
                f"element {i} of tensors does not require grad and does not have a grad_fn"
            )
        edges.append(edge)
    return edges, [first_gradient(t, g, i) for i, (t, g) in enumerate(zip(outputs, gs))]


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Add Σ ∂tensor/∂leaf, weighted by grad_tensors, to every leaf's `.grad`.

    Args:
        tensors       one tensor or several
        grad_tensors  ∂L/∂tensor for each, of its shape; None: 1 for tensors of one element
        retain_graph  keep what backward needs for a second call (default False: free it)
        create_graph  must be False: gradients have no graph of their own here
        inputs        write `.grad` of these tensors only (default None: of all leaves)
    Raises:
        RuntimeError  no graph, a shape mismatch, a second call through a freed graph
    """
    if create_graph:
        raise errors.no_double_backward()
    if grad_variables is not None:
        warnings.warn("`grad_variables` is deprecated. Use `grad_tensors` instead.", stacklevel=2)
        grad_tensors = grad_variables
    if inputs is not None and len(inputs := _listed(inputs)) == 0:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    edges, gs = _roots(_listed(tensors), grad_tensors)
    wanted = None if inputs is None else [edge_to(t) for t in inputs]
    if wanted is not None and None in wanted:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    found = graph.run(edges, gs, bool(retain_graph), wanted)
    graph.write_leaves(found)
    for t, edge in zip(inputs or (), wanted or ()):
        if type(edge[0]) is Node and (edge[0], edge[1]) in found:
            graph.add_to_grad(t, found[(edge[0], edge[1])])


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Σ ∂output/∂input for each input, as a tuple; `.grad` stays as it is.

    Args:
        outputs, inputs    a tensor or a sequence of tensors
        grad_outputs       ∂L/∂output for each output; None: 1 for outputs of one element
        retain_graph       keep what backward needs for a second call (default: free it)
        allow_unused       None for an input that no output depends on, instead of an error
        materialize_grads  zeros instead of None there
    >>> import minitorch as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> torch.autograd.grad(x * x, x)
    (tensor(6.),)
    """
    if create_graph:
        raise errors.no_double_backward()
    if is_grads_batched:
        raise NotImplementedError("is_grads_batched=True is not supported: there is no vmap here")
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
            "allow_unused=False."
        )
    wanted_tensors = _listed(inputs)
    edges, gs = _roots(_listed(outputs), grad_outputs)
    wanted = [edge_to(t) for t in wanted_tensors]
    if None in wanted:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    found = graph.run(edges, gs, bool(retain_graph), wanted)
    results: list[Any] = []
    for t, edge in zip(wanted_tensors, wanted):
        g = found.get((edge[0], edge[1]) if type(edge[0]) is Node else edge[0])
        if g is not None:
            results.append(wrap(g.copy() if g.base is not None else g))
        elif materialize_grads:
            results.append(wrap(np.zeros_like(t._data)))
        elif allow_unused:
            results.append(None)
        else:
            raise RuntimeError(
                "One of the differentiated Tensors appears to not have been used in the graph. "
                "Set allow_unused=True if this is the desired behavior."
            )
    return tuple(results)


def Variable(data: Any, requires_grad: bool = False, volatile: Any = None) -> Any:
    """`data` itself as a leaf: what old scripts wrap tensors in (since 0.4 a Tensor will do)."""
    if not isinstance(data, TensorBase):
        raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
    t = wrap(data._data)
    t._changes = data._changes
    t._needs = bool(requires_grad)
    return t


