"""Who may use which route of the page's server. Most are Bokeh's and Panel's: what is not listed here is a fault."""

from dataclasses import dataclass

from contracts.grants import UPLOAD, VIEW
from infra.http.needs import OPEN, TICKET


@dataclass(frozen=True)
class PageRule:
    """One route of the page's server, and what whoever asks must hold."""

    method: str
    path: str
    """The pattern that Tornado matches, as it is registered."""
    needs: str
    """The grant of the person's session; OPEN for everybody, TICKET where a session begins."""
    example: str
    """A path that it matches."""


RULES = (
    PageRule("GET", "/?$", VIEW, "/"),
    PageRule("WEBSOCKET", "/ws$", VIEW, "/ws"),
    PageRule("GET", "/metadata$", VIEW, "/metadata"),
    PageRule("GET", "/autoload.js$", VIEW, "/autoload.js?bokeh-autoload-element=1"),
    PageRule("GET", "/assets/(.*)$", VIEW, "/assets/favicon.svg"),
    PageRule("POST", "/upload$", UPLOAD, "/upload?filename=rows.csv"),
    PageRule("GET", "/login$", TICKET, "/login"),
    PageRule("GET", "/(?:ready|health)$", OPEN, "/ready"),
    PageRule("GET", "/favicon.ico$", OPEN, "/favicon.ico"),
    PageRule("GET", "/components/(.*)$", OPEN, "/components/none"),
    PageRule("GET", "/static/extensions/(.*)$", OPEN, "/static/extensions/panel/panel.min.js"),
    PageRule("GET", "/static/(?!extensions/)(.*)$", OPEN, "/static/js/bokeh.min.js"),
    PageRule("GET", "/static/(.*)$", OPEN, "/static/js/bokeh.min.js"),
)
"""Libraries' scripts and styles are for everybody: they are the same everywhere, and hold nothing of the platform's."""
