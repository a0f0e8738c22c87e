"""Tagged directories (TIFF 6.0, BigTIFF), which TIFF files and EXIF blocks share.

Read with every offset and count checked against the bytes at hand: a wrong entry is left out, never followed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

# Field types of TIFF 6.0 and BigTIFF: struct letter and bytes per value.
_TYPES: dict[int, tuple[str, int]] = {
    1: ("B", 1),
    2: ("s", 1),
    3: ("H", 2),
    4: ("I", 4),
    5: ("II", 8),
    6: ("b", 1),
    7: ("s", 1),
    8: ("h", 2),
    9: ("i", 4),
    10: ("ii", 8),
    11: ("f", 4),
    12: ("d", 8),
    13: ("I", 4),
    16: ("Q", 8),
    17: ("q", 8),
    18: ("Q", 8),
}
_MOST_DIRECTORIES = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One tagged field: its TIFF type, how many values, and their bytes in the file's byte order."""

    type: int
    count: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries of one directory, by tag.

    Attributes
    ----------
    order : {"<", ">"}
        Byte order.
    entries : dict of int to Entry
        Those that could be read.
    broken : frozenset of int
        Tags whose values lie outside the file or are of an unknown type.
    """

    order: str
    entries: dict[int, Entry]
    broken: frozenset[int]

    def integers(self, tag: int) -> tuple[int, ...]:
        """Give the whole numbers of a tag; empty where it is absent or holds something else."""
        entry = self.entries.get(tag)
        if entry is None or entry.type not in (1, 3, 4, 6, 8, 9, 13, 16, 17, 18):
            return ()
        letter, _ = _TYPES[entry.type]
        return struct.unpack(f"{self.order}{entry.count}{letter}", entry.raw)

    def integer(self, tag: int, default: int) -> int:
        """Give the first whole number of a tag, or the default."""
        numbers = self.integers(tag)
        return numbers[0] if numbers else default

    def text(self, tag: int) -> str:
        """Give the text of a tag up to its first zero byte, stripped; empty where there is none."""
        entry = self.entries.get(tag)
        if entry is None or entry.type not in (2, 7):
            return ""
        text = entry.raw.split(b"\0", 1)[0].decode("utf-8", "replace")
        return "".join(letter for letter in text if letter.isprintable()).strip()


@dataclass(frozen=True, slots=True)
class TaggedFile:
    """The bytes of a TIFF file or EXIF block whose first eight bytes were understood."""

    data: bytes
    order: str
    big: bool
    first: int

    @classmethod
    def open(cls, data: bytes) -> TaggedFile | None:
        """Read the file header; None where it is not one."""
        order = {b"II": "<", b"MM": ">"}.get(data[:2])
        if order is None or len(data) < 8:
            return None
        version = struct.unpack_from(order + "H", data, 2)[0]
        if version == 42:
            return cls(data, order, big=False, first=struct.unpack_from(order + "I", data, 4)[0])
        if version == 43 and len(data) >= 16:
            return cls(data, order, big=True, first=struct.unpack_from(order + "Q", data, 8)[0])
        return None

    def directory(self, offset: int) -> tuple[Directory, int] | None:
        """Read one directory and the offset of the next; None where it does not lie within the bytes."""
        count_format, entry_size, next_format = ("Q", 20, "Q") if self.big else ("H", 12, "I")
        start = offset + struct.calcsize("=" + count_format)
        if offset < 8 or start > len(self.data):
            return None
        (count,) = struct.unpack_from(self.order + count_format, self.data, offset)
        end = start + count * entry_size
        if end + struct.calcsize("=" + next_format) > len(self.data):
            return None
        entries: dict[int, Entry] = {}
        broken = set()
        for at in range(start, end, entry_size):
            tag, entry = self._entry(at)
            if entry is None:
                broken.add(tag)
            else:
                entries.setdefault(tag, entry)
        following = struct.unpack_from(self.order + next_format, self.data, end)[0]
        return Directory(self.order, entries, frozenset(broken)), following

    def directories(self) -> Iterator[Directory | None]:
        """Follow the chain of directories; a last None says that the chain leaves the file or bites its tail."""
        seen: set[int] = set()
        offset = self.first
        while offset:
            found = None if offset in seen or len(seen) >= _MOST_DIRECTORIES else self.directory(offset)
            if found is None:
                yield None
                return
            seen.add(offset)
            directory, offset = found
            yield directory

    def _entry(self, at: int) -> tuple[int, Entry | None]:
        tag, kind = struct.unpack_from(self.order + "HH", self.data, at)
        inline = 8 if self.big else 4
        letter = "Q" if self.big else "I"
        (count,) = struct.unpack_from(self.order + letter, self.data, at + 4)
        place = at + 4 + inline
        if kind not in _TYPES:
            return tag, None
        size = count * _TYPES[kind][1]
        if size > inline:
            (place,) = struct.unpack_from(self.order + letter, self.data, place)
        if place + size > len(self.data):
            return tag, None
        return tag, Entry(kind, count, self.data[place : place + size])


def append_directory(file: TaggedFile, directory: Directory, tags: frozenset[int]) -> bytes:
    """Give the file a new first and only directory, with no other tags than these.

    Parameters
    ----------
    file : TaggedFile
        The file; its data keep their places.
    directory : Directory
        Where the entries are taken from.
    tags : frozenset of int
        Those that are kept, where present.

    Returns
    -------
    bytes
        A classic TIFF file, also of a BigTIFF, with the same picture and nothing else that a reader would look at.
    """
    order = file.order
    kept = [(tag, _classic(order, directory.entries[tag])) for tag in sorted(tags & directory.entries.keys())]
    body = bytearray(file.data)
    body += bytes(-len(body) % 8)
    place = len(body)
    fields = bytearray(struct.pack(order + "H", len(kept)))
    outside = bytearray()
    after = place + len(fields) + 12 * len(kept) + 4
    for tag, entry in kept:
        fields += struct.pack(order + "HHI", tag, entry.type, entry.count)
        if len(entry.raw) <= 4:
            fields += entry.raw.ljust(4, b"\0")
        else:
            fields += struct.pack(order + "I", after + len(outside))
            outside += entry.raw + bytes(len(entry.raw) % 2)
    fields += bytes(4)
    struct.pack_into(order + "HI", body, 2, 42, place)
    return bytes(body + fields + outside)


def _classic(order: str, entry: Entry) -> Entry:
    """Bring the eight-byte numbers of a BigTIFF to four; one that does not fit points past the end of any file."""
    if entry.type not in (16, 17, 18):
        return entry
    numbers = struct.unpack(f"{order}{entry.count}Q", entry.raw)
    most = 2**32 - 1
    return Entry(4, entry.count, struct.pack(f"{order}{entry.count}I", *(min(number, most) for number in numbers)))
