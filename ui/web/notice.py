"""A plain page that says one thing, for people whom the real one cannot be shown."""

from html import escape

from ui.web.theme import variables_css


def notice(title: str, text: str, link: str = "") -> str:
    """Return an HTML page with a title and a sentence; with ``link``, these words lead to the real page."""
    way = f'<p><a href="/">{escape(link)}</a></p>' if link else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · Trackside</title>
<style>{variables_css()}
body {{ margin: 0; display: grid; place-items: center; min-height: 100vh; color: var(--ink); }}
main {{ width: 420px; padding: 40px; text-align: center; background: var(--surface); border: 1px solid var(--line);
  border-radius: 10px; }}
h1 {{ font-size: 18px; margin: 0 0 8px; }} p {{ font-size: 14px; line-height: 1.5; margin: 0; color: var(--ink2); }}
a {{ display: inline-block; margin-top: 12px; color: var(--primary); }}
</style></head><body><main><h1>{escape(title)}</h1><p>{escape(text)}</p>{way}</main></body></html>"""
