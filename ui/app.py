"""The ASGI application: Gradio at /, a health check, the guard before both."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from starlette.types import ASGIApp

from corpus.errors import InputError
from corpus.settings import Settings
from corpus.types import Answer
from ui.guard import Guard

Ask = Callable[[str, str | None], Answer]


def build_app(ask: Ask, settings: Settings) -> ASGIApp:
    """Build the application; nothing of Gradio's that calls home or listens is left on."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio as gr
    from fastapi import FastAPI

    from ui.chat import HEAD, STYLE, build_chat

    app = FastAPI(title="FaWen", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    system = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    theme = gr.themes.Base(primary_hue="blue", neutral_hue="slate", font=system, font_mono=["monospace"])
    gr.mount_gradio_app(
        app, build_chat(ask, settings), path="/", theme=theme, css_paths=[STYLE], head_paths=[HEAD], show_error=False,
        footer_links=[], enable_monitoring=False, ssr_mode=False, pwa=False, mcp_server=False, run_history=False,
    )  # fmt: skip
    return Guard(app)


def serve(ask: Ask, settings: Settings) -> None:
    """Serve until stopped; raise InputError where the port is taken."""
    import uvicorn

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise InputError(
                f"无法在 {settings.host}:{settings.port} 上启动（{error.strerror}），请用 --port 换一个端口。",
                f"Cannot serve on {settings.host}:{settings.port} ({error.strerror}); choose another --port.",
            ) from error
    app = build_app(ask, settings)
    shown = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 (shown, not bound)
    print(f"法问已启动，请在浏览器打开 / open in a browser: http://{shown}:{settings.port}/", flush=True)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
