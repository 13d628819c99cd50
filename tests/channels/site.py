"""The served chat page in a real Chromium, and the desk behind it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, expect

from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say
from tests.desk import TestDesk

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Site:
    """The served page, the desk behind it, and a browser."""

    address: str
    desk: TestDesk
    browser: Browser

    def context(self, *, width: int = 390, **more: object) -> BrowserContext:
        """A phone, or a wider screen."""
        return self.browser.new_context(viewport={"width": width, "height": 844}, **more)  # type: ignore[arg-type]

    def open(self, context: BrowserContext) -> Page:
        """The page after its notice was accepted."""
        page = context.new_page()
        page.goto(self.address)
        if page.locator("#begin").is_visible():
            page.locator("#begin").click()
        expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
        return page

    def write(self, page: Page, text: str) -> None:
        """A worker writes and taps."""
        page.locator("#box").fill(text)
        page.locator("#send").click()

    def said(self, page: Page) -> list[str]:
        """The words on the page, without the greeting."""
        return page.locator("#talk .message:not(#greeting) .words").all_inner_texts()

    def stored(self) -> int:
        """How many messages of workers there are."""
        return Message.objects.filter(kind=MessageKind.WORKER).count()

    def answers(self) -> None:
        """The turns that are due run, and what they say is delivered."""
        self.desk.run(self.conversation)

    @property
    def conversation(self) -> Conversation:
        """The youngest talk."""
        return Conversation.objects.select_related("contact").latest("pk")

    def says(self, text: str, kind: MessageKind = MessageKind.ENGINE, **extras: object) -> None:
        """The desk says something."""
        say(self.conversation, kind, text, now=self.desk.clock(), extras=extras)
        self.desk.desk.deliverer.run(self.conversation.pk)
