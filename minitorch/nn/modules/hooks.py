"""Functions that watch a module: before forward, after forward, and when gradients pass.

    forward pre-hook     hook(module, args)                       may replace the arguments
    forward hook         hook(module, args, output)               may replace the output
    backward pre-hook    hook(module, grad_output)                may replace ∂L/∂output
    backward hook        hook(module, grad_input, grad_output)    may replace ∂L/∂input

`call` runs a module that has hooks; a module without any never comes here. A backward hook
needs a place in the graph: the module's tensor inputs, and its tensor outputs, each go through
one identity node, and the hooks run when the gradients arrive there:

    args ─▶ [identity: ∂L/∂input] ─▶ forward ─▶ [identity: ∂L/∂output] ─▶ output
"""

from __future__ import annotations

from typing import Any
from warnings import warn

from ...autograd.grad_mode import is_grad_enabled
from ...autograd.graph import Node, edge_to, needs_grad, wrap
from ...autograd.hooks import RemovableHandle, add_hook
from ...autograd.rule import share_storage
from ...tensor import Tensor

# The tables of hooks that every module has: id → hook (or True, in those that mark its kind).
KINDS = (
    "_backward_pre_hooks",
    "_backward_hooks",
    "_forward_hooks",
    "_forward_hooks_with_kwargs",
    "_forward_hooks_always_called",
    "_forward_pre_hooks",
    "_forward_pre_hooks_with_kwargs",
    "_state_dict_hooks",
    "_state_dict_pre_hooks",
    "_load_state_dict_pre_hooks",
    "_load_state_dict_post_hooks",
)


# -- registering (methods of Module) --------------------------------------------------------------


def register_forward_pre_hook(
    self: Any, hook: Any, *, prepend: bool = False, with_kwargs: bool = False
) -> RemovableHandle:
    """``hook(module, args) -> None or new args``, called before forward.

    Args:
        prepend      before the hooks that are there already (default False)
        with_kwargs  ``hook(module, args, kwargs) -> None or (args, kwargs)`` (default False)
    """
    marks = (self._forward_pre_hooks_with_kwargs,) if with_kwargs else ()
    return add_hook(self._forward_pre_hooks, hook, *marks, prepend=prepend)


def register_forward_hook(
    self: Any,
    hook: Any,
    *,
    prepend: bool = False,
    with_kwargs: bool = False,
    always_call: bool = False,
) -> RemovableHandle:
    """``hook(module, args, output) -> None or new output``, called after forward.

    Args:
        prepend      before the hooks that are there already (default False)
        with_kwargs  ``hook(module, args, kwargs, output)`` (default False)
        always_call  also when forward raises, then with output None (default False)

    >>> import minitorch as torch
    >>> layer = torch.nn.Flatten()
    >>> with layer.register_forward_hook(lambda module, args, output: print(output.shape)):
    ...     y = layer(torch.zeros(2, 3, 5))
    torch.Size([2, 15])
    """
    marks = [self._forward_hooks_with_kwargs] * with_kwargs
    marks += [self._forward_hooks_always_called] * always_call
    return add_hook(self._forward_hooks, hook, *marks, prepend=prepend)


def register_full_backward_pre_hook(
    self: Any, hook: Any, prepend: bool = False
) -> RemovableHandle:
    """``hook(module, grad_output) -> None or new grad_output``, when ∂L/∂output arrives."""
    return add_hook(self._backward_pre_hooks, hook, prepend=prepend)


def register_full_backward_hook(self: Any, hook: Any, prepend: bool = False) -> RemovableHandle:
    """``hook(module, grad_input, grad_output) -> None or new grad_input``.

    Called when the gradients with respect to the module's inputs are there. Both are tuples, one
    element for each positional argument (output), None where there is no gradient.
    """
    return add_hook(self._backward_hooks, hook, prepend=prepend)


def register_backward_hook(self: Any, hook: Any) -> RemovableHandle:
    """Not supported: PyTorch's old form, wrong for modules with several operations."""
    raise NotImplementedError(
        "register_backward_hook is deprecated in PyTorch and not supported: "
        "use register_full_backward_hook"
    )


# -- calling --------------------------------------------------------------------------------------


def call(module: Any, args: Any, kwargs: Any) -> Any:
    """forward with all its hooks around it."""
    args, kwargs = _before(module, args, kwargs)
    watch = None
    if (module._backward_hooks or module._backward_pre_hooks) and is_grad_enabled():
        watch = _BackwardWatch(module)
        args = watch.tap_inputs(args)
    result, called = None, set()
    try:
        result = module.forward(*args, **kwargs)
        for key, hook in tuple(module._forward_hooks.items()):
            called.add(key)
            changed = _after(module, key, hook, args, kwargs, result)
            if changed is not None:
                result = changed
    except Exception:
        for key, hook in tuple(module._forward_hooks.items()):
            if key in module._forward_hooks_always_called and key not in called:
                try:
                    changed = _after(module, key, hook, args, kwargs, result)
                    result = changed if changed is not None else result
                except Exception as second:
                    warn(
                        "module forward hook with ``always_call=True`` raised an exception "
                        f"that was silenced as another error was raised in forward: {second}"
                    )
        raise
    return result if watch is None else watch.tap_output(result)


def _before(module: Any, args: Any, kwargs: Any) -> Any:
    for key, hook in tuple(module._forward_pre_hooks.items()):
        if key in module._forward_pre_hooks_with_kwargs:
            changed = hook(module, args, kwargs)
            if changed is not None:
                if not isinstance(changed, tuple) or len(changed) != 2:
                    raise RuntimeError(
                        "forward pre-hook must return None or a tuple of (new_args, new_kwargs), "
                        f"but got {changed}."
                    )
                args, kwargs = changed
        else:
            changed = hook(module, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
    return args, kwargs


def _after(module: Any, key: int, hook: Any, args: Any, kwargs: Any, result: Any) -> Any:
    if key in module._forward_hooks_with_kwargs:
        return hook(module, args, kwargs, result)
    return hook(module, args, result)


class _BackwardWatch:
    """One call's two identity nodes and the gradients that pass through them."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.hooks = tuple(module._backward_hooks.values())
        self.pre_hooks = tuple(module._backward_pre_hooks.values())
        self.grad_output: Any = None
        self.inputs_tapped = False
        self.n_inputs = 0

    def tap_inputs(self, args: Any) -> Any:
        self.n_inputs = len(args)
        args, self.inputs_tapped = _tap(args, self._at_input)
        return args

    def tap_output(self, result: Any) -> Any:
        if not isinstance(result, (Tensor, tuple)):
            warn(
                "For backward hooks to be called, module output should be a Tensor or a tuple of "
                f"Tensors but received {type(result)}"
            )
            return result
        if isinstance(result, Tensor):
            return _tap((result,), self._at_output)[0][0]
        return _tap(result, self._at_output)[0]

    def _at_output(self, grads: Any) -> Any:
        for hook in self.pre_hooks:
            grads = _replaced(hook(self.module, grads), grads, "grad_output")
        self.grad_output = grads
        if not self.inputs_tapped and self.hooks:  # no input wants a gradient: call them now
            warn(
                "Full backward hook is firing when gradients are computed with respect to module "
                "outputs since no inputs require gradients. See https://docs.pytorch.org/docs/"
                "main/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook "
                "for more details."
            )
            for hook in self.hooks:
                changed = hook(self.module, (None,) * self.n_inputs, grads)
                if changed is not None and not (
                    isinstance(changed, tuple) and all(g is None for g in changed)
                ):
                    raise RuntimeError(
                        "Backward hook for Modules where no input requires gradient should always "
                        "return None or None for all gradients."
                    )
        return grads

    def _at_input(self, grads: Any) -> Any:
        if self.grad_output is None:
            raise RuntimeError(
                "Module backward hook for grad_input is called before the grad_output one. This "
                "happens because the gradient in your nn.Module flows to the Module's input "
                "without passing through the Module's output. Make sure that the output depends "
                "on the input and that the loss is computed based on the output."
            )
        for hook in self.hooks:
            grads = _replaced(hook(self.module, grads, self.grad_output), grads, "grad_input")
        self.grad_output = None
        return grads


def _replaced(changed: Any, grads: Any, what: str) -> Any:
    if changed is None:
        return grads
    changed = changed if isinstance(changed, tuple) else (changed,)
    if len(changed) != len(grads):
        raise RuntimeError(
            f"Backward hook returned an invalid number of {what}, got {len(changed)}, "
            f"but expected {len(grads)}"
        )
    return changed


def _tap(values: Any, on_gradients: Any) -> tuple[Any, bool]:
    """Pass the tensors among `values` through one identity node whose backward tells of them."""
    places = [i for i, v in enumerate(values) if isinstance(v, Tensor)]
    if not any(needs_grad(values[i]) for i in places):
        return values, False

    def vjp(*gs: Any) -> tuple[Any, ...]:
        grads: list[Any] = [None] * len(values)
        for i, g in zip(places, gs):
            grads[i] = None if g is None else wrap(g)
        grads = on_gradients(tuple(grads))
        return tuple(None if grads[i] is None else grads[i]._data for i in places)

    node = Node("BackwardHookFunctionBackward", vjp, tuple(edge_to(values[i]) for i in places))
    # one more output than tensors: the engine refuses in-place changes of one view among several,
    # and an in-place change of these would go round the hooks
    node.n_outputs = len(places) + 1
    tapped = list(values)
    for nr, i in enumerate(places):
        t = tapped[i] = wrap(values[i]._data.view())
        share_storage(t, values[i])
        if values[i].is_floating_point():
            t._node, t._nr, t._needs = node, nr, True
    # named tuples (torch.max's result) stay what they are
    return (type(values)(*tapped) if hasattr(values, "_fields") else tuple(tapped)), True
