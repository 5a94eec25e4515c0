"""Small self-contained pieces of HTML for notebooks: inline styles, no script, all text escaped.

Colours are translucent or inherited, so that light and dark notebooks both read well.
"""

from collections.abc import Iterable, Sequence
from html import escape

BLUE, ORANGE = "#0072B2", "#D55E00"
_CELL = "padding:4px 10px;vertical-align:top;text-align:{align};border:none"
_BOX = "font-family:system-ui,sans-serif;font-size:13px;line-height:1.4;max-width:1100px"


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Markup:
    """Escape anything but markup."""
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def box(title: str, subtitle: str, *parts: Markup, foot: str = "") -> str:
    """A titled block."""
    small = "opacity:.7;font-size:12px"
    return (
        f'<div style="{_BOX}"><div style="font-size:16px;font-weight:600">{escape(title)}</div>'
        f'<div style="{small};margin-bottom:6px">{escape(subtitle)}</div>{"".join(parts)}'
        f'<div style="{small};margin-top:6px">{escape(foot)}</div></div>'
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], right: int = 0) -> Markup:
    """A table; the last `right` columns, usually numbers, are aligned to the right."""
    aligns = ["left"] * (len(heads) - right) + ["right"] * right
    head = "".join(
        f'<th style="{_CELL.format(align=align)};font-weight:600">{escape(name)}</th>'
        for name, align in zip(heads, aligns, strict=True)
    )
    body = "".join(
        '<tr style="border-top:1px solid rgba(128,128,128,.3);background:none">'
        + "".join(
            f'<td style="{_CELL.format(align=align)}">{text(cell)}</td>'
            for cell, align in zip(row, aligns, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    style = "border-collapse:collapse;border:none;margin:0"
    return Markup(
        f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def bar(share: float, label: str) -> Markup:
    """A bar for a value in [0, 1], its number beside it."""
    width = round(100 * min(max(share, 0.0), 1.0))
    return Markup(
        '<div style="display:flex;align-items:center;gap:6px;min-width:110px">'
        '<div style="flex:1;background:rgba(128,128,128,.2);height:9px">'
        f'<div style="width:{width}%;background:{BLUE};height:9px"></div></div>'
        f"<span>{escape(label)}</span></div>"
    )


def signed_bar(value: float, largest: float) -> Markup:
    """A bar to the right of the middle for what speaks for a pair, to the left for against."""
    width = round(50 * min(abs(value) / largest, 1.0)) if largest else 0
    start, colour = (50, BLUE) if value >= 0 else (50 - width, ORANGE)
    return Markup(
        '<div style="display:flex;align-items:center;gap:6px;min-width:190px">'
        '<div style="flex:1;position:relative;background:rgba(128,128,128,.12);height:9px">'
        f'<div style="position:absolute;left:{start}%;width:{width}%;background:{colour};'
        f'height:9px"></div></div><span>{value:+.2f}</span></div>'
    )


def lines(items: Iterable[object], *, muted: object = None) -> Markup:
    """Texts below each other, a muted one last."""
    parts = [f"<div>{escape(str(item))}</div>" for item in items]
    if muted:
        parts.append(f'<div style="opacity:.7;font-style:italic">{escape(str(muted))}</div>')
    return Markup("".join(parts))
