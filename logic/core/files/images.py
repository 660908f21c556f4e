"""Pictures drawn anew, one at a time in a thread of their own: what hides in them is gone, no two fill the memory."""

import asyncio
import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO

from logic.core.errors import Invalid
from logic.core.files.kinds import JPEG, PNG, WEBP
from logic.core.language import _

LARGEST_PIXELS, LARGEST_WEBP_PIXELS = 50_000_000, 20_000_000
"""Of a WebP fewer: its reader holds the picture four times."""
LONGEST_SIDE = 2400
MOST_SCANS = 100
"""Of a JPEG. Programs write ten or so; each takes the time of the whole picture, and a hundred bytes of the file."""
MOST_PARTS = 10_000
"""Of a JPEG. Cameras write some hundreds; four bytes of the file cost as much time as thousands of others."""
MARKER = re.compile(rb'\xff([^\x00\x01\xd0-\xd7\xff])')
"""Begins a part of a JPEG that has a length (T.81, B.1.1.3), or its end."""
BEGIN_OF_IMAGE, END_OF_IMAGE, BEGIN_OF_SCAN = b'\xd8', b'\xd9', b'\xda'
ORIENTATION = 0x0112
TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""How to turn a picture upright, by its orientation in Exif: the numbers of `PIL.Image.Transpose`."""
FORMATS = {PNG: 'PNG', JPEG: 'JPEG', WEBP: 'WEBP'}
_painter = ThreadPoolExecutor(1, thread_name_prefix='images')
"""The largest pictures take up to 600 MB while they are drawn, so they wait for each other."""


async def cleaned(file: IO[bytes], media_type: str, longest_side: int = LONGEST_SIDE) -> bytes:
    """Draw a picture anew outside of the event loop; see `clean_image`."""
    run = copy_context().run  # the language of whoever sent it
    return await asyncio.get_running_loop().run_in_executor(_painter, run, clean_image, file, media_type, longest_side)


def _refuse_many_parts(content: bytes) -> None:
    """Raise ValueError for a JPEG that would be drawn over and over, or read for long before it is."""
    at = parts = scans = 0
    while (found := MARKER.search(content, at)) and found[1] != END_OF_IMAGE:
        at = found.end()
        if found[1] != BEGIN_OF_IMAGE:
            at += max(2, int.from_bytes(content[at : at + 2], 'big'))
        parts += 1
        scans += found[1] == BEGIN_OF_SCAN
        if parts > MOST_PARTS or scans > MOST_SCANS:
            raise ValueError(f'{parts} parts, {scans} scans')


def clean_image(content: bytes | IO[bytes], media_type: str, longest_side: int = LONGEST_SIDE) -> bytes:
    """Draw a picture anew, upright and at most so large: what hid in it, place and camera among it, is gone.

    Raises Invalid for what is no picture or has too many pixels: 50 million, 20 of a WebP.
    """
    from PIL import Image

    file = io.BytesIO(content) if isinstance(content, bytes) else content
    file.seek(0)
    try:
        if media_type == JPEG:
            _refuse_many_parts(file.read())
            file.seek(0)
        with Image.open(file, formats=[FORMATS[media_type]]) as opened:
            most = LARGEST_WEBP_PIXELS if media_type == WEBP else LARGEST_PIXELS
            if opened.width * opened.height > most:
                said = _('Send one of at most {count} million pixels.', count=most // 1_000_000)
                raise Invalid('The picture is too large.', {'file': said})
            # JPEG is read at a half, a quarter or an eighth where that is enough: an eighth of the memory.
            opened.draft('RGB', (longest_side, longest_side))
            turned = TURNS.get(opened.getexif().get(ORIENTATION, 1))
            mode = 'RGBA' if media_type != JPEG and opened.has_transparency_data else 'RGB'
            drawn = opened if opened.mode == mode else opened.convert(mode)
            if drawn is not opened:
                opened.close()  # no two of its full size longer than it takes
            drawn.thumbnail((longest_side, longest_side))
            drawn = drawn.copy() if turned is None else drawn.transpose(Image.Transpose(turned))
    except Invalid:
        raise
    except Exception as error:  # the readers of foreign pictures fail in any way
        raise Invalid('The picture is damaged.', {'file': 'Open it and save it anew, then send that.'}) from error
    drawn.info.clear()
    target = io.BytesIO()
    drawn.save(target, FORMATS[media_type], **({} if media_type == PNG else {'quality': 88}))
    return target.getvalue()
