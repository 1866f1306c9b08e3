"""The look: tokens, and what is made from them for Material UI and for the page's own style sheets."""

from pathlib import Path
from typing import Any

FONT = "'Inter Variable', Inter, -apple-system, 'Segoe UI', Roboto, sans-serif"
MONO = "'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, Menlo, monospace"

TOKENS: dict[str, dict[str, str]] = {
    "light": {
        "bg": "#F5F6F8", "surface": "#FFFFFF", "sunken": "#F0F2F5", "line": "#E2E6EC", "line2": "#CBD2DB",
        "ink": "#131A24", "ink2": "#4D5866", "ink3": "#66717F",
        "primary": "#2F5BD8", "primary-soft": "#E9EEFC", "on-primary": "#FFFFFF",
        "ok": "#17795A", "ok-soft": "#E3F4EC", "warn": "#9A6400", "warn-soft": "#FCF1DA",
        "bad": "#BE3228", "bad-soft": "#FCE9E7", "idle": "#6B7686", "idle-soft": "#EEF1F4",
        "lead-0": "#0B6BB8", "lead-1": "#C65102", "lead-2": "#00806A", "lead-3": "#A3428F",
    },
    "dark": {
        "bg": "#0E1218", "surface": "#161B23", "sunken": "#11161D", "line": "#262D38", "line2": "#3A4452",
        "ink": "#E8ECF2", "ink2": "#A8B3C2", "ink3": "#8491A0",
        "primary": "#86A8FF", "primary-soft": "#1D2A4A", "on-primary": "#0E1630",
        "ok": "#4CC79A", "ok-soft": "#12312A", "warn": "#E6B450", "warn-soft": "#33290F",
        "bad": "#FF8A80", "bad-soft": "#3A1B1B", "idle": "#8C98A8", "idle-soft": "#222934",
        "lead-0": "#5CB3F2", "lead-1": "#FF9A4D", "lead-2": "#3FCBA8", "lead-3": "#E08BCB",
    },
}  # fmt: skip
"""Every text colour has a contrast of 4.5 or more on its surface; the leads stay apart for colour-blind eyes."""


_WIDE = 800
"""Pixels from which the sidebar stands beside the page; in a narrower window it lies over it."""


def material_theme() -> dict[str, Any]:
    """Return the theme that Material UI is given, light and dark."""
    return {mode: _material(mode, tokens) for mode, tokens in TOKENS.items()}


def document_css() -> str:
    """Return the style sheet of the document: fonts from this server, and the tokens as variables."""
    return f"""{variables_css()}
@font-face {{ font-family: 'Inter Variable'; font-weight: 100 900; font-display: swap;
  src: url(assets/fonts/inter-latin-wght-normal.woff2) format('woff2'); }}
@font-face {{ font-family: 'JetBrains Mono Variable'; font-weight: 100 800; font-display: swap;
  src: url(assets/fonts/jetbrains-mono-latin-wght-normal.woff2) format('woff2'); }}
"""


def variables_css() -> str:
    """Return the tokens as variables, for a page that needs no more."""
    return f"""
html, body {{ font-family: {FONT}; -webkit-font-smoothing: antialiased; background: var(--bg); }}
:root {{ --font: {FONT}; --mono: {MONO}; {_variables("light")} }}
html.dark:not([data-look]), html[data-look="dark"] {{ {_variables("dark")} }}
"""


def page_css() -> str:
    """Return the style sheet of the page's frame, which stands in a shadow root of its own."""
    return """
main { background: var(--bg) !important; }
.main-content { padding: 0 !important; }
"""


def console_css() -> str:
    """Return the style sheet of the components."""
    return (Path(__file__).parent / "components" / "console.css").read_text()


def _variables(mode: str) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in TOKENS[mode].items())


def _material(mode: str, tokens: dict[str, str]) -> dict[str, Any]:
    edge = f"1px solid {tokens['line']}"
    return {
        "palette": {
            "mode": mode,
            "primary": {"main": tokens["primary"], "contrastText": tokens["on-primary"]},
            "success": {"main": tokens["ok"]},
            "warning": {"main": tokens["warn"]},
            "error": {"main": tokens["bad"]},
            "background": {"default": tokens["bg"], "paper": tokens["surface"]},
            "text": {"primary": tokens["ink"], "secondary": tokens["ink2"], "disabled": tokens["ink3"]},
            "divider": tokens["line"],
        },
        "typography": {
            "fontFamily": FONT,
            "fontSize": 13,
            "button": {"textTransform": "none", "fontWeight": 560, "fontSize": "0.8125rem"},
        },
        "shape": {"borderRadius": 8},
        "breakpoints": {"values": {"xs": 0, "sm": _WIDE, "md": 900, "lg": 1200, "xl": 1536}},
        "components": {
            "MuiAppBar": _root(
                backgroundColor=tokens["surface"], color=tokens["ink"], boxShadow="none", borderBottom=edge
            ),
            "MuiToolbar": _root(minHeight="52px !important", padding="0 12px 0 16px !important"),
            "MuiDrawer": {"styleOverrides": {"paper": {"backgroundColor": tokens["surface"], "borderRight": edge}}},
            "MuiPaper": _root(backgroundImage="none"),
            "MuiButton": _root(borderRadius=7, boxShadow="none", whiteSpace="nowrap"),
        },
    }


def _root(**style: object) -> dict[str, Any]:
    return {"styleOverrides": {"root": style}}
