"""Freeing much of memory without holding up anybody: what a large work leaves would otherwise go all at once."""

import asyncio
from typing import Any

AT_ONCE = 250
"""So much is freed in one go, in less than a millisecond; less than this waits for nobody."""


async def let_go(*heaps: list[Any] | dict[Any, Any] | set[Any]) -> None:
    """Empty these little by little, up to what is freed in no time; call it where they are no longer needed."""
    for heap in heaps:
        while len(heap) > AT_ONCE:
            if isinstance(heap, list):
                del heap[-AT_ONCE:]
            else:
                take = heap.popitem if isinstance(heap, dict) else heap.pop
                for _ in range(AT_ONCE):
                    take()
            await asyncio.sleep(0)
