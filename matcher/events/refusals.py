"""What participants and organisers are told when something cannot be done; pages translate it."""

from collections.abc import Mapping
from types import MappingProxyType

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "gone": "You do not take part in this event any more.",
        "closed": "The organisers have closed this. Please write to them.",
        "fixed": "Your meetings are fixed by now, and this would break one. Please write to "
        "the organisers.",
        "details": "These details cannot be read.",
        "each day": "Say for each day when you are there.",
        "some day": "Say when you are there, on one day at least.",
        "times": "These times cannot be read.",
        "hours": "These times are not within the event's hours.",
        "nobody": "There is no such participant.",
        "many": "You have made as many such choices as there may be. Take one back first.",
        "wanted": "Others have asked for all the meetings that this participant can take. You "
        "can still say that you would like to meet.",
        "not now": "This meeting is over, or not today.",
        "minutes": "Say how many minutes you are late.",
        "told": "You have said so already.",
        "not begun": "This meeting has not begun yet.",
        "no meeting": "You have no meeting with this participant.",
        "feedback": "This cannot be read.",
        "consent": "Please agree that the name is shown to those whom you meet.",
        "nothing": "Please choose what to do.",
        "over": "This event is over: its links work no more.",
        "no schedule": "There is no schedule yet: there are no meetings to tell of.",
        "no address": "Choose participants with an address.",
        "both": "Give either one pattern or a list of links, not both.",
        "links": "The links cannot be read.",
        "settings": "This cannot be settled.",
    }
)
