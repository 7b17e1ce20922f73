"""Hue, saturation, value: colour as an angle, a purity and a brightness, all 0-1.

With M, m the largest and smallest of (R, G, B), in the 60° sector of the largest:

    v = M                 s = (M − m) / M                                              (1)
    h = 1/6·(0 + (G − B)/(M − m))   where R is largest,
        1/6·(2 + (B − R)/(M − m))   where G is,    1/6·(4 + (R − G)/(M − m))  where B  (2)

and back, with i the sector and f the place within it:

    p = v(1 − s)   q = v(1 − s·f)   t = v(1 − s(1 − f)),   6h = i + f                  (3)
    (R, G, B) = (v,t,p) (q,v,p) (p,v,t) (p,q,v) (t,p,v) (v,p,q)   for i = 0 … 5        (4)

Source: Smith, "Color gamut transform pairs", 1978.
"""

from __future__ import annotations

from typing import Any

from ...ops.choose import where
from ...ops.create import ones_like, zeros_like
from ...ops.joining import stack


def shift_hue(img: Any, turn: float) -> Any:
    """A float tensor image (…, 3, H, W), 0-1, with its hue moved by `turn` (1: full circle)."""
    h, s, v = rgb_to_hsv(img)
    return hsv_to_rgb((h + turn) % 1.0, s, v)


def rgb_to_hsv(img: Any) -> tuple[Any, Any, Any]:
    """Equations (1) and (2); grey pixels get h = 0."""
    r, g, b = img.unbind(-3)
    largest, smallest = img.amax(-3), img.amin(-3)
    grey = largest == smallest
    ones = ones_like(largest)
    spread = largest - smallest
    s = spread / where(grey, ones, largest)  # (1)
    divisor = where(grey, ones, spread)
    to_r, to_g, to_b = ((largest - x) / divisor for x in (r, g, b))
    r_largest = largest == r
    g_largest = (largest == g) & ~r_largest
    b_largest = ~(r_largest | (largest == g))
    h = (
        r_largest * (to_b - to_g)
        + g_largest * (2.0 + to_r - to_b)
        + b_largest * (4.0 + to_g - to_r)
    )
    return (h / 6.0 + 1.0).fmod(1.0), s, largest  # (2)


def hsv_to_rgb(h: Any, s: Any, v: Any) -> Any:
    """Equations (3) and (4), stacked to (…, 3, H, W)."""
    sector = (h * 6.0).floor()
    f = h * 6.0 - sector
    p = (v * (1.0 - s)).clamp(0.0, 1.0)  # (3)
    q = (v * (1.0 - s * f)).clamp(0.0, 1.0)
    t = (v * (1.0 - s * (1.0 - f))).clamp(0.0, 1.0)
    sector = sector % 6.0
    choices = ((v, q, p, p, t, v), (t, v, v, q, p, p), (p, p, t, v, v, q))  # (4), for R, G, B
    channels = []
    for choice in choices:
        channel = zeros_like(v)
        for i, x in enumerate(choice):
            channel = where(sector == i, x, channel)
        channels.append(channel)
    return stack(channels, -3)
