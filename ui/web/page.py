"""One page in one browser: the frame, the console in it, and what passes between console and hub."""

import asyncio
from typing import Any

import panel_material_ui as pmui
from bokeh.document import Document
from panel.io.state import state

from infra.clock import Clock
from infra.tokens import Caller
from ui.web.actions import Actions
from ui.web.components import Brand, Console, Navigation
from ui.web.figures.best_so_far import best_figure
from ui.web.figures.fold_scores import fold_figure
from ui.web.figures.pareto import pareto_figure
from ui.web.hub import Hub, Viewer
from ui.web.login import Guard
from ui.web.theme import document_css, material_theme, page_css

_NOBODY = Caller("", frozenset(), 0)
"""Who is there if the session ended while the page was being made."""


class Session:
    """What one open page asks for."""

    def __init__(
        self, hub: Hub, actions: Actions, person: Caller, clock: Clock, document: Document, mlflow_url: str
    ) -> None:
        self._hub = hub
        self._actions = actions
        self._person = person
        self._clock = clock
        self._document = document
        self._replies: set[asyncio.Task[None]] = set()
        self.console = Console(
            self.hear, fold_figure=fold_figure(), best_figure=best_figure(), pareto_figure=pareto_figure(),
            mlflow=mlflow_url, grants=sorted(person.grants), margin=0, sizing_mode="stretch_both",
        )  # fmt: skip
        self._viewer = Viewer(document, self.console.tell, self._connected)

    def hear(self, message: dict[str, Any]) -> None:
        """Take in a message of the browser: what it looks at, or an action with the id of its reply."""
        if "look" in message:
            self._hub.enter(self._viewer, message["look"].get("race"))
            return
        reply = asyncio.get_running_loop().create_task(self._perform(message))
        self._replies.add(reply)
        reply.add_done_callback(self._replies.discard)

    def close(self) -> None:
        """Tell the hub that the page was closed; commands under way go on."""
        self._hub.leave(self._viewer)

    def _connected(self) -> bool:
        # A page that is told nothing any more looks for its server, and so for a new session.
        if self._person.is_over(self._clock()):
            return False
        context = self._document.session_context
        return context is not None and context.session is not None and context.session.connection_count > 0

    async def _perform(self, message: dict[str, Any]) -> None:
        reply = await self._actions.perform(message["action"], message["arguments"], self._person)
        told = {"reply": message["id"], **reply}
        self._document.add_next_tick_callback(lambda: self.console.tell(told))


def open_page(hub: Hub, actions: Actions, guard: Guard, clock: Clock, mlflow_url: str) -> pmui.Page:
    """Return a new page for the session that Bokeh is making, for the person whose request began it."""
    document = state.curdoc
    person = guard.person_of(state.cookies) or _NOBODY
    session = Session(hub, actions, person, clock, document, mlflow_url)
    page = pmui.Page(
        title="", meta_title="Trackside", header=[Brand(person=_named(person), margin=0, sizing_mode="stretch_width")],
        sidebar=[Navigation(margin=0, sizing_mode="stretch_width")], main=[session.console], sidebar_width=204,
        sidebar_resizable=False, sidebar_variant="auto", theme_config=material_theme(), theme_toggle=True,
        raw_css=[document_css()], stylesheets=[page_css()], busy_indicator=None, favicon="assets/favicon.svg",
    )  # fmt: skip

    def forget(_context: object) -> None:
        session.close()
        _release(page, document)

    document.on_session_destroyed(forget)
    return page


def _named(person: Caller) -> str:
    """Return how the page names a person: who they are, and as what."""
    return " · ".join(dict.fromkeys(filter(None, [person.subject, *sorted(person.roles)])))


def _release(page: pmui.Page, document: Document) -> None:
    """Take a closed page out of Panel's process-wide state, which would keep it, and its document, for ever.

    ``Page.busy`` is a reference to ``state.busy``; views of the document stay in ``state._views``.
    """
    for _, watcher in page._param__private.ref_watchers:
        if watcher.inst is state:
            state.param.unwatch(watcher)
    for reference, view in list(state._views.items()):
        if view[2] is document:
            del state._views[reference]
