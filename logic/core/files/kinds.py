"""What a file is: told by its content, never by its name or by what the sender says."""

import io
import zipfile
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

from logic.core.errors import Invalid
from logic.core.language import later

PNG, JPEG, WEBP, GIF, HEIC = 'image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/heic'
PDF, TEXT, ZIP, MP4 = 'application/pdf', 'text/plain', 'application/zip', 'video/mp4'
OFFICE = 'application/vnd.openxmlformats-officedocument.'
XLSX, DOCX = f'{OFFICE}spreadsheetml.sheet', f'{OFFICE}wordprocessingml.document'
PPTX = f'{OFFICE}presentationml.presentation'
OPEN = 'application/vnd.oasis.opendocument.'
ODS, ODT, ODP = f'{OPEN}spreadsheet', f'{OPEN}text', f'{OPEN}presentation'

IMAGES = frozenset({PNG, JPEG, WEBP})
"""Drawn anew when they come: what hides in them is gone."""
DOCUMENTS = IMAGES | {PDF, TEXT, XLSX, DOCX, ODS, ODT}
ATTACHED = DOCUMENTS | {GIF, HEIC, ZIP, MP4, PPTX, ODP}
"""What may hang on a record; none of it is ever shown by the browser as it came, except cleaned images."""

MOST_UNPACKED_BYTES, MOST_ENTRIES = 200_000_000, 5_000
MOST_DIRECTORY_BYTES = 2_000_000
"""Of an archive's list of contents, which is read into memory."""
SNIFFED_BYTES = 65_536

STARTS = {b'\x89PNG\r\n\x1a\n': PNG, b'\xff\xd8\xff': JPEG, b'%PDF-': PDF, b'GIF87a': GIF, b'GIF89a': GIF}
PARTS = {'xl/workbook.xml': XLSX, 'word/document.xml': DOCX, 'ppt/presentation.xml': PPTX}
BRANDS = {b'heic': HEIC, b'heix': HEIC, b'mif1': HEIC, b'qt  ': MP4, b'isom': MP4, b'iso2': MP4, b'mp41': MP4}
BRANDS |= {b'mp42': MP4, b'avc1': MP4, b'M4V ': MP4, b'3gp4': MP4, b'3gp5': MP4}
LABELS = {
    PNG: 'PNG', JPEG: 'JPEG', WEBP: 'WEBP', GIF: 'GIF', HEIC: 'HEIC', PDF: 'PDF', TEXT: later('text or CSV'),
    ZIP: 'ZIP', MP4: 'MP4', XLSX: 'XLSX', DOCX: 'DOCX', PPTX: 'PPTX', ODS: 'ODS', ODT: 'ODT', ODP: 'ODP',
}  # fmt: skip
ENDINGS = {
    PNG: ('png',), JPEG: ('jpg', 'jpeg', 'jfif'), WEBP: ('webp',), GIF: ('gif',), HEIC: ('heic', 'heif'), PDF: ('pdf',),
    TEXT: ('txt', 'csv', 'tsv', 'md', 'log', 'ics', 'vcf', 'eml', 'json', 'yaml', 'ini'), ZIP: ('zip', 'kmz'),
    MP4: ('mp4', 'mov', 'm4v', '3gp'), XLSX: ('xlsx',), DOCX: ('docx',), PPTX: ('pptx',), ODS: ('ods',),
    ODT: ('odt',), ODP: ('odp',),
}  # fmt: skip
"""How the names of each kind end, the usual ending first."""


def media_type_of(content: bytes | IO[bytes]) -> str | None:
    """Return what a file is by its content, one of ATTACHED, or None. An open file is read from its start.

    Raises Invalid for an archive that unpacks to too much, and for office files with programs inside.
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    file.seek(0)
    head = file.read(SNIFFED_BYTES)
    for start, kind in STARTS.items():
        if head.startswith(start):
            return kind
    if head[:4] == b'RIFF' and head[8:12] == b'WEBP':
        return WEBP
    if head[4:8] == b'ftyp':
        return BRANDS.get(head[8:12])
    if head.startswith(b'PK\x03\x04'):
        return _archive_type(file)
    return TEXT if _is_plain_text(head) else None


def _is_plain_text(head: bytes) -> bool:
    if head.startswith((b'\xff\xfe', b'\xfe\xff')):  # Excel's "Unicode text"
        return True
    if not head or any(byte < 32 and byte not in b'\t\n\r\f' for byte in head) or b'\x7f' in head:
        return False
    # HTML, SVG and XML may hold scripts.
    return not head.removeprefix(b'\xef\xbb\xbf').lstrip().startswith(b'<')


def _archive_type(file: IO[bytes]) -> str | None:
    try:
        _refuse_long_directory(file)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_bomb(file, entries)
            names = {entry.filename for entry in entries}
            if any(name.endswith('vbaProject.bin') for name in names):
                raise Invalid(
                    'The file holds macros, which are programs.', {'file': 'Save it without macros, then send that.'}
                )
            for part, kind in PARTS.items():
                if part in names and '[Content_Types].xml' in names:
                    return kind
            # A document says its kind unpacked (ODF 1.3, part 2, 3.3); 20 KB in another packing may be 20 GB of memory.
            told_in = archive.getinfo('mimetype') if 'mimetype' in names else None
            if told_in and told_in.file_size < 200 and told_in.compress_type == zipfile.ZIP_STORED:
                told = archive.read('mimetype').decode('ascii', 'replace').strip()
                if told in (ODS, ODT, ODP):
                    return told
            return ZIP if entries else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return None


def _refuse_long_directory(file: IO[bytes]) -> None:
    """Look at the end of an archive first: its reader takes the whole directory into memory, whatever its size."""
    record = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if record and (record[4] > MOST_ENTRIES or record[5] > MOST_DIRECTORY_BYTES):
        raise _too_much()


def _refuse_bomb(file: IO[bytes], entries: list[zipfile.ZipInfo]) -> None:
    size = file.seek(0, 2)
    unpacked = sum(entry.file_size for entry in entries)
    # Entries that share their bytes are how a small archive unpacks to petabytes.
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED_BYTES or packed > size:
        raise _too_much()


def _too_much() -> Invalid:
    return Invalid('The file unpacks to more than is taken here.', {'file': 'Split it into smaller files.'})


def plain_name(name: str) -> str:
    """Return a file's name without folders and control characters, at most 120 characters, never empty."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    clean = ''.join(c for c in last if c.isprintable() and c not in '<>:"/\\|?*').strip('. ')
    return clean[-120:].strip('. ') or 'file'


def honest_name(name: str, media_type: str) -> str:
    """Return a name that ends as its kind does: a text called "invoice.exe" becomes "invoice.exe.txt"."""
    plain, endings = plain_name(name), ENDINGS.get(media_type, ())
    stem, dot, ending = plain.rpartition('.')
    if not endings or (dot and stem and ending.lower() in endings):
        return plain
    return f'{plain[:110]}.{endings[0]}'
