"""What a browser says of itself, as people would."""

import dataclasses
import enum
import re
from typing import Final

from django.utils.translation import gettext_lazy as _

SEEN: Final = "people.seen"
"""The key in a session under which stands when it was last seen."""


class DeviceKind(enum.StrEnum):
    """Say what kind of device somebody holds."""

    PHONE = "phone"
    TABLET = "tablet"
    COMPUTER = "computer"
    UNKNOWN = "unknown"


DEVICE_NAMES: Final = {
    DeviceKind.PHONE: _("Phone"),
    DeviceKind.TABLET: _("Tablet"),
    DeviceKind.COMPUTER: _("Computer"),
    DeviceKind.UNKNOWN: _("Unknown device"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Device:
    """Describe a browser: the kind of device, the system on it, the name of the browser; empty where unknown."""

    kind: DeviceKind
    system: str
    browser: str


# In this order: each names itself after those before it in history.
_BROWSERS = {
    r"EdgA?/|EdgiOS": "Edge",
    r"OPR/|Opera": "Opera",
    r"SamsungBrowser": "Samsung Internet",
    r"Vivaldi": "Vivaldi",
    r"Firefox|FxiOS": "Firefox",
    r"Chrom(?:e|ium)|CriOS": "Chrome",
    r"Safari": "Safari",
}
_SYSTEMS = {
    r"iPhone|iPod": ("iPhone", DeviceKind.PHONE),
    r"iPad": ("iPad", DeviceKind.TABLET),
    r"Android.*Mobile": ("Android", DeviceKind.PHONE),
    r"Android": ("Android", DeviceKind.TABLET),
    r"Windows": ("Windows", DeviceKind.COMPUTER),
    r"Mac OS X|Macintosh": ("macOS", DeviceKind.COMPUTER),
    r"CrOS": ("ChromeOS", DeviceKind.COMPUTER),
    r"Linux|X11": ("Linux", DeviceKind.COMPUTER),
}


def device_of(user_agent: str) -> Device:
    """Return what a browser's own line tells; whoever writes another line is believed, for it is only a hint."""
    browser = next((name for pattern, name in _BROWSERS.items() if re.search(pattern, user_agent)), "")
    for pattern, (system, kind) in _SYSTEMS.items():
        if re.search(pattern, user_agent):
            return Device(kind, system, browser)
    return Device(DeviceKind.UNKNOWN, "", browser)
