"""Freeing much: nothing large stays, and others act meanwhile."""

import asyncio
import itertools
from typing import Any

import pytest

from logic.core.letting_go import AT_ONCE, let_go

MUCH = range(AT_ONCE * 8)


@pytest.mark.parametrize('heap', [list(MUCH), dict.fromkeys(MUCH), set(MUCH)])
async def test_others_act_while_much_is_freed(heap: Any) -> None:
    seen: list[int] = []

    async def others() -> None:
        while True:
            seen.append(len(heap))
            await asyncio.sleep(0)

    watching = asyncio.create_task(others())
    await let_go(heap)
    watching.cancel()
    assert len(heap) <= AT_ONCE
    assert max(before - after for before, after in itertools.pairwise(seen)) == AT_ONCE
