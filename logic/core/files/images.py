"""Pictures drawn anew, one at a time in a thread of their own: what hides in them is gone, no two fill the memory."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO

from logic.core.errors import Invalid
from logic.core.files.kinds import JPEG, PNG, WEBP

LARGEST_PIXELS = 50_000_000
LONGEST_SIDE = 2400
FORMATS = {PNG: 'PNG', JPEG: 'JPEG', WEBP: 'WEBP'}
_painter = ThreadPoolExecutor(1, thread_name_prefix='images')
"""A picture of 50 million pixels takes 200 MB while it is drawn, so they wait for each other."""


async def cleaned(file: IO[bytes], media_type: str, longest_side: int = LONGEST_SIDE) -> bytes:
    """Draw a picture anew outside of the event loop; see `clean_image`."""
    run = copy_context().run  # the language of whoever sent it
    return await asyncio.get_running_loop().run_in_executor(_painter, run, clean_image, file, media_type, longest_side)


def clean_image(content: bytes | IO[bytes], media_type: str, longest_side: int = LONGEST_SIDE) -> bytes:
    """Draw a picture anew, upright and at most so large: what hid in it, place and camera among it, is gone.

    Raises Invalid for what is no picture or has more than 50 million pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    file = io.BytesIO(content) if isinstance(content, bytes) else content
    file.seek(0)
    try:
        with Image.open(file, formats=[FORMATS[media_type]]) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                raise Invalid('The picture is too large.', {'file': 'Send one of at most 50 million pixels.'})
            # JPEG is read at a half, a quarter or an eighth where that is enough: an eighth of the memory.
            opened.draft('RGB', (longest_side, longest_side))
            upright = ImageOps.exif_transpose(opened)
            mode = 'RGB' if media_type == JPEG else 'RGBA' if upright.has_transparency_data else 'RGB'
            drawn = upright if upright.mode == mode else upright.convert(mode)
            drawn.thumbnail((longest_side, longest_side))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid('The picture is damaged.', {'file': 'Open it and save it anew, then send that.'}) from error
    drawn.info.clear()
    target = io.BytesIO()
    drawn.save(target, FORMATS[media_type], **({} if media_type == PNG else {'quality': 88}))
    return target.getvalue()
