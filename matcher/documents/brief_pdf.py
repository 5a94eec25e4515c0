"""A brief as a PDF of one A4 page."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from matcher.documents.brief import Brief, Mini, Source, Why
from matcher.documents.fonts import FAMILY, markup, register_fonts
from matcher.documents.paper import (
    DEEP,
    INK,
    LINE,
    PANEL,
    SOFT,
    STEP,
    WARM,
    grid,
    paragraph,
    row,
    text,
)
from matcher.i18n.languages import Language

_MARGIN = 15 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_GUTTER = 5 * mm
_FRAME_PADDING = 6
_TOP, _BOTTOM = 13 * mm, 11 * mm
_ROOM = A4[1] - _TOP - _BOTTOM - 2 * _FRAME_PADDING
_SCALES = (1.15, 1.1, 1.05, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)


def brief_pdf(brief: Brief) -> bytes:
    """Render the brief in the largest type that fits on one page."""
    scale = fitting_scale(brief)
    buffer = BytesIO()
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME_PADDING,
        rightMargin=_MARGIN - _FRAME_PADDING,
        topMargin=_TOP,
        bottomMargin=_BOTTOM,
        title=f"{brief.a.name} - {brief.b.name}",
        lang=brief.language,
        invariant=1,
    )
    template.build(_Page(brief, scale).flow())
    return buffer.getvalue()


def fitting_scale(brief: Brief) -> float:
    """Find the largest scale, relative to the design, at which the brief fits on one page."""
    register_fonts()
    return next((s for s in _SCALES if _height(brief, s) <= _ROOM), _SCALES[-1])


def _height(brief: Brief, scale: float) -> float:
    return sum(part.wrap(_WIDTH, _ROOM)[1] for part in _Page(brief, scale).flow())


class _Page:
    def __init__(self, brief: Brief, scale: float) -> None:
        self.brief = brief
        self.scale = scale
        self.say: Language = brief.say

    def flow(self) -> list[Flowable]:
        brief, say = self.brief, self.say
        return [
            *self._heading(),
            self._columns(self._mini(brief.a), self._mini(brief.b), PANEL),
            self._gap(3.2),
            self._columns(self._why(brief.why_for_a), self._why(brief.why_for_b), None),
            self._gap(3.2),
            self._next_step(),
            self._gap(3.2),
            self._columns(
                self._notes(say("Not known yet"), brief.unknown)
                + self._notes(say("Past contact"), brief.past),
                self._notes(say("Eligibility"), brief.eligibility),
                None,
            ),
            self._gap(2),
            self._footer(say),
        ]

    def _heading(self) -> list[Flowable]:
        brief, say = self.brief, self.say
        head = row(
            [
                self._text(say("Introduction brief").upper(), 8, WARM, bold=True),
                self._text(say.day(brief.made_on), 8, SOFT, right=True),
            ],
            [_WIDTH / 2] * 2,
        )
        names = f"{markup(brief.a.name)} <font color='#9A5212'>×</font> {markup(brief.b.name)}"
        return [
            head,
            self._gap(1.2),
            self._raw(names, 16, DEEP, bold=True),
            self._gap(1.4),
            self._labelled(say("Purpose"), brief.purpose, 10.5),
            self._gap(3.2),
        ]

    def _mini(self, mini: Mini) -> list[Flowable]:
        say = self.say
        cell = [self._text(mini.name, 10.5, DEEP, bold=True)]
        if mini.native_name and mini.native_name != mini.name:
            cell.append(self._text(mini.native_name, 8.2, SOFT))
        cell += [self._text(mini.place, 8.4, SOFT), self._gap(1.2)]
        if mini.summary:
            cell += [self._text(mini.summary, 8.8), self._gap(1.2)]
        for name, values in ((say("Offers"), mini.offers), (say("Looking for"), mini.seeks)):
            if values:
                cell.append(self._labelled(name, " · ".join(values)))
        cell += [self._labelled(name, value) for name, value in mini.facts]
        if mini.website:
            cell.append(self._website(mini.website))
        cell += [self._labelled(say("Contact"), contact) for contact in mini.contacts]
        return cell

    def _why(self, why: Why) -> list[Flowable]:
        cell = [self._text(why.title, 9.8, DEEP, bold=True)]
        for need, offer in why.matches:
            cell.append(self._match(why, need, offer))
            cell.append(self._gap(1))
        if not why.matches:
            cell.append(
                self._text(
                    why.no_match,
                    8.8,
                    SOFT,
                )
            )
        cell += [self._listed("•", point) for point in why.points]
        return cell

    def _match(self, why: Why, need: str, offer: str) -> Flowable:
        say = self.say
        width = (_WIDTH - _GUTTER) / 2
        style = grid(top=1, right=2, bottom=2)
        style.add("VALIGN", (0, 0), (-1, -1), "MIDDLE")
        style.add("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)
        return Table(
            [
                [
                    [
                        self._text(why.need_label, 7.2, SOFT),
                        self._text(say("“{text}”", text=need), 9),
                    ],
                    self._text("→", 11, WARM),
                    [
                        self._text(why.offer_label, 7.2, SOFT),
                        self._text(say("“{text}”", text=offer), 9),
                    ],
                ]
            ],
            colWidths=[width * 0.465, width * 0.07, width * 0.465],
            style=style,
        )

    def _next_step(self) -> Flowable:
        brief, say = self.brief, self.say
        cell = [
            self._text(say("Suggested first step"), 9.6, WARM, bold=True),
            self._text(brief.first_step, 9.2),
            self._gap(1.6),
            self._text(say("Three questions to start with"), 9.6, WARM, bold=True),
        ]
        cell += [self._listed(f"{place}.", ask) for place, ask in enumerate(brief.questions, 1)]
        return Table([[cell]], colWidths=[_WIDTH], style=_box(STEP))

    def _notes(self, title: str, lines: Sequence[str]) -> list[Flowable]:
        return [
            self._text(title, 8.6, DEEP, bold=True),
            *(self._text(line, 8.2) for line in lines),
            self._gap(1.4),
        ]

    def _footer(self, say: Language) -> Flowable:
        sources = " · ".join(map(_link, self.brief.sources)) or markup(
            say("The profiles, as the clusters gave them")
        )
        title = markup(say("Sources"))
        cell = [
            self._raw(f"<b>{title}:</b> {sources}", 7, SOFT),
            self._text(self.brief.made_note, 7, SOFT),
        ]
        style = grid()
        style.add("LINEABOVE", (0, 0), (-1, 0), 0.6, LINE)
        style.add("TOPPADDING", (0, 0), (-1, -1), 3)
        return Table([[cell]], colWidths=[_WIDTH], style=style)

    def _columns(self, left: list[Flowable], right: list[Flowable], fill: Color | None) -> Flowable:
        width = (_WIDTH - _GUTTER) / 2
        style = _box(fill) if fill else grid()
        style.add("BACKGROUND", (1, 0), (1, 0), HexColor("#FFFFFF"))
        return Table([[left, "", right]], colWidths=[width, _GUTTER, width], style=style)

    def _labelled(self, name: str, value: str, size: float = 8.5) -> Flowable:
        return self._raw(f"<font color='#5B6B78'>{markup(name)}:</font> {markup(value)}", size)

    def _website(self, url: str) -> Flowable:
        name = markup(self.say("Website"))
        return self._raw(f"<font color='#5B6B78'>{name}:</font> {_link(Source(url, url))}", 8.5)

    def _gap(self, height: float) -> Flowable:
        return Spacer(1, height * mm * self.scale)

    def _text(self, plain: str, size: float, colour: Color = INK, **look: bool) -> Flowable:
        return text(plain, size * self.scale, colour, **look)

    def _raw(self, marked_up: str, size: float, colour: Color = INK, **look: bool) -> Flowable:
        return paragraph(marked_up, size * self.scale, colour, **look)

    def _listed(self, mark: str, plain: str) -> Flowable:
        style = text("", 8.9 * self.scale).style
        style.leftIndent = 11 * self.scale
        style.bulletFontName, style.bulletFontSize = f"{FAMILY}-SemiBold", style.fontSize
        style.bulletColor = WARM
        return Paragraph(markup(plain), style, bulletText=mark)


def _link(source: Source) -> str:
    return f'<link href="{markup(source.url)}">{markup(source.text)}</link>'


def _box(fill: Color) -> TableStyle:
    style = grid(top=7, right=8, bottom=7, left=8)
    style.add("BACKGROUND", (0, 0), (-1, -1), fill)
    return style
