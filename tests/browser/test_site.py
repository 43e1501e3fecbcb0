"""The web site: every link holds, it can be read by everybody, and the lessons run in the learner's own browser with no network."""

import os
import re
import tomllib
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import ROOT, Lessons, Site, make, missing_tools

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.site]
NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("0[0-7]-*.ipynb"))
PAGES = {
    "landing": "index.html",
    "lesson": "lessons/01-generative-models.html",
    "glossary": "glossary.html",
    "instructors": "instructors.html",
    "functions": "api/models.toy.html",
    "search": "search.html?q=propensity",
}
SCREENSHOTS = Path(__file__).with_name("screenshots")


class Page(HTMLParser):
    """Where a page leads, and where one can be led to in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.fetched, self.anchors = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found.get("id"), found.get("name") if tag == "a" else None}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "link" and found.get("href"):
            self.fetched.append(found["href"])
        if found.get("src"):
            self.fetched.append(found["src"])


@pytest.fixture(scope="session")
def site(fresh_copy, browser, tmp_path_factory):
    """The site; a loud skip where it cannot be made, but in CI a failure."""
    lacking = missing_tools()
    if lacking:
        message = f"NO SITE: install {' and '.join(lacking)} to make and test the web site"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    opened = Site(*make(fresh_copy, tmp_path_factory.mktemp("site")), browser)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pages(site):
    """Every page, by its place; JupyterLite's own are not ours to read."""
    found = [path for path in site.folder.rglob("*.html") if "lite" not in path.relative_to(site.folder).parts]
    return {path: Page(path.read_text(encoding="utf-8")) for path in found}


@pytest.fixture(scope="session")
def lessons(site):
    return Lessons(site, NAMES)


def test_every_link_and_anchor_within_the_site_leads_somewhere(pages, site):
    lost = []
    for path, page in pages.items():
        for link in page.links + page.fetched:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchors = {parts.fragment, unquote(parts.fragment)}  # a browser looks for either
            known = pages[target].anchors | {""} if target in pages else anchors
            if not target.exists() or not (anchors & known or parts.fragment.startswith("/")):
                lost.append(f"{path.relative_to(site.folder)}: {link}")
            if parts.query.startswith("path=") and not (site.folder / "lite" / "files" / parts.query[5:]).exists():
                lost.append(f"{path.relative_to(site.folder)}: {link}")
    assert not lost, "\n".join(lost)
    assert len(pages) > 60 and sum(len(page.links) for page in pages.values()) > 2000


def test_no_page_fetches_anything_from_elsewhere(pages):
    assert not {one for page in pages.values() for one in page.fetched if urlsplit(one).netloc}


def test_the_first_page_opens_the_workshop_in_the_browser_and_on_binder(pages, site):
    links = pages[site.folder / "index.html"].links
    address = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
    assert "lite/lab/index.html?path=notebooks/00-start-here.ipynb" in links
    assert any(link.startswith("https://mybinder.org/") for link in links) and address in links


def test_every_lesson_stands_there_with_hints_and_folded_answers(site):
    for notebook in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"):
        text = (site.folder / "lessons" / f"{notebook.stem}.html").read_text(encoding="utf-8")
        exercises = notebook.read_text(encoding="utf-8").count('check(\\"')
        assert text.count("<summary>One answer</summary>") >= min(exercises, 1), notebook.name
        assert text.count("<summary>Hint") >= 2 * min(exercises, 1), notebook.name
        assert "### BEGIN SOLUTION" not in text and "Traceback" not in text and "widget-view" not in text
        assert "<details open" not in text


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_pages(site, scheme, width):
    page = site.window(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    for name, place in PAGES.items():
        page.goto(f"{site.address}/{place}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=SCREENSHOTS / f"site-{name}-{scheme}-{width}.png", full_page=name != "functions")
        faults = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
        assert not faults, (name, [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in faults])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the window"
    assert not site.outside


def test_search_finds_the_glossary_and_a_lesson(site):
    page = site.window().new_page()
    page.goto(f"{site.address}/index.html")
    page.get_by_role("textbox", name="Search").first.fill("propensity")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    page.wait_for_function("document.querySelector('.search-summary')?.innerText.includes('finished')")
    found = page.locator("#search-results li > a").all_inner_texts()
    assert "Glossary" in found and "05 Utility" in found


def test_a_button_makes_it_dark(site):
    page = site.window(color_scheme="light").new_page()
    page.goto(f"{site.address}/index.html")
    background = "getComputedStyle(document.body).backgroundColor"
    seen = [page.evaluate(background)]
    for _ in range(3):  # as the system has it, then the other, then this one
        page.locator("button.theme-toggle:visible").first.click()
        seen.append(page.evaluate(background))
    brightest = [max(map(int, re.findall(r"\d+", colour)[:3])) for colour in seen]
    assert brightest[0] == 255 and min(brightest) < 60, seen


def test_the_lower_bounds_hold_in_the_learners_browser(site):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    there = dict(site.versions)
    for wheel in (site.folder / "lite" / "pypi").glob("*.whl"):
        name, version = wheel.name.split("-")[:2]
        there[name.replace("_", "-")] = version
    for line in project["dependencies"] + ["anywidget>=0.9.13", "ipywidgets>=8.1"]:
        name, least = line.split(">=")
        assert numbers(there[name]) >= numbers(least), line


def numbers(version):
    return [int(part) for part in re.findall(r"\d+", version)]


def test_the_wheel_of_the_workshop_is_pure_python_and_brings_data_and_lessons(site):
    (wheel,) = (site.folder / "lite" / "pypi").glob("synthetic_data_workshop-*-py3-none-any.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    data = {f"workshop/_data/{name}" for name in ("super_private_data_file.csv", "codebook.md", "analysis.py")}
    assert data <= inside and {f"workshop/lessons/{name}" for name in NAMES} <= inside


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_runs_whole_in_the_learners_browser(lessons, site, name, capsys):
    lesson = lessons.ran(name)
    with capsys.disabled():
        print(f"\n{name}: {lesson.told()}")
    code = [cell for cell in lesson.cells() if cell["cell_type"] == "code" and cell["source"]]
    outputs = [output for cell in code for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] in ("error", "stream")]
    assert all(cell["execution_count"] for cell in code)
    shown = str([output.get("data") for output in outputs])
    assert "Still open" in shown and "Warning" not in shown
    assert lesson.page.locator(".jp-Dialog").count() == 0
    lesson.page.screenshot(path=SCREENSHOTS / f"lite-{name[:2]}.png")
    assert not site.outside


def test_what_cannot_run_there_is_said_kindly(lessons):
    doctor = str([cell["outputs"] for cell in lessons.ran(NAMES[0]).cells() if cell["cell_type"] == "code"])
    assert "This environment can run the workshop." in doctor
    assert "statsmodels is missing (only for regressions other than least squares" in doctor
    assert "pyreadstat is missing (only to read files of other programs): it cannot run in a browser" in doctor
    publish = str([cell["outputs"] for cell in lessons.ran(NAMES[7]).cells() if cell["cell_type"] == "code"])
    assert publish.count("own least squares stood in for it") >= 1


def test_a_slider_moves_the_picture(lessons):
    page = lessons.ran(NAMES[1]).page
    page.bring_to_front()
    box, handle = page.locator(".jp-WindowedPanel-outer").first, page.locator(".noUi-handle").first
    for top in range(0, 20_000, 200):  # JupyterLab draws only what is near
        box.evaluate("(box, top) => box.scrollTo(0, top)", top)
        page.wait_for_timeout(300)
        place = handle.bounding_box()
        if place and 200 < place["y"] < 700:
            break
    explorer = handle.locator("xpath=ancestor::div[contains(@class, 'widget-vbox')][last()]")
    picture, readout = explorer.locator("img").first, explorer.locator(".widget-readout").first
    before = picture.get_attribute("src"), readout.inner_text()
    handle.click()
    handle.press("ArrowRight")
    for _ in range(60):
        page.wait_for_timeout(500)
        if picture.get_attribute("src") != before[0]:
            break
    page.screenshot(path=SCREENSHOTS / "lite-slider.png")
    assert readout.inner_text() != before[1] and picture.get_attribute("src") != before[0]


def test_a_learners_work_stays_in_the_browser_and_can_be_taken_along(site):
    page = site.window().new_page()
    place = f"{site.address}/lite/lab/index.html?path=notebooks/{NAMES[2]}"
    page.goto(place)
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("# what I thought of\n")
    page.wait_for_function("jupyterapp.shell.currentWidget.context.model.dirty")
    page.keyboard.press("Control+s")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    page.goto(place)  # the link on the site, another time
    page.wait_for_selector(".jp-Notebook .jp-CodeCell .cm-content:has-text('what I thought of')", timeout=60_000)
    with page.expect_download() as download:
        page.click(f".jp-DirListing-item:has-text('{NAMES[2][:10]}')", button="right")
        page.click(".lm-Menu-itemLabel:text-is('Download')")
    assert "what I thought of" in Path(download.value.path()).read_text(encoding="utf-8")
    assert not site.outside
