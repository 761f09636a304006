"""A page of the browser tests, with everything it complained about or asked for."""

from pathlib import Path

from playwright.sync_api import Browser, Page


class Watched:
    """A page and everything it complained about or asked for."""

    def __init__(self, browser: Browser, file: Path, *, width: int = 1440, scheme: str = "light") -> None:
        context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("html[data-ready]", state="attached", timeout=30_000)
