"""The parts that are drawn in the browser: React and Material UI, from this server and with no build step.

The import map points to the bundle that panel-material-ui ships and that the Bokeh server serves anyhow.
"""

import hashlib
from pathlib import Path
from typing import Any, ClassVar

import panel_material_ui as pmui
import param
from panel.viewable import Child

from ui.web.theme import TOKENS, console_css

_BUNDLE = "static/extensions/panel-material-ui"
_SHIMS = {
    "react": "react", "react/jsx-runtime": "react-jsx-runtime", "react-dom": "react-dom",
    "react-dom/client": "react-dom-client", "react-is": "react-is", "@emotion/cache": "emotion-cache",
    "@emotion/react": "emotion-react", "@mui/material/styles": "material-ui-styles",
    "panel-material-ui/mui": "material-ui",
}  # fmt: skip
_WEB = Path(__file__).parent.parent
_CONSOLE = (
    "components/basics.jsx",
    "components/calls.jsx",
    "components/board.jsx",
    "components/figures.jsx",
    "pages/sources.jsx",
    "pages/data.jsx",
    "pages/start.jsx",
    "pages/experiments.jsx",
    "pages/race.jsx",
    "pages/evaluation.jsx",
    "pages/serving.jsx",
    "components/console.jsx",
)


def _source(*files: str) -> str:
    """Return one ECMAScript module: browsers get no path to the parts, so they are joined here."""
    return "\n".join((_WEB / file).read_text() for file in files)


class LocalComponent(pmui.MaterialUIComponent):  # type: ignore[misc]
    """A React component that asks no other host for anything."""

    __abstract = True
    _stylesheets: ClassVar[list[str]] = [console_css()]

    @classmethod
    def _process_importmap(cls) -> dict[str, dict[str, str]]:
        imports = {name: f"/{_BUNDLE}/{shim}-shim.js" for name, shim in _SHIMS.items()}
        # The very address that the page itself loads, for the shims too: under another one it would be a second module,
        # with a theme of its own that never hears of the switch between light and dark.
        version = hashlib.md5(pmui.__version__.encode(), usedforsecurity=False).hexdigest()
        bundle = f"/{_BUNDLE}/panel-material-ui.bundle.js"
        imports["panel-material-ui"] = imports[bundle] = f"{bundle}?{version}"
        imports["material-icons/"] = "/assets/empty/"  # the page's bundle brings the fonts
        imports["@fontsource/roboto/"] = "/assets/empty/"
        return {"imports": imports}


class Brand(LocalComponent):
    """The name in the bar, whether the page is live, and who looks at it."""

    person = param.String(doc="Who looks at the page, and as what.")

    _esm_base = _source("components/basics.jsx", "components/brand.jsx")


class Navigation(LocalComponent):
    """The pages to go to."""

    _esm_base = _source("components/basics.jsx", "components/navigation.jsx")


class Console(LocalComponent):
    """All pages, drawn from rows that arrive as messages; what the person wants leaves as messages."""

    fold_figure = Child(doc="The fold scores of the race on screen.")
    best_figure = Child(doc="The leader of the race on screen, against time.")
    pareto_figure = Child(doc="Score against answer time in the race on screen.")
    palette = param.Dict(default=TOKENS, doc="Colours for what Bokeh draws.")
    grants = param.List(item_type=str, doc="What the person may do, by the words of contracts/grants.py.")
    mlflow = param.String(doc="Where MLflow's pages are.")

    _esm_base = _source(*_CONSOLE)

    def __init__(self, hear: Any, **params: Any) -> None:
        """``hear`` is called with each message of the browser."""
        super().__init__(**params)
        self._hear = hear

    def tell(self, message: dict[str, Any]) -> None:
        """Send one message to the browser."""
        self._send_msg(message)

    def _handle_msg(self, data: dict[str, Any]) -> None:
        self._hear(data)
