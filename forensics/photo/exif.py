"""What the EXIF block says of the camera, the time and the way up (CIPA DC-008, EXIF 3.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from forensics.photo.directories import Directory, TaggedFile
from forensics.photo.photo import Camera

_MAKE, _MODEL, _ORIENTATION, _EXIF = 0x010F, 0x0110, 0x0112, 0x8769
_LENS = 0xA434
# The moment the shutter was released, and the moment it was digitised: (time, fraction of a second, zone). The plain
# DateTime tag is left out: editing programs set it to the time of their last change.
_TIMES = ((0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012))
_TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"([+-])(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Exif:
    """The few facts that are kept of an EXIF block.

    Attributes
    ----------
    orientation : int
        1 to 8 as in EXIF; 1 is upright.
    camera : Camera or None
        None where nothing is said.
    taken_at : datetime or None
        As the camera's clock said; with a zone only where the block gives one.
    readable : bool
        False where there was a block that could not be read.
    """

    orientation: int = 1
    camera: Camera | None = None
    taken_at: datetime | None = None
    readable: bool = True


def read_exif(block: bytes) -> Exif:
    """Read an EXIF block; whatever is wrong in it is left out, as it is no fault of the picture.

    Parameters
    ----------
    block : bytes
        From the byte order mark on, with or without the ``Exif`` mark before it; may be empty.

    Returns
    -------
    Exif
        What could be read.
    """
    if not block:
        return Exif()
    file = TaggedFile.open(block.removeprefix(b"Exif\0\0"))
    found = None if file is None else file.directory(file.first)
    if file is None or found is None:
        return Exif(readable=False)
    main, _ = found
    return exif_of(file, main)


def exif_of(file: TaggedFile, main: Directory) -> Exif:
    """Read the facts from a main directory, of an EXIF block or of a TIFF file."""
    orientation = main.integer(_ORIENTATION, 1)
    below = file.directory(main.integer(_EXIF, 0))
    details = below[0] if below else Directory(file.order, {}, frozenset())
    camera = Camera(make=main.text(_MAKE), model=main.text(_MODEL), lens=details.text(_LENS))
    return Exif(
        orientation=orientation if 1 <= orientation <= 8 else 1,
        camera=camera if camera != Camera() else None,
        taken_at=next((time for tags in _TIMES if (time := _time(details, *tags)) is not None), None),
    )


def _time(details: Directory, time_tag: int, fraction_tag: int, zone_tag: int) -> datetime | None:
    parts = _TIME.fullmatch(details.text(time_tag))
    if parts is None:
        return None
    fraction = details.text(fraction_tag)
    microseconds = int(fraction[:6].ljust(6, "0")) if fraction.isascii() and fraction.isdecimal() else 0
    zone = _ZONE.fullmatch(details.text(zone_tag))
    offset = None
    if zone is not None:
        minutes = int(zone[2]) * 60 + int(zone[3])
        # No zone on Earth is further than 14 hours from UTC.
        if minutes <= 14 * 60:
            offset = timezone(timedelta(minutes=-minutes if zone[1] == "-" else minutes))
    year, month, day, hour, minute, second = map(int, parts.groups())
    try:
        return datetime(year, month, day, hour, minute, second, microseconds, tzinfo=offset)
    except ValueError:
        # "0000:00:00 00:00:00" is what a camera writes whose clock was never set.
        return None
