"""Putting together, repeating, moving and padding."""

from __future__ import annotations

from .spec import Table, b, f, i

case = CASES = Table()

# -- joining
case("cat", lambda torch, x, y: torch.cat([x, y]), f(2, 3), f(5, 3))
case("cat", lambda torch, x, y: torch.cat((x, y), dim=-1), f(2, 3), f(2, 5, layout="transposed"))
case("cat", lambda torch, x, y: torch.cat([x, y, x], 1), f(2, 3), f(2, 5))
case("cat", lambda torch, x, y: torch.cat([x, torch.tensor([]), y]), f(2, 3), f(5, 3))
case("cat", lambda torch, x, y: torch.cat([x, y]), f(2, 3), i(5, 3), grad=False)
case("cat", lambda torch, x, y: torch.cat([x, y]), b(3), i(2), grad=False)
case("cat", lambda torch, x: torch.cat([x, x[:0]]), f(2, 3))
case("cat", lambda torch, x: torch.cat([x], out=torch.empty(2, 3).to(x.dtype)), f(2, 3), grad=False)
case("cat", lambda torch, x, y: torch.concat([x, y], dim=0), f(2), f(3))
case("cat", lambda torch, x, y: torch.concatenate([x, y], axis=1), f(1, 2), f(1, 3))
case("stack", lambda torch, x, y: torch.stack([x, y]), f(2, 3), f(2, 3))
case("stack", lambda torch, x, y: torch.stack((x, y), dim=-1), f(2, 3), f(2, 3))
case("stack", lambda torch, x, y: torch.stack([x, y, x], 1), f(2, 3), f(2, 3, layout="strided"))
case("stack", lambda torch, x, y: torch.stack([x, y]), f(), f())
case("hstack", lambda torch, x, y: torch.hstack([x, y]), f(2, 3), f(2, 5))
case("hstack", lambda torch, x, y: torch.hstack([x, y]), f(2), f())
case("vstack", lambda torch, x, y: torch.vstack([x, y]), f(3), f(2, 3))
case("vstack", lambda torch, x, y: torch.row_stack([x, y]), f(), f())
case("dstack", lambda torch, x, y: torch.dstack([x, y]), f(2, 3), f(2, 3))
case("dstack", lambda torch, x, y: torch.dstack([x, y]), f(3), f(3))
case("column_stack", lambda torch, x, y: torch.column_stack([x, y]), f(3), f(3, 2))
case("block_diag", lambda torch, x, y, z: torch.block_diag(x, y, z), f(2, 3), f(3), f())

# -- repeating
case("repeat", lambda torch, x: x.repeat(3, 2), f(2, 3))
case("repeat", lambda torch, x: x.repeat((2, 1, 3)), f(2, 3, layout="transposed"))
case("repeat", lambda torch, x: x.repeat(1, 1), f(2, 3))
case("repeat", lambda torch, x: x.repeat(0, 2), f(2, 3))
case("repeat", lambda torch, x: x.repeat(5), f())
case("tile", lambda torch, x: torch.tile(x, (2,)), f(2, 3))
case("tile", lambda torch, x: x.tile(2, 3, 1), f(2, 3))
case("repeat_interleave", lambda torch, x: torch.repeat_interleave(x, 3), f(2, 3))
case("repeat_interleave", lambda torch, x: x.repeat_interleave(2, dim=-1), f(2, 3))
case("repeat_interleave",
     lambda torch, x: x.repeat_interleave(torch.tensor([2, 0, 3]), 1), f(2, 3))  # fmt: skip
case("repeat_interleave", lambda torch, x: torch.repeat_interleave(x), i(5, low=0, high=4),
     grad=False)  # fmt: skip
case("repeat_interleave",
     lambda torch, x: x.repeat_interleave(torch.tensor([1, 2]), 0, output_size=3), f(2, 3))  # fmt: skip

# -- moving
case("roll", lambda torch, x: torch.roll(x, 2), f(3, 5))
case("roll", lambda torch, x: x.roll((1, -2), (0, 1)), f(3, 5))
case("roll", lambda torch, x: x.roll(shifts=7, dims=-1), f(3, 5, layout="transposed"))
case("flip", lambda torch, x: torch.flip(x, (0, 2)), f(2, 3, 5))
case("flip", lambda torch, x: x.flip(-1), f(2, 3))
case("flip", lambda torch, x: x.flip([]), f(2, 3))
case("fliplr", lambda torch, x: torch.fliplr(x), f(2, 3))
case("flipud", lambda torch, x: x.flipud(), f(2, 3))
case("rot90", lambda torch, x: torch.rot90(x), f(2, 3))
case("rot90", lambda torch, x: x.rot90(-1, [1, 2]), f(2, 3, 5))
case("rot90", lambda torch, x: torch.rot90(x, k=2, dims=(2, 0)), f(2, 3, 5))

# -- shapes that fit together
case("broadcast_tensors", lambda torch, x, y: torch.broadcast_tensors(x, y), f(3, 1), f(2, 1, 5))
case("atleast_1d", lambda torch, x, y: torch.atleast_1d(x, y), f(), f(2, 3))
case("atleast_2d", lambda torch, x: torch.atleast_2d(x), f(3))
case("atleast_2d", lambda torch, x, y: torch.atleast_2d([x, y]), f(), f(2, 3))
case("atleast_3d", lambda torch, x: torch.atleast_3d(x), f(2, 3))
case("atleast_3d", lambda torch, x: torch.atleast_3d(x), f(3))
case("meshgrid", lambda torch, x, y: torch.meshgrid(x, y, indexing="ij"), f(2), f(3))
case("meshgrid", lambda torch, x, y, z: torch.meshgrid([x, y, z], indexing="xy"), f(2), f(3), f(5))
case("meshgrid", lambda torch, x, y: torch.meshgrid(x, y), f(2), f())
case("cartesian_prod", lambda torch, x, y: torch.cartesian_prod(x, y), f(2), f(3))
case("combinations", lambda torch, x: torch.combinations(x), f(5))
case("combinations", lambda torch, x: torch.combinations(x, r=3, with_replacement=True), f(3))

# -- padding
case("constant_pad_nd", lambda torch, x: torch.constant_pad_nd(x, (1, 2), 3.0), f(2, 3))
pads = {"last": (1, 2), "two": (2, 0, 1, 3), "crop": (-1, 2), "all": (0, 1, -1, 1, 2, 0)}
for p in pads.values():
    case("pad", lambda torch, x, p=p: torch.nn.functional.pad(x, p), f(2, 3, 5))
case("pad", lambda torch, x: torch.nn.functional.pad(x, (1, 1), value=7.5), f(3, layout="strided"))
case("pad", lambda torch, x: torch.nn.functional.pad(x, (1, 0), "constant", 2), i(2, 3), grad=False)
for mode in ("reflect", "replicate", "circular"):
    case("pad", lambda torch, x, m=mode: torch.nn.functional.pad(x, (2, 1), mode=m), f(2, 5))
    case("pad", lambda torch, x, m=mode: torch.nn.functional.pad(x, (1, 2, 2, 1), mode=m),
         f(2, 3, 5, 7, layout="transposed"))  # fmt: skip
    case("pad", lambda torch, x, m=mode: torch.nn.functional.pad(x, (1, 0, 0, 1, 1, 1), m),
         f(2, 3, 2, 5, 3))  # fmt: skip
case("pad", lambda torch, x: torch.nn.functional.pad(x, (-1, 2), mode="circular"), f(2, 5))
case("pad", lambda torch, x: torch.nn.functional.pad(x, (4, 6), mode="replicate"), f(2, 3))
