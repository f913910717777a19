"""The compound file (MS-CFB) that old Office programs wrote: a small file system in one file."""

import struct

FREE = 0xFFFFFFFA  # sector numbers from here on are none
ENTRY = 128  # bytes of a directory entry


class CompoundFile:
    """Reads streams of a compound file (bytes). Whatever is damaged raises ValueError or struct.error."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        self.small_size = 1 << struct.unpack_from("<H", data, 32)[0]
        (first_entry,) = struct.unpack_from("<I", data, 48)
        self.cutoff, first_small = struct.unpack_from("<II", data, 56)
        if self.size not in (512, 4096) or self.small_size != 64:
            raise ValueError("no compound file")
        self.table = self._table()
        self.small_table = _numbers(self._chain(first_small))
        self.entries = self._entries(self._chain(first_entry))

    def stream(self, *names: str) -> bytes:
        """The bytes of the first stream that has one of these names."""
        for name in names:
            if name in self.entries:
                start, size = self.entries[name]
                if size < self.cutoff:
                    return self._small(start)[:size]
                return self._chain(start)[:size]
        raise ValueError("no such stream")

    def _table(self) -> list[int]:
        """Which sector follows each sector."""
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        (further,) = struct.unpack_from("<I", self.data, 68)
        while further < FREE and len(sectors) * self.size <= len(self.data) + 109 * self.size:
            *more, further = _numbers(self._sector(further))
            sectors += more
        return [number for one in sectors if one < FREE for number in _numbers(self._sector(one))]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def _chain(self, sector: int) -> bytes:
        pieces = []
        while sector < FREE:
            pieces.append(self._sector(sector))
            if len(pieces) > len(self.table):
                raise ValueError("a chain without end")
            sector = self.table[sector]
        return b"".join(pieces)

    def _small(self, sector: int) -> bytes:
        container = self._chain(self.entries["Root Entry"][0])
        pieces = []
        while sector < FREE:
            start = sector * self.small_size
            pieces.append(container[start : start + self.small_size])
            if len(pieces) > len(self.small_table):
                raise ValueError("a chain without end")
            sector = self.small_table[sector]
        return b"".join(pieces)

    def _entries(self, directory: bytes) -> dict[str, tuple[int, int]]:
        """{name: (first sector, bytes)}"""
        found: dict[str, tuple[int, int]] = {}
        for place in range(0, len(directory) - ENTRY + 1, ENTRY):
            (length,) = struct.unpack_from("<H", directory, place + 64)
            name = directory[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore")
            found.setdefault(name, struct.unpack_from("<II", directory, place + 116))
        return found


def _numbers(sector: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))
