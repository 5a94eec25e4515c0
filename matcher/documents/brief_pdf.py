"""A brief as a PDF of one A4 page."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from matcher.documents.brief import Brief, Mini, Source, Why
from matcher.documents.fonts import FAMILY, markup, register_fonts
from matcher.i18n.languages import Language

INK, SOFT, DEEP, WARM = (HexColor(code) for code in ("#1D2B36", "#5B6B78", "#0B4F6C", "#B3641B"))
PANEL, STEP, LINE = (HexColor(code) for code in ("#F2F6F8", "#FDF4EA", "#D5DEE4"))
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
                self._notes(say("Eligibility"), brief.eligibility)
                + self._notes(say("Consent"), brief.consent),
                None,
            ),
            self._gap(2),
            self._footer(say),
        ]

    def _heading(self) -> list[Flowable]:
        brief, say = self.brief, self.say
        head = Table(
            [
                [
                    self._text(say("Introduction brief").upper(), 8, colour=WARM, bold=True),
                    self._text(say.day(brief.made_on), 8, colour=SOFT, right=True),
                ]
            ],
            colWidths=[_WIDTH / 2] * 2,
            style=_plain(),
        )
        names = f"{markup(brief.a.name)} <font color='#B3641B'>×</font> {markup(brief.b.name)}"
        return [
            head,
            self._gap(1.2),
            self._raw(names, 16, colour=DEEP, bold=True),
            self._gap(1.4),
            self._labelled(say("Purpose"), brief.purpose, 10.5),
            self._gap(3.2),
        ]

    def _mini(self, mini: Mini) -> list[Flowable]:
        say = self.say
        cell = [self._text(mini.name, 10.5, colour=DEEP, bold=True)]
        if mini.native_name and mini.native_name != mini.name:
            cell.append(self._text(mini.native_name, 8.2, colour=SOFT))
        cell += [self._text(mini.place, 8.4, colour=SOFT), self._gap(1.2)]
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
        cell = [self._title(why.title, f"{why.fit}/100")]
        for need, offer in why.matches:
            cell.append(self._match(why, need, offer))
            cell.append(self._gap(1))
        if not why.matches:
            cell.append(
                self._text(
                    why.no_match,
                    8.8,
                    colour=SOFT,
                )
            )
        cell += [self._listed("•", point) for point in why.points]
        return cell

    def _match(self, why: Why, need: str, offer: str) -> Flowable:
        say = self.say
        width = (_WIDTH - _GUTTER) / 2
        return Table(
            [
                [
                    [
                        self._text(why.need_label, 7.2, colour=SOFT),
                        self._text(say("“{text}”", text=need), 9),
                    ],
                    self._text("→", 11, colour=WARM),
                    [
                        self._text(why.offer_label, 7.2, colour=SOFT),
                        self._text(say("“{text}”", text=offer), 9),
                    ],
                ]
            ],
            colWidths=[width * 0.465, width * 0.07, width * 0.465],
            style=TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                    ("TOPPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ]
            ),
        )

    def _next_step(self) -> Flowable:
        brief, say = self.brief, self.say
        cell = [
            self._text(say("Suggested first step"), 9.6, colour=WARM, bold=True),
            self._text(brief.first_step, 9.2),
            self._gap(1.6),
            self._text(say("Three questions to start with"), 9.6, colour=WARM, bold=True),
        ]
        cell += [self._listed(f"{place}.", ask) for place, ask in enumerate(brief.questions, 1)]
        return Table([[cell]], colWidths=[_WIDTH], style=_box(STEP))

    def _notes(self, title: str, lines: Sequence[str]) -> list[Flowable]:
        return [
            self._text(title, 8.6, colour=DEEP, bold=True),
            *(self._text(line, 8.2) for line in lines),
            self._gap(1.4),
        ]

    def _footer(self, say: Language) -> Flowable:
        sources = " · ".join(map(_link, self.brief.sources)) or markup(
            say("The profiles, as the clusters gave them")
        )
        title = markup(say("Sources"))
        cell = [
            self._raw(f"<b>{title}:</b> {sources}", 7, colour=SOFT),
            self._text(self.brief.made_note, 7, colour=SOFT),
        ]
        style = _plain()
        style.add("LINEABOVE", (0, 0), (-1, 0), 0.6, LINE)
        style.add("TOPPADDING", (0, 0), (-1, -1), 3)
        return Table([[cell]], colWidths=[_WIDTH], style=style)

    def _columns(self, left: list[Flowable], right: list[Flowable], fill: Color | None) -> Flowable:
        width = (_WIDTH - _GUTTER) / 2
        style = _box(fill) if fill else _plain()
        style.add("BACKGROUND", (1, 0), (1, 0), HexColor("#FFFFFF"))
        return Table([[left, "", right]], colWidths=[width, _GUTTER, width], style=style)

    def _title(self, text: str, figure: str) -> Flowable:
        return self._raw(
            f"{markup(text)} <font color='#5B6B78' size='{7.5 * self.scale:.2f}'>{figure}</font>",
            9.8,
            colour=DEEP,
            bold=True,
        )

    def _labelled(self, name: str, value: str, size: float = 8.5) -> Flowable:
        return self._raw(f"<font color='#5B6B78'>{markup(name)}:</font> {markup(value)}", size)

    def _website(self, url: str) -> Flowable:
        name = markup(self.say("Website"))
        return self._raw(f"<font color='#5B6B78'>{name}:</font> {_link(Source(url, url))}", 8.5)

    def _gap(self, height: float) -> Flowable:
        return Spacer(1, height * mm * self.scale)

    def _text(
        self,
        text: str,
        size: float,
        *,
        colour: Color = INK,
        bold: bool = False,
        right: bool = False,
    ) -> Flowable:
        return self._raw(markup(text), size, colour=colour, bold=bold, right=right)

    def _listed(self, mark: str, text: str) -> Flowable:
        style = self._style(8.9, INK)
        style.leftIndent = 11 * self.scale
        style.bulletFontName, style.bulletFontSize = f"{FAMILY}-SemiBold", style.fontSize
        style.bulletColor = WARM
        return Paragraph(markup(text), style, bulletText=mark)

    def _raw(
        self,
        text: str,
        size: float,
        *,
        colour: Color = INK,
        bold: bool = False,
        right: bool = False,
    ) -> Flowable:
        style = self._style(size, colour)
        style.fontName = f"{FAMILY}-{'SemiBold' if bold else 'Regular'}"
        style.alignment = TA_RIGHT if right else TA_LEFT
        return Paragraph(text, style)

    def _style(self, size: float, colour: Color) -> ParagraphStyle:
        size *= self.scale
        return ParagraphStyle(
            "text",
            fontName=f"{FAMILY}-Regular",
            fontSize=size,
            leading=size * 1.28,
            textColor=colour,
        )


def _link(source: Source) -> str:
    return f'<link href="{markup(source.url)}">{markup(source.text)}</link>'


def _plain() -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ]
    )


def _box(fill: Color) -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, -1), fill),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
        ]
    )
