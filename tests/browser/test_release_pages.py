"""The pages of a release, in a real browser: no script error, no request to anybody, and axe-core finds no fault of level A or AA."""

from pathlib import Path

import pytest

from workshop.data import load
from workshop.measures.attacks import split
from workshop.models.metadata import Metadata
from workshop.models.sequential import Sequential
from workshop.release.make import make_release

pytestmark = pytest.mark.browser
SCREENSHOTS = Path(__file__).with_name("screenshots")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    people, others = split(load("gifts"), 0.5, 2)
    parent = tmp_path_factory.mktemp("releases")
    for name, model in {"cart": Sequential(), "metadata": Metadata(privacy=11)}.items():
        synthetic = model.fit(people).sample(rng=1)
        given = {"holdout": others, "formula": "np.log1p(gift_spending) ~ greenness", "seed": 1}
        make_release(synthetic, model, people, ["age", "region", "household_size"], parent / name, **given)
    return parent


@pytest.mark.parametrize("name", ["cart", "metadata"])
@pytest.mark.parametrize("file", ["utility.html", "disclosure.html"])
@pytest.mark.parametrize("width", [1000, 400], ids=["wide", "narrow"])
def test_a_page_is_quiet_alone_and_accessible(browser, releases, name, file, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = browser.new_page(viewport={"width": width, "height": 1000})
    faults, requests = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: requests.append(request.url))
    page.goto((releases / name / file).as_uri())
    page.wait_for_load_state()
    assert page.locator("img").evaluate_all("images => images.every(image => image.naturalWidth > 100)")
    found = axe.run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert faults == [] and all(url.startswith(("file:", "data:")) for url in requests)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=str(SCREENSHOTS / f"release-{name}-{file[:-5]}-{width}.png"), full_page=True)
    page.close()
