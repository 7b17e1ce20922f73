"""Saving and loading a module's numbers: state_dict() and load_state_dict().

A state_dict is an ordered dict  full name → tensor,  module by module in the order in which
they were registered, parameters before buffers:

    {"0.weight": …, "0.bias": …, "1.weight": …, "1.running_mean": …}

The tensors share memory with the module (``keep_vars=False`` only cuts them off the graph).
``state_dict()._metadata`` keeps each module's ``_version``, so that a class can still read what
an older version of it wrote. The functions here are bound as methods of `Module`; layers with
a history override `_save_to_state_dict` or `_load_from_state_dict`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple
from warnings import warn

from ...autograd.grad_mode import no_grad
from ...autograd.hooks import RemovableHandle, add_hook
from ...tensor import Tensor
from ..parameter import Parameter, is_lazy

EXTRA = "_extra_state"  # the key under which get_extra_state()'s result is stored


class _IncompatibleKeys(NamedTuple):
    """What load_state_dict could not match: two lists of full names."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if self.missing_keys or self.unexpected_keys:
            return (
                f"_IncompatibleKeys(missing_keys={self.missing_keys!r}, "
                f"unexpected_keys={self.unexpected_keys!r})"
            )
        return "<All keys matched successfully>"


def _overrides(module: Any, method: str) -> bool:
    """Whether the module's class has its own get_extra_state or set_extra_state."""
    return getattr(type(module), method) is not globals()[method]


# -- saving ---------------------------------------------------------------------------------------


def state_dict(
    self: Any, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False
) -> Any:
    """All parameters and persistent buffers by name; the tensors share the module's memory.

    Args:
        destination  a dict to add to (default: a new OrderedDict, with `_metadata`)
        prefix       put in front of every name (default "")
        keep_vars    True: the Parameters themselves, still in the graph (default False)

    >>> import minitorch as torch
    >>> list(torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU()).state_dict())
    ['0.weight', '0.bias']
    """
    if args:
        warn(
            "Positional args are being deprecated, use kwargs instead: "
            "state_dict(destination=..., prefix=..., keep_vars=...)",
            FutureWarning,
            stacklevel=2,
        )
        destination = args[0] if destination is None else destination
        prefix = args[1] if len(args) > 1 and prefix == "" else prefix
        keep_vars = args[2] if len(args) > 2 and keep_vars is False else keep_vars
    if destination is None:
        destination = OrderedDict()
        destination._metadata = OrderedDict()
    local_metadata = {"version": self._version}
    if hasattr(destination, "_metadata"):
        destination._metadata[prefix[:-1]] = local_metadata
    for hook in self._state_dict_pre_hooks.values():
        hook(self, prefix, keep_vars)
    self._save_to_state_dict(destination, prefix, keep_vars)
    for name, child in self._modules.items():
        if child is not None:
            child.state_dict(
                destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars
            )
    for hook, may_replace in self._state_dict_hooks.values():
        result = hook(self, destination, prefix, local_metadata)
        if result is not None:
            if not may_replace:
                raise RuntimeError("state_dict post-hook must return None")
            destination = result
    return destination


def _save_to_state_dict(self: Any, destination: Any, prefix: str, keep_vars: bool) -> None:
    """Add this module's own tensors (not its children's) to `destination`."""
    persistent = (
        item for item in self._buffers.items() if item[0] not in self._non_persistent_buffers_set
    )
    for name, tensor in chain(self._parameters.items(), persistent):
        if tensor is not None:
            destination[prefix + name] = tensor if keep_vars else tensor.detach()
    if _overrides(self, "get_extra_state"):
        destination[prefix + EXTRA] = self.get_extra_state()


def get_extra_state(self: Any) -> Any:
    """Override to store something that is no tensor in the state_dict (with set_extra_state)."""
    raise RuntimeError(
        f"{type(self).__name__} has no get_extra_state(): define it in the class to store extra "
        "state in the state_dict"
    )


def set_extra_state(self: Any, state: Any) -> None:
    """Override to take back what get_extra_state returned."""
    raise RuntimeError(
        f"{type(self).__name__} has no set_extra_state(): define it in the class to load extra "
        "state from the state_dict"
    )


# -- loading --------------------------------------------------------------------------------------


def load_state_dict(
    self: Any, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
) -> _IncompatibleKeys:
    """Copy the numbers of a state_dict into this module's parameters and buffers.

    Args:
        strict  names must match exactly, else RuntimeError lists them (default True)
        assign  take the dict's tensors themselves, with their dtype, instead of copying into
                the module's (default False)
    Returns the names that did not match: ``(missing_keys, unexpected_keys)``.
    Raises RuntimeError "Error(s) in loading state_dict for …", with every problem on a line;
    what could be loaded has been loaded.
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
    metadata = getattr(state_dict, "_metadata", None) or {}
    missing: list[str] = []
    unexpected: list[str] = []
    problems: list[str] = []

    def load(module: Any, part: Any, prefix: str) -> None:
        local_metadata = dict(metadata.get(prefix[:-1], {}))
        if assign:
            local_metadata["assign_to_params_buffers"] = True
        # always as if strict: unmatched names are collected, and judged at the end
        module._load_from_state_dict(
            part, prefix, local_metadata, True, missing, unexpected, problems
        )
        for name, child in module._modules.items():
            if child is not None:
                below = f"{prefix}{name}."
                load(child, {k: v for k, v in part.items() if k.startswith(below)}, below)
        keys = _IncompatibleKeys(missing, unexpected)
        for hook in module._load_state_dict_post_hooks.values():
            if hook(module, keys) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are not "
                    "expected to return new values, if incompatible_keys need to be modified, "
                    "it should be done inplace."
                )

    load(self, OrderedDict(state_dict), "")
    if strict:
        found = []
        for what, names in (("Missing", missing), ("Unexpected", unexpected)):
            if names:
                quoted = ", ".join(f'"{name}"' for name in names)
                found.append(f"{what} key(s) in state_dict: {quoted}. ")
        problems[:0] = found
    if problems:
        lines = "\n\t".join(problems)
        raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{lines}")
    return _IncompatibleKeys(missing, unexpected)


def _load_from_state_dict(
    self: Any,
    state_dict: Any,
    prefix: str,
    local_metadata: dict[str, Any],
    strict: bool,
    missing_keys: list[str],
    unexpected_keys: list[str],
    error_msgs: list[str],
) -> None:
    """Load this module's own tensors (not its children's); add what fails to the three lists."""
    for hook, with_module in self._load_state_dict_pre_hooks.values():
        given = (
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )  # fmt: skip
        hook(self, *given) if with_module else hook(*given)
    own = {
        name: tensor
        for name, tensor in chain(self._parameters.items(), self._buffers.items())
        if tensor is not None and name not in self._non_persistent_buffers_set
    }
    assign = local_metadata.get("assign_to_params_buffers", False)
    for name, tensor in own.items():
        key = prefix + name
        if key in state_dict:
            problem = _load_one(self, name, tensor, key, state_dict[key], assign)
            if problem:
                error_msgs.append(problem)
        elif strict:
            missing_keys.append(key)

    extra = prefix + EXTRA
    takes_extra = _overrides(self, "set_extra_state")
    if takes_extra and extra in state_dict:
        self.set_extra_state(state_dict[extra])
    elif takes_extra and strict:
        missing_keys.append(extra)
    elif extra in state_dict and strict:
        unexpected_keys.append(extra)
    if strict:
        for key in state_dict:
            if key.startswith(prefix) and key != extra:
                name, _, below = key[len(prefix) :].partition(".")
                if name not in (self._modules if below else own):
                    unexpected_keys.append(key)


def _load_one(module: Any, name: str, mine: Any, key: str, given: Any, assign: bool) -> str | None:
    """Copy (or assign) one tensor; returns what went wrong, None when nothing did."""
    if not isinstance(given, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(given)}"
        )
    if is_lazy(mine) and is_lazy(given):
        return None
    if mine.dim() == 0 and given.dim() == 1:  # files of before PyTorch 0.4 had no 0-d tensors
        given = given[0]
    if given.shape != mine.shape:
        return (
            f"size mismatch for {key}: copying a param with shape {given.shape} from checkpoint, "
            f"the shape in current model is {mine.shape}."
        )
    try:
        with no_grad():
            if not assign:
                mine.copy_(given)
                return None
            if isinstance(mine, Parameter):
                if isinstance(given, Parameter):
                    given.requires_grad_(mine.requires_grad)
                else:
                    given = Parameter(given, requires_grad=mine.requires_grad)
            setattr(module, name, given)
    except Exception as error:
        return (
            f'While copying the parameter named "{key}", whose dimensions in the model are '
            f"{mine.size()} and whose dimensions in the checkpoint are {given.size()}, an "
            f"exception occurred : {error.args}."
        )
    return None


# -- hooks ----------------------------------------------------------------------------------------


def register_state_dict_post_hook(self: Any, hook: Any) -> RemovableHandle:
    """``hook(module, state_dict, prefix, local_metadata) -> None`` after state_dict()."""
    return add_hook(self._state_dict_hooks, (hook, False))


def _register_state_dict_hook(self: Any, hook: Any) -> RemovableHandle:
    """As register_state_dict_post_hook, but the hook may return another dict."""
    return add_hook(self._state_dict_hooks, (hook, True))


def register_state_dict_pre_hook(self: Any, hook: Any) -> RemovableHandle:
    """``hook(module, prefix, keep_vars) -> None`` before state_dict() looks at the module."""
    return add_hook(self._state_dict_pre_hooks, hook)


def register_load_state_dict_pre_hook(self: Any, hook: Any) -> RemovableHandle:
    """Called before this module loads its own tensors; the hook may change the state_dict.

    ``hook(module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys,
    error_msgs) -> None``
    """
    return self._register_load_state_dict_pre_hook(hook, with_module=True)


def _register_load_state_dict_pre_hook(
    self: Any, hook: Any, with_module: bool = False
) -> RemovableHandle:
    """As register_load_state_dict_pre_hook, by default without the module argument."""
    return add_hook(self._load_state_dict_pre_hooks, (hook, with_module))


def register_load_state_dict_post_hook(self: Any, hook: Any) -> RemovableHandle:
    """``hook(module, incompatible_keys) -> None`` after loading; may edit the two lists."""
    return add_hook(self._load_state_dict_post_hooks, hook)
