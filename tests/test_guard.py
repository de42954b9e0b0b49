"""The guard in front of the real application: only listed routes, small bodies, strict headers."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from corpus.settings import Settings
from corpus.types import Answer
from ui.app import build_app


def no_answer(question: str, lang: str | None) -> Answer:
    raise AssertionError("no question is asked here")


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return build_app(no_answer, Settings())


def call(app: ASGIApp, method: str, path: str, **options: Any) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://court.example") as client:
            return await client.request(method, path, **options)

    return asyncio.run(run())


SURPLUS = [
    "/docs", "/redoc", "/openapi.json", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/upload",
    "/gradio_api/upload_progress", "/gradio_api/file=/etc/passwd", "/file=/etc/passwd", "/gradio_api/proxy=http://x",
    "/gradio_api/stream/x", "/gradio_api/component_server", "/gradio_api/call/respond", "/gradio_api/mcp/sse",
    "/monitoring", "/monitoring/x", "/gradio_api/queue/status", "/gradio_api/reset", "/gradio_api/cancel", "/login",
    "/logout", "/login_check", "/token", "/user", "/gradio_api/user", "/robots.txt", "/.env", "/.git/config",
    "/static/../../etc/passwd", "/assets/..%2f..%2fetc/passwd", "/gradio_api/dev/reload", "/pwa_icon", "/deep_link",
    "/vibe-code", "/custom_component/x/y/z", "/gradio_api/run/other", "/run/predict", "/queue/join",
]  # fmt: skip


@pytest.mark.parametrize("path", SURPLUS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_route_that_is_not_listed_does_not_exist(app: ASGIApp, method: str, path: str) -> None:
    assert call(app, method, path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/health", "/config", "/theme.css", "/nothing"])
def test_every_response_has_the_security_headers(app: ASGIApp, path: str) -> None:
    response = call(app, "GET", path, headers={"Origin": "https://evil.example"})
    policy = response.headers["content-security-policy"]
    assert (
        "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "unsafe-eval" not in policy
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert not [name for name in response.headers if name.startswith("access-control-")]
    assert "set-cookie" not in response.headers


def test_the_page_and_its_health_are_there(app: ASGIApp) -> None:
    assert call(app, "GET", "/health").json() == {"status": "ok"}
    page = call(app, "GET", "/")
    assert page.status_code == 200 and "zh-CN" in page.text
    outside = [word for word in ("googleapis", "gstatic", "cdnjs", "huggingface.co") if word in page.text]
    assert outside == []


def test_a_body_over_the_limit_is_refused(app: ASGIApp) -> None:
    response = call(app, "POST", "/gradio_api/queue/join", content=b"x" * (10 * 1024 * 1024))
    assert response.status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(app: ASGIApp, method: str) -> None:
    response = call(app, method, "/gradio_api/queue/join", headers={"Origin": "https://evil.example"})
    assert response.status_code == 404 and "access-control-allow-origin" not in response.headers
