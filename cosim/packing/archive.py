"""One zip: written so that the same content gives the same bytes, read so that nothing in it can do harm."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_whole

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_STORED: Final = (".parquet", ".png")  # are compressed already
_MOST_BYTES: Final = 4 * 2**30
_MOST_FILES: Final = 10_000
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_ENCRYPTED: Final = 0x1
_SIZES_BEHIND: Final = 0x8
_LINK: Final = 0o120000
_KIND: Final = 0o170000


@dataclass(frozen=True)
class Archive:
    """A zip that was read.

    Attributes
    ----------
    files : mapping of str to bytes
        Every sound file by name.
    faults : tuple of str
        What is wrong with the archive itself, in words.
    """

    files: Mapping[str, bytes]
    faults: tuple[str, ...]


def write_archive(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files as one zip, whole or not at all; the same files give the same bytes.

    Raises
    ------
    StoreError
        When the system refuses.
    """

    def write(to: Path) -> None:
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in files.items():
                info = zipfile.ZipInfo(name, _TIME)
                info.external_attr = 0o644 << 16
                info.create_system = 3
                stored = name.endswith(_STORED)
                info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                archive.writestr(info, content)

    write_whole(path, write)


def read_archive(path: Path) -> Archive:
    """Read a zip without writing anything; what could do harm is named and left out.

    Raises
    ------
    ConfigError
        When it is no zip, or one that no machine should open.
    """
    faults: list[str] = []
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > _MOST_FILES or sum(one.file_size for one in entries) > _MOST_BYTES:
                raise ConfigError("holds more than any pack of cosim does; it is not opened", file=path)
            if archive.comment:
                faults.append("the zip has a comment, which cosim does not write")
            faults += _between(path, archive)
            seen: set[str] = set()
            for one in entries:
                told = _unsafe(one)
                if one.filename.casefold() in seen:
                    told = "is there twice (or differs from another in capitals alone)"
                seen.add(one.filename.casefold())
                if told:
                    faults.append(f"{one.filename!r} {told}")
                    continue
                try:
                    files[one.filename] = archive.read(one)
                except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
                    faults.append(f"{one.filename!r} cannot be read: its bytes are not what was packed")
                except Exception as error:  # zlib.error has no base of its own
                    faults.append(f"{one.filename!r} cannot be read: {error}")
    except (zipfile.BadZipFile, EOFError, struct.error, UnicodeDecodeError, NotImplementedError):
        raise ConfigError("is no zip, or one that was cut off or damaged", file=path) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", file=path) from None
    return Archive(files, tuple(faults))


def _unsafe(one: zipfile.ZipInfo) -> str:
    name = one.filename
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or "\0" in name:
        return "would be written outside of the folder that it is unpacked into"
    if (one.external_attr >> 16) & _KIND == _LINK:
        return "is a link, not a file"
    return "is encrypted" if one.flag_bits & _ENCRYPTED else ""


def _between(path: Path, archive: zipfile.ZipFile) -> list[str]:
    """Look for bytes that belong to no file: before, between or behind the files."""
    at = 0
    entries = sorted(archive.infolist(), key=lambda one: one.header_offset)
    with path.open("rb") as stream:
        for one in entries:
            if one.header_offset != at:
                return ["there are bytes before or between the files that belong to none of them"]
            stream.seek(at)
            head = _LOCAL.unpack(stream.read(_LOCAL.size))
            at += _LOCAL.size + head[9] + head[10] + one.compress_size
            if one.flag_bits & _SIZES_BEHIND:  # another program's zip: sizes stand behind the content
                return []
        if archive.start_dir != at:
            return ["there are bytes between the files and their list that belong to neither"]
        stream.seek(0, 2)
        size, end = stream.tell(), 22 + len(archive.comment)
        stream.seek(at)
        rest = stream.read(size - at)
    if rest[-end : -end + 4] != b"PK\x05\x06":
        return ["there are bytes behind the end of the zip"]
    return []
