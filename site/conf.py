"""How the pages are made; `make site` puts lessons, API pages and the rest beside them first (tools/site.py)."""

project = "Synthetic data workshop"
author = "the contributors"
copyright = "the contributors. Lessons: CC BY 4.0, code: MIT"
language = "en"

extensions = [
    "myst_nb",  # pages and lessons in Markdown and as notebooks
    "sphinx.ext.autodoc",  # API pages from docstrings
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build", "_static", "Thumbs.db"]
default_role = "literal"
nitpicky = False

nb_execution_mode = "off"  # the lessons carry the output that `make notebooks` put there
nb_ipywidgets_js = {}  # nothing is fetched from elsewhere: what a slider shows is said in words
nb_merge_streams = True
myst_enable_extensions = ["attrs_block", "attrs_inline", "deflist"]
myst_heading_anchors = 4
suppress_warnings = ["mystnb.unknown_mime_type"]

autodoc_member_order = "bysource"
# The methods that scikit-learn puts into every model, for its own use.
autodoc_default_options = {
    "members": True,
    "exclude-members": "set_fit_request, set_score_request, set_predict_request",
}
autodoc_typehints = "none"
napoleon_google_docstring = False
viewcode_follow_imported_members = False  # else the way back from a source leads to where a name was first imported

html_theme = "furo"
html_title = "Synthetic data workshop"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#005A8C", "color-brand-content": "#005A8C"},
    "dark_css_variables": {"color-brand-primary": "#7CC4EE", "color-brand-content": "#7CC4EE"},
}


def setup(app):
    """Napoleon takes what stands before a colon in the first line of a property for its type; an empty comment before it prevents that."""

    def keep_sentence(app, what, name, obj, options, lines):
        if what == "property":
            lines[:0] = ["..", ""]

    app.connect("autodoc-process-docstring", keep_sentence, priority=400)
