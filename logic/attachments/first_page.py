"""Draws the first page of a PDF on standard output: a program of its own, so that a bad file ends only it."""

import resource
import sys

MEMORY_BYTES, CPU_SECONDS = 1_000_000_000, 15


def draw(path: str, longest_side: int) -> None:
    """Write the first page of a file as JPEG, its longer side of so many pixels."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    page = document[0]
    scale = longest_side / max(*page.get_size(), 1)
    image = page.render(scale=min(scale, 4), may_draw_forms=False).to_pil().convert('RGB')
    image.save(sys.stdout.buffer, 'JPEG', quality=85)


if __name__ == '__main__':
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    draw(sys.argv[1], int(sys.argv[2]))
