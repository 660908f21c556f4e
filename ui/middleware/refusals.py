"""How the outer layers say no: with the same pages and the same JSON as everything behind them."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from ui import errors


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    *,
    message: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer a request without letting it through; a socket is refused before it is accepted."""
    if scope['type'] == 'websocket':
        await receive()
        await send({'type': 'websocket.close', 'code': 1008, 'reason': ''})
        return
    request = Request(scope, receive)
    await errors.answer(request, status, message, headers=headers)(scope, receive, send)
