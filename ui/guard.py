"""ASGI middleware that stands before everything: known routes, small bodies, strict headers.

A route that is not listed does not exist (404). Gradio's CORS headers, which reflect any origin,
never leave. Not covered: rate limits and queues across processes.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024
ROUTES = re.compile(
    r"/(?:$|health$|config$|theme\.css$|favicon\.ico$|manifest\.json$|(?:assets|static)/[\w./@+-]+$"
    r"|gradio_api/(?:queue/(?:data|join)|run/predict|heartbeat/[\w-]+|startup-events|app_id)/?$)"
)
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
    " font-src 'self' data:; connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'none';"
    " base-uri 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'self'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"x-frame-options": b"SAMEORIGIN",
}


class Guard:
    """Wrap an ASGI application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a listed request on; answer any other here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    (name, value)
                    for name, value in message.get("headers", [])
                    if name.lower() not in HEADERS and not name.lower().startswith(b"access-control-")
                    and name.lower() not in (b"server", b"set-cookie")
                ]  # fmt: skip
                message["headers"] = [*kept, *HEADERS.items()]
            await send(message)

        if (
            scope["method"] not in ("GET", "HEAD", "POST")
            or not ROUTES.match(scope["path"])
            or ".." in scope["path"]
        ):
            await _refuse(guarded, 404, b"Not found")
            return
        body = await _read(receive)
        if body is None:
            await _refuse(guarded, 413, b"Too large")
            return
        await self.app(scope, _replay(body, receive), guarded)


async def _read(receive: Receive) -> bytes | None:
    """Read a whole request body; None where it is larger than the limit."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body"):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hand a body that was read to the application, then what really comes next."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
