"""PyTorch's error texts, one function each: the words a learner searches the web for.

Each function *returns* the exception; the caller raises it, so that the `raise` stands where
the check is.
"""

from __future__ import annotations

from typing import Any


def shape_text(shape: Any) -> str:
    """A shape as PyTorch prints it in messages: [2, 3]."""
    return "[" + ", ".join(str(int(n)) for n in shape) + "]"


def not_a_tensor(function: str, argument: str, position: int, got: Any) -> TypeError:
    """Something else where a Tensor belongs."""
    return TypeError(
        f"{function}(): argument '{argument}' (position {position}) must be Tensor, "
        f"not {type(got).__name__}"
    )


def not_a_bool(argument: str, got: Any) -> TypeError:
    """A number or None where True or False belongs."""
    return TypeError(f"argument '{argument}' must be bool, not {type(got).__name__}")


def wrong_type(function: str, argument: str, position: int, wanted: str, got: Any) -> TypeError:
    """An argument of the wrong Python type."""
    return TypeError(
        f"{function}(): argument '{argument}' (position {position}) must be {wanted}, "
        f"not {type(got).__name__}"
    )


def dim_out_of_range(dim: int, ndim: int) -> IndexError:
    """A dimension that the tensor does not have."""
    n = max(ndim, 1)
    return IndexError(
        f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})"
    )


def broadcast(a: Any, b: Any) -> RuntimeError:
    """Shapes that do not broadcast: names the first clashing dimension from the right."""
    ndim = max(len(a), len(b))
    for i in range(1, ndim + 1):
        m = a[-i] if i <= len(a) else 1
        n = b[-i] if i <= len(b) else 1
        if m != n and m != 1 and n != 1:
            return RuntimeError(
                f"The size of tensor a ({m}) must match the size of tensor b ({n}) "
                f"at non-singleton dimension {ndim - i}"
            )
    return RuntimeError(f"shapes {shape_text(a)} and {shape_text(b)} cannot be broadcast together")


def output_shape(out: Any, wanted: Any) -> RuntimeError:
    """An in-place result that does not fit in its tensor."""
    return RuntimeError(
        f"output with shape {shape_text(out)} doesn't match the broadcast shape "
        f"{shape_text(wanted)}"
    )


def cannot_cast(result: Any, wanted: Any) -> RuntimeError:
    """A result whose kind is above that of the tensor it is stored in (float in int)."""
    return RuntimeError(
        f"result type {result.title} can't be cast to the desired output type {wanted.title}"
    )


def cannot_join(wanted: Any) -> TypeError:
    """Tensors joined into one of a lower kind; PyTorch joins with cat, whatever the function."""
    return TypeError(
        f"torch.cat(): input types can't be cast to the desired output type {wanted.title}"
    )


def leaf_in_place(is_view: bool = False) -> RuntimeError:
    """An in-place operation on a tensor whose gradient the user asked for."""
    what = "a view of a leaf Variable" if is_view else "a leaf Variable"
    return RuntimeError(f"{what} that requires grad is being used in an in-place operation.")


def written_twice() -> RuntimeError:
    """A result for an expanded tensor, several of whose elements are one place in memory."""
    return RuntimeError(
        "unsupported operation: more than one element of the written-to tensor refers to a single "
        "memory location. Please clone() the tensor before performing the operation."
    )


def overlaps_input() -> RuntimeError:
    """An ``out=`` that shares memory with what the operation still reads."""
    return RuntimeError(
        "unsupported operation: some elements of the input tensor and the written-to tensor "
        "refer to a single memory location. Please clone() the tensor before performing the "
        "operation."
    )


def out_dtype(wanted: Any, got: Any) -> RuntimeError:
    """An ``out=`` of another dtype, where the results are not cast."""
    return RuntimeError(
        f"Expected out tensor to have dtype {wanted.name}, but got {got.name} instead"
    )


def backward_twice() -> RuntimeError:
    """A second backward through a graph whose saved arrays are gone."""
    return RuntimeError(
        "Trying to backward through the graph a second time (or directly access saved tensors "
        "after they have already been freed). Saved intermediate values of the graph are freed "
        "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to "
        "backward through the graph a second time or if you need to access saved tensors after "
        "calling backward."
    )


def modified_in_place(what: str, version: int, expected: int) -> RuntimeError:
    """Backward finds that a saved tensor was changed after it was saved."""
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [{what}] is at version {version}; expected version {expected} instead. "
        "Hint: enable anomaly detection to find the operation that failed to compute its "
        "gradient, with torch.autograd.set_detect_anomaly(True)."
    )


def no_double_backward() -> NotImplementedError:
    """create_graph=True: what minitorch does not do, and why."""
    return NotImplementedError(
        "create_graph=True is not supported: minitorch's derivatives are computed on plain NumPy "
        "arrays, not on Tensors, so a gradient has no graph of its own to differentiate again"
    )
