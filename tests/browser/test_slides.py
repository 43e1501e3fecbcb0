"""The primer as it is projected: every letter large, nothing cut off, quiet, accessible, and complete without a network."""

import re
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("slides")]
pytest.importorskip("sphinx_revealjs", reason="the author's tools are not installed")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import slides as tool  # noqa: E402

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
LEAST = 32  # pixels of a slide 720 high: 24 points
LETTERS = """() => {
    const small = [], walker = document.createTreeWalker(document.querySelector('.reveal'), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        const parent = node.parentElement;
        if (!node.textContent.trim() || !parent.checkVisibility() || parent.closest('sub, sup, style, script, .aria-status')) continue;
        const scale = parent.closest('.slides') ? Reveal.getScale() : 1, size = scale * parseFloat(getComputedStyle(parent).fontSize);
        small.push([size, node.textContent.trim().slice(0, 40)]);
    }
    return small;
}"""
PICTURES = """() => [...Reveal.getCurrentSlide().querySelectorAll('img')].map(image => ({
    alt: image.alt, drawn: image.complete && image.naturalWidth > 0,
    pixels: image.dataset.points / 72 * image.getBoundingClientRect().width / image.dataset.inches}))"""
OUTSIDE = """() => {
    const out = [], slide = Reveal.getCurrentSlide(), number = document.querySelector('.slide-number').getBoundingClientRect();
    const say = (what, box) => out.push(`${what.trim().slice(0, 40)}: ${box.right.toFixed()}, ${box.bottom.toFixed()}`);
    for (const part of slide.querySelectorAll('*')) {
        if (part.closest('aside')) continue;
        const box = part.getBoundingClientRect();
        if (box.left < 0 || box.top < 0 || box.right > 1280.5 || box.bottom > 712) say(part.tagName + part.textContent, box);
        if (part.clientWidth && part.scrollWidth > part.clientWidth + 1) say('too wide for its place: ' + part.textContent, box);
    }
    const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node; (node = walker.nextNode());) {
        if (!node.textContent.trim() || node.parentElement.closest('aside')) continue;
        range.selectNodeContents(node);
        for (const box of range.getClientRects())
            if (box.right > number.left && box.bottom > number.top) say('on the number: ' + node.textContent, box);
    }
    return out;
}"""


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return tool.make(tmp_path_factory.mktemp("slides"))


@pytest.fixture(scope="module")
def show(browser, deck):
    """The deck in a window without a network, and what it complained of and asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    page.faults, page.asked = [], []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "console", lambda message: page.faults.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(deck.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def every_slide(page):
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({number})")
        page.wait_for_function(f"Reveal.getIndices().h === {number}")
        yield number + 1


def test_every_letter_can_be_read_from_the_last_row(show):
    for number in every_slide(show):
        sizes = show.evaluate(LETTERS)
        assert sizes and not [(size, text) for size, text in sizes if size < LEAST], number
        for picture in show.evaluate(PICTURES):
            assert picture["drawn"] and picture["pixels"] > LEAST - 0.5, (number, picture)


def test_every_picture_has_words(show):
    pictures = [(number, picture["alt"]) for number in every_slide(show) for picture in show.evaluate(PICTURES)]
    assert len(pictures) >= 15
    assert not [number for number, words in pictures if len(words) < 40]


def test_nothing_is_cut_off_and_nothing_lies_on_the_number(show):
    folder = Path(__file__).with_name("screenshots")
    folder.mkdir(exist_ok=True)
    faults = {}
    for number in every_slide(show):
        show.screenshot(path=folder / f"slide-{number:02d}.png")
        faults[number] = show.evaluate(OUTSIDE)
    assert not {number: found for number, found in faults.items() if found}


def test_axe_finds_no_fault_on_any_slide(show):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for number in every_slide(show):
        found = axe.run(show, options=RULES)
        assert found.violations_count == 0, (number, found.generate_report())


def test_the_keyboard_goes_through_the_slides(show):
    show.evaluate("Reveal.slide(0)")
    show.keyboard.press("ArrowRight")
    show.keyboard.press("Space")
    assert show.evaluate("Reveal.getIndices().h") == 2
    show.keyboard.press("End")
    assert show.evaluate("Reveal.isLastSlide()")


def test_the_speakers_window_shows_the_notes(show):
    show.evaluate("Reveal.slide(1)")
    with show.context.expect_page() as opened:
        show.keyboard.press("s")
    window = opened.value
    window.wait_for_function(
        "document.querySelector('.speaker-controls-notes .value').textContent.includes('Alice reports')"
    )
    window.close()


def test_the_deck_is_quiet_and_asks_nobody(show):
    for _ in every_slide(show):
        pass
    assert show.faults == []
    assert [url for url in show.asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_a_slide_is_a_page_when_printed(browser, deck):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{deck.as_uri()}?print-pdf")
    page.wait_for_selector(".pdf-page")
    page.wait_for_timeout(1000)
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))
    assert pages == page.locator(".pdf-page").count() == len(re.findall("<section", deck.read_text(encoding="utf-8")))
    page.close()


def test_the_page_for_learners_fits_on_one_sheet(browser):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = browser.new_page(viewport={"width": 1000, "height": 1200})
    page.goto((ROOT / "instructors" / "handout.html").as_uri())
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    found = axe.run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.close()
