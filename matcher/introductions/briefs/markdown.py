"""A brief as Markdown."""

import re

from matcher.introductions.briefs.brief import Brief, Mini, Why
from matcher.introductions.briefs.labels import Labels, labels

_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#!|~&]|^[-+=]|^\d+(?=[.)])")


def brief_markdown(brief: Brief) -> str:
    """Render the brief; every sign with a meaning in Markdown or HTML is escaped."""
    say = labels(brief.language)
    lines = [
        f"# {_safe(brief.a.name)} × {_safe(brief.b.name)}",
        "",
        f"*{_safe(say('title'))}, {_safe(say.day(brief.made_on))}*",
        "",
        f"**{_safe(say('purpose'))}:** {_safe(brief.purpose)}",
        "",
    ]
    for mini in (brief.a, brief.b):
        lines += _mini(mini, say)
    for why in (brief.why_for_a, brief.why_for_b):
        lines += _why(why, say)
    lines += [f"## {_safe(say('first_step'))}", "", _safe(brief.first_step), ""]
    lines += [f"## {_safe(say('questions'))}", ""]
    lines += [f"{place}. {_safe(ask)}" for place, ask in enumerate(brief.questions, 1)]
    lines.append("")
    for key in ("unknown", "eligibility", "past", "consent"):
        lines += [f"## {_safe(say(key))}", "", *_bullets(getattr(brief, key)), ""]
    sources = [f"<{source.url}>" for source in brief.sources if not set(source.url) & set("<> ")]
    lines += [f"## {_safe(say('sources'))}", ""]
    lines += [f"- {url}" for url in sources] or _bullets([say("no_sources")])
    lines += ["", _safe(say("made_on", date=say.day(brief.made_on)))]
    return "\n".join(lines) + "\n"


def _mini(mini: Mini, say: Labels) -> list[str]:
    lines = [f"## {_safe(mini.name)}", "", _safe(mini.place), ""]
    if mini.native_name:
        lines[2:2] = [f"{_safe(mini.native_name)}  "]
    if mini.summary:
        lines += [_safe(mini.summary), ""]
    facts = [
        (say("offers"), " · ".join(mini.offers)),
        (say("seeks"), " · ".join(mini.seeks)),
        *mini.facts,
        (say("website"), mini.website or ""),
        *((say("contact"), contact) for contact in mini.contacts),
    ]
    lines += [f"- {_safe(name)}: {_safe(value)}" for name, value in facts if value]
    return [*lines, ""]


def _why(why: Why, say: Labels) -> list[str]:
    lines = [f"## {_safe(say('why_for', name=why.seeker))} ({why.fit}/100)", ""]
    if why.matches:
        heads = (say("you_seek", seeker=why.seeker), say("they_offer", giver=why.giver))
        lines += [f"| {_safe(heads[0])} | {_safe(heads[1])} |", "|---|---|"]
        lines += [f"| {_safe(need)} | {_safe(offer)} |" for need, offer in why.matches]
    else:
        lines.append(_safe(say("no_match", seeker=why.seeker, giver=why.giver)))
    return [*lines, "", *_bullets(why.points), ""]


def _bullets(lines: tuple[str, ...] | list[str]) -> list[str]:
    return [f"- {_safe(line)}" for line in lines]


def _safe(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _escaped(sign.group()), text)


def _escaped(sign: str) -> str:
    return f"{sign}\u200b" if sign.isdigit() else f"\\{sign}"
