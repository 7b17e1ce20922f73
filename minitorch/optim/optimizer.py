"""Optimizer: what every optimizer does around its update rule.

It holds the parameters in groups, each with its own options (learning rate, …), remembers
numbers for each parameter in `state`, and saves and loads all of it.

    for batch in data:
        optimizer.zero_grad()      # forget the last gradients
        loss = …; loss.backward()  # ∂loss/∂p for every parameter p, in p.grad
        optimizer.step()           # move every p against its gradient
"""

from __future__ import annotations

import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import wraps
from itertools import chain
from typing import Any

import numpy as np

from .. import dtypes
from ..autograd import graph
from ..autograd.grad_mode import enable_grad, no_grad
from ..autograd.graph import TensorBase
from ..autograd.hooks import RemovableHandle, add_hook
from .arrays import Rule, apply


class _Required:
    def __repr__(self) -> str:
        return "<required parameter>"


required = _Required()  # a default that every group must give itself


class Optimizer:
    """Base of all optimizers.

    Args:
        params: Tensors, dicts ``{"params": Tensors, option: value, …}`` (parameter groups), or
            (name, Tensor) pairs.
        defaults: options of groups that do not give their own.
    Raises:
        TypeError: params that are not Tensors.
        ValueError: no parameters at all; one that is no leaf; one in two groups.

    A subclass gives `update`; or a `step` of its own, as custom optimizers do.

    Example:
        >>> import minitorch as torch
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = torch.optim.SGD([w], lr=0.1)
        >>> (w * 3).sum().backward(); optimizer.step(); w
        tensor([0.7000], requires_grad=True)
    """

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self._make_hooks()
        if isinstance(params, TensorBase):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or "
                f"dicts, but got {params.type()}"  # type: ignore[attr-defined]
            )
        self.state: Any = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "step" in cls.__dict__:
            cls.step = _hooked(cls.step)  # type: ignore[method-assign]

    def _make_hooks(self) -> None:
        self._optimizer_step_pre_hooks: Any = OrderedDict()
        self._optimizer_step_post_hooks: Any = OrderedDict()
        self._optimizer_state_dict_pre_hooks: Any = OrderedDict()
        self._optimizer_state_dict_post_hooks: Any = OrderedDict()
        self._optimizer_load_state_dict_pre_hooks: Any = OrderedDict()
        self._optimizer_load_state_dict_post_hooks: Any = OrderedDict()

    # -- the step ---------------------------------------------------------------------------------

    def update(self, group: dict[str, Any], p: Any) -> Any:
        """The update of one parameter: (rule, its arrays with p first, its numbers).

        Called once a step for every parameter that has a gradient; keeps its numbers in
        ``self.state[p]``.
        """
        raise NotImplementedError

    def check(self, group: dict[str, Any]) -> None:
        """Raise for options that can't be followed; called before a group's updates."""
        if group.get("capturable") and not group.get("fused"):
            raise AssertionError(
                "If capturable=True, params and state_steps must be on supported devices: "
                "['cuda', 'xpu', 'hpu', 'privateuseone', 'xla']."
            )

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update every parameter that has a gradient.

        Args:
            closure: computes the loss again (with backward) and returns it; its result is
                returned here (default None).
        """
        with no_grad():
            loss = None
            if closure is not None:
                with enable_grad():
                    loss = closure()
            jobs, moved = [], []
            for group in self.param_groups:
                self.check(group)
                for p in group["params"]:
                    if p._grad is not None:
                        jobs.append(self.update(group, p))
                        moved.append(p)
            apply(jobs)
            for p in moved:
                p._changes[0] += 1
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters; with set_to_none=False, fill them with zeros."""
        for group in self.param_groups:
            for p in group["params"]:
                if p._grad is None:
                    continue
                if set_to_none:
                    p._grad = None
                else:
                    p._grad = p._grad.detach()
                    p._grad.zero_()

    # -- groups -----------------------------------------------------------------------------------

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with their own options: ``{"params": …, "lr": 0.01}``."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, TensorBase):
            params = [params]
        elif isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the "
                "ordering of tensors in sets will change between runs. Please use a list instead."
            )
        params = list(params)
        named = [isinstance(p, tuple) for p in params]
        if any(named) and not all(named):
            raise ValueError(
                "all optimizer params should be with/without names. Some param names are missing"
            )
        if any(named):
            param_group["param_names"] = [name for name, _ in params]
            params = [p for _, p in params]
        param_group["params"] = params
        for p in params:
            if not isinstance(p, TensorBase):
                raise TypeError(
                    "optimizer can only optimize Tensors, but one of the params is "
                    f"{type(p).__name__}"
                )
            if not (p.is_leaf or self.defaults.get("differentiable")):  # type: ignore[attr-defined]
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(
                    f"parameter group didn't specify a value of required optimization "
                    f"parameter {name}"
                )
            param_group.setdefault(name, default)
        if len(params) != len({id(p) for p in params}):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this "
                "will cause an error; see github.com/pytorch/pytorch/issues/40967 for more "
                "information",
                stacklevel=3,
            )
        if self.param_groups and (
            ("param_names" in param_group) != ("param_names" in self.param_groups[0])
        ):
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add param group "
                f"{'with' if 'param_names' in param_group else 'without'} names to the optimizer"
            )
        known = {id(p) for group in self.param_groups for p in group["params"]}
        if any(id(p) in known for p in params):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    # -- saving and loading -----------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """``{"state": {parameter's number: …}, "param_groups": [{…, "params": numbers}, …]}``.

        Parameters are numbered through all groups; the tensors are the optimizer's own.
        """
        for pre in tuple(self._optimizer_state_dict_pre_hooks.values()):
            pre(self)
        numbers: dict[int, int] = {}
        packed = []
        for group in self.param_groups:
            for p in group["params"]:
                numbers.setdefault(id(p), len(numbers))
            options = {k: v for k, v in group.items() if k != "params"}
            packed.append({**options, "params": [numbers[id(p)] for p in group["params"]]})
        state = {
            (numbers[id(k)] if isinstance(k, TensorBase) else k): v for k, v in self.state.items()
        }
        result = {"state": state, "param_groups": packed}
        for post in tuple(self._optimizer_state_dict_post_hooks.values()):
            changed = post(self, result)
            result = result if changed is None else changed
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict()` gave, matching parameters by their order.

        Raises: ValueError when the groups' number or sizes differ.
        """
        state_dict = dict(state_dict)
        for pre in tuple(self._optimizer_load_state_dict_pre_hooks.values()):
            changed = pre(self, state_dict)
            state_dict = state_dict if changed is None else changed
        groups, saved = self.param_groups, deepcopy(state_dict["param_groups"])
        if len(groups) != len(saved):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(g["params"]) != len(s["params"]) for g, s in zip(groups, saved)):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of "
                "optimizer's group"
            )
        owners = dict(
            zip(
                chain.from_iterable(s["params"] for s in saved),
                chain.from_iterable(g["params"] for g in groups),
            )
        )
        state: Any = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in owners:
                state[owners[key]] = _cast(owners[key], value)
            else:
                state[key] = value
        for new, old in zip(saved, groups):
            new["params"] = old["params"]
            if "param_names" in old and "param_names" not in new:
                new["param_names"] = old["param_names"]
        self.__setstate__({"state": state, "param_groups": saved})
        for post in tuple(self._optimizer_load_state_dict_post_hooks.values()):
            post(self)

    def __getstate__(self) -> dict[str, Any]:
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_optimizer_step_pre_hooks" not in self.__dict__:  # from a pickle: hooks stay behind
            self._make_hooks()
        for group in self.param_groups:  # options that an older file does not have
            for name, value in self.defaults.items():
                group.setdefault(name, value)

    def __repr__(self) -> str:
        text = type(self).__name__ + " ("
        for i, group in enumerate(self.param_groups):
            text += f"\nParameter Group {i}\n"
            for key in sorted(group):
                if key != "params":
                    text += f"    {key}: {group[key]}\n"
        return text + ")"

    # -- hooks ------------------------------------------------------------------------------------

    def register_step_pre_hook(self, hook: Any) -> RemovableHandle:
        """``hook(optimizer, args, kwargs) -> None or (args, kwargs)``, before each step."""
        return add_hook(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook: Any) -> RemovableHandle:
        """``hook(optimizer, args, kwargs)``, after each step."""
        return add_hook(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Any, prepend: bool = False) -> RemovableHandle:
        """``hook(optimizer)``, before `state_dict` collects."""
        return add_hook(self._optimizer_state_dict_pre_hooks, hook, prepend=prepend)

    def register_state_dict_post_hook(self, hook: Any, prepend: bool = False) -> RemovableHandle:
        """``hook(optimizer, state_dict) -> None or state_dict``, on `state_dict`'s result."""
        return add_hook(self._optimizer_state_dict_post_hooks, hook, prepend=prepend)

    def register_load_state_dict_pre_hook(
        self, hook: Any, prepend: bool = False
    ) -> RemovableHandle:
        """``hook(optimizer, state_dict) -> None or state_dict``, before loading."""
        return add_hook(self._optimizer_load_state_dict_pre_hooks, hook, prepend=prepend)

    def register_load_state_dict_post_hook(
        self, hook: Any, prepend: bool = False
    ) -> RemovableHandle:
        """``hook(optimizer)``, after loading."""
        return add_hook(self._optimizer_load_state_dict_post_hooks, hook, prepend=prepend)


def _hooked(step: Any) -> Any:
    """A step that calls the hooks around itself."""

    @wraps(step)
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        for pre in tuple(self._optimizer_step_pre_hooks.values()):
            changed = pre(self, args, kwargs)
            if changed is not None:
                if not (isinstance(changed, tuple) and len(changed) == 2):
                    raise RuntimeError(
                        f"{pre} must return None or a tuple of (new_args, new_kwargs), but got "
                        f"{changed}."
                    )
                args, kwargs = changed
        if "_opt_called" in self.__dict__:  # a scheduler wants to know
            self._opt_called = True
        result = step(self, *args, **kwargs)
        for post in tuple(self._optimizer_step_post_hooks.values()):
            post(self, args, kwargs)
        return result

    run.has_hooks = True  # type: ignore[attr-defined]
    return run


Optimizer.step = _hooked(Optimizer.step)  # type: ignore[method-assign]


def _cast(p: Any, value: Any, key: str = "") -> Any:
    """A saved state value as this parameter needs it: its dtype, except for the step count."""
    if isinstance(value, TensorBase):
        data = value._data
        wanted = p._data.dtype if p._data.dtype.kind == "f" and key != "step" else data.dtype
        return graph.wrap(np.array(data, wanted))
    if isinstance(value, dict):
        return {k: _cast(p, v, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_cast(p, v) for v in value)
    return deepcopy(value)


# -- what the optimizers share --------------------------------------------------------------------

Params = Iterable[Any]
Job = tuple[Rule, tuple[Any, ...], dict[str, Any]]


def number(value: Any) -> float:
    """An option as a number: a learning rate may be a 1-element Tensor."""
    return value.item() if isinstance(value, TensorBase) else value  # type: ignore[attr-defined]


def zeros_like(p: Any, fill: float = 0.0) -> Any:
    """A state tensor for parameter p."""
    return graph.wrap(np.full(p._data.shape, fill, p._data.dtype))


def new_step(start: float = 0.0) -> Any:
    """A step count: a 0-d Tensor, float32 as PyTorch stores it, or float64 if the default is."""
    wide = dtypes.default_float() == np.float64
    return graph.wrap(np.full((), start, np.float64 if wide else np.float32))


def count_step(state: dict[str, Any]) -> float:
    """Add 1 to the step count; returns it."""
    step = state["step"]
    if not isinstance(step, TensorBase):  # a plain number in a hand-made state_dict
        step = state["step"] = new_step(step)
    step._data += 1
    step._changes[0] += 1
    return float(step._data)


def check_lr(lr: Any) -> None:
    """Raise for a learning rate that is negative or has several elements."""
    if isinstance(lr, TensorBase) and lr._data.size != 1:
        raise ValueError("Tensor lr must be 1-element")
    check_least("learning rate", number(lr))


def check_least(name: str, value: Any, least: float = 0.0) -> None:
    """Raise for an option below its smallest value."""
    if not least <= value:
        raise ValueError(f"Invalid {name}{'' if ' ' in name else ' value'}: {value}")


def check_betas(betas: Any) -> None:
    """Raise for decay rates outside [0, 1)."""
    for i in (0, 1):
        if not 0.0 <= number(betas[i]) < 1.0:
            raise ValueError(f"Invalid beta parameter at index {i}: {betas[i]}")


def check_modes(foreach: Any, differentiable: bool, fused: Any = None) -> None:
    """`foreach` and `fused` choose among PyTorch's kernels: accepted, the numbers are the same.

    Raises: RuntimeError where PyTorch does; NotImplementedError for differentiable=True.
    """
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")
    if differentiable:
        raise NotImplementedError(
            "differentiable=True is not supported: a step changes parameters outside the graph"
        )
