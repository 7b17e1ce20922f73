"""scaled_dot_product_attention without dropout (its masks: tests/test_dropout.py)."""

from __future__ import annotations

from .spec import Table, b, f

case = CASES = Table()
NAME = "scaled_dot_product_attention"


def sdpa(**kw):
    return lambda torch, q, k, v, *m: torch.nn.functional.scaled_dot_product_attention(
        q, k, v, *m, **kw
    )


def heads_last(torch, q, k, v):
    q, k, v = (t.transpose(1, 2) for t in (q, k, v))
    return torch.nn.functional.scaled_dot_product_attention(q, k, v)


def no_key_for_some(torch, q, k, v):
    mask = torch.ones(5, 7, dtype=torch.bool)
    mask[2] = False
    mask[3, 1:] = False
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, mask)


qkv = f(2, 3, 5, 4), f(2, 3, 7, 4), f(2, 3, 7, 11)
case(NAME, sdpa(), *qkv)
case(NAME, sdpa(), f(2, 3, 5, 4), f(2, 3, 7, 4), f(2, 3, 7, 4))
case(NAME, sdpa(), f(2, 3, 5, 1), f(2, 3, 7, 1), f(2, 3, 7, 2))
case(NAME, sdpa(is_causal=True), *qkv)
case(NAME, sdpa(is_causal=True), f(2, 7, 3), f(2, 5, 3), f(2, 5, 3))
case(NAME, sdpa(scale=0.3), *qkv)
case(NAME, sdpa(scale=90.0), *qkv, numeric=False, rtol32=1e-3, note="scores beyond e^60: maxima")
case(NAME, sdpa(), *qkv, b(5, 7))
case(NAME, sdpa(), *qkv, b(2, 1, 1, 7))
case(NAME, sdpa(), *qkv, f(5, 7))
case(NAME, sdpa(), *qkv, f(2, 3, 5, 7))
case(NAME, no_key_for_some, *qkv)
case(NAME, sdpa(), f(5, 4), f(7, 4), f(7, 11))
case(NAME, sdpa(), f(3, 5, 4), f(3, 7, 4), f(3, 7, 11))
case(NAME, sdpa(), f(2, 1, 3, 5, 4), f(2, 1, 3, 7, 4), f(2, 1, 3, 7, 11))
case(NAME, sdpa(), f(2, 3, 5, 4), f(1, 3, 7, 4), f(2, 1, 7, 11))
case(NAME, sdpa(enable_gqa=True), f(2, 6, 5, 4), f(2, 3, 7, 4), f(2, 2, 7, 11))
case(NAME, heads_last, f(2, 5, 3, 4), f(2, 7, 3, 4), f(2, 7, 3, 4))
case(
    NAME, sdpa(), f(2, 3, 5, 4, layout="strided"), f(2, 3, 7, 4, layout="transposed"), f(2, 3, 7, 4)
)
case(NAME, sdpa(), f(2, 3, 0, 4), f(2, 3, 7, 4), f(2, 3, 7, 4), numeric=False, note="no query")
case(NAME, sdpa(is_causal=True), f(3, 2, 151, 8), f(3, 2, 157, 8), f(3, 2, 157, 8), numeric=False,
     note="several blocks")  # fmt: skip
