"""A visitor with a real browser: types a question, reads the answer, opens a source."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from qa.answer import Assistant
from ui.app import build_app

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"needs Chromium at {CHROMIUM} (Debian: apt install chromium)"
)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    """The real application on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        build_app(assistant.ask, assistant.settings),
        port=port,
        log_level="error",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


class Visit:
    """A page with all that it asked for and complained of."""

    def __init__(self, browser: Browser, address: str, width: int = 1200, dark: bool = False) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        self.page: Page = self.context.new_page()
        self.outside: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", self._request)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("dialog", lambda dialog: (self.faults.append("dialog"), dialog.dismiss()))
        self.page.goto(address)
        self.page.wait_for_selector("#fw-box textarea")

    def _request(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.address, "data:", "blob:")):
            self.outside.append(url)

    def ask(self, question: str, turn: int = 1) -> None:
        self.page.fill("#fw-box textarea", question)
        self.page.press("#fw-box textarea", "Enter")
        self.page.wait_for_selector(
            f".fw-turn:nth-of-type({turn}) >> css=.fw-answer, .fw-fault", timeout=60_000
        )


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address)
    yield visit
    visit.context.close()


def screenshot(page: Page, tmp_path: Path, name: str) -> None:
    folder = Path(os.environ.get("FAWEN_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=str(path), full_page=True)
    assert path.stat().st_size > 10_000


def test_a_question_is_answered_with_sources_that_open(visit: Visit, tmp_path: Path) -> None:
    visit.ask("自己的微信号能卖吗？")
    page = visit.page
    assert page.inner_text(".fw-question").endswith("自己的微信号能卖吗？")
    assert page.inner_text(".fw-lead p >> nth=0").startswith("不宜卖")
    summaries = page.locator(".fw-law summary").all_inner_texts()
    assert any("第一千零三十八条第一款" in s and "现行有效" in s for s in summaries)
    assert page.locator(".fw-view summary").count() == 1
    source = page.locator(".fw-law .fw-body").first
    assert not source.is_visible()
    page.click(".fw-ref >> nth=0")
    source.wait_for(state="visible")
    assert "未经自然人同意，不得向他人非法提供其个人信息" in page.inner_text(".fw-body mark >> nth=0")
    assert "不构成法律意见" in page.inner_text(".fw-notice")
    screenshot(page, tmp_path, "wechat-zh")
    assert visit.outside == [] and visit.faults == []


def test_english_is_answered_in_english_and_the_page_can_be(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.click("#fw-lang label:has-text('English')")
    page.wait_for_selector("#fw-send:has-text('Ask')")
    assert page.evaluate("document.documentElement.lang") == "en"
    visit.ask("can I sell my own WeChat account?")
    assert "say no" in page.inner_text(".fw-lead")
    assert page.get_attribute(".fw-answer", "lang") == "en"
    assert "Civil Code, Article 1038" in page.inner_text(".fw-law")
    screenshot(page, tmp_path, "wechat-en")
    assert visit.faults == []


def test_an_example_a_look_up_and_a_refusal_in_one_conversation(visit: Visit) -> None:
    page = visit.page
    page.click("#fw-examples button:has-text('民法典1038条')")
    page.wait_for_selector(".fw-answer")
    visit.ask("今天天气怎么样", 2)
    assert page.locator(".fw-turn").count() == 2
    assert "未检索到依据" in page.inner_text(".fw-turn:nth-of-type(2)")
    visit.ask("民法典9999条", 3)
    assert "没有第九千九百九十九条" in page.inner_text(".fw-turn:nth-of-type(3)")
    page.click("#fw-new")
    page.wait_for_selector(".fw-hello")
    assert page.locator(".fw-turn").count() == 0
    assert visit.faults == []


@pytest.mark.parametrize(
    "payload",
    [
        "<img src=x onerror=alert(1)> 借钱不还",
        "<form action=https://evil.example><input></form> 借钱",
        "![x](https://evil.example/x.png) [y](javascript:alert(1)) 借钱不还",
        "$$x^2$$ **粗体** <b>借钱</b>",
    ],
)
def test_what_the_visitor_typed_is_shown_as_typed(visit: Visit, payload: str) -> None:
    visit.ask(payload)
    assert visit.page.inner_text(".fw-question").split("\n", 1)[1] == payload
    assert visit.page.locator(".fw-question >> css=img, form, a, b, strong").count() == 0
    assert visit.outside == [] and visit.faults == []


def test_on_a_phone_nothing_sticks_out(browser: Browser, address: str, tmp_path: Path) -> None:
    visit = Visit(browser, address, width=320, dark=True)
    visit.ask("同事借我钱不还怎么办")
    visit.page.click(".fw-ref >> nth=0")
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    screenshot(visit.page, tmp_path, "phone-dark")
    visit.context.close()
    assert width <= 320
