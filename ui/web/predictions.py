"""The serving API, asked with a token that the page's server gets for itself: browsers never hold it."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import httpx

from infra.tokens import TokenRequestRefused, fetch_token
from ui.web.actions import PredictionRefused, Reply
from ui.web.settings import UiSettings

SCOPE = "predict"


class ServingApi:
    """Predictions over HTTP."""

    def __init__(self, url: str, token: Callable[[], str]) -> None:
        """``token`` returns a bearer token; it may block."""
        self._url = url.rstrip("/")
        self._token = token

    async def predict(self, path: str, row: Mapping[str, Any]) -> Reply:
        """Return the answer to one row.

        Raises:
            PredictionRefused: if there is none.
            IssuerUnavailable: if no token can be had.
        """
        try:
            token = await asyncio.to_thread(self._token)
            async with httpx.AsyncClient(timeout=30.0) as client:
                response = await client.post(
                    f"{self._url}/{path.lstrip('/')}",
                    json={"rows": [dict(row)]},
                    headers={"Authorization": f"Bearer {token}"},
                )
        except TokenRequestRefused as error:
            raise PredictionRefused(str(error), "Check the page's client at the issuer.") from error
        except httpx.HTTPError as error:
            raise PredictionRefused(
                f"The serving API does not answer at {self._url}.", "Try: trackside status."
            ) from error
        return _answer(response)


def token_source(settings: UiSettings) -> Callable[[], str]:
    """Return what gets a token for the serving API: a new one each time, for the clicks of a person are few."""
    return partial(
        fetch_token,
        settings.issuer_url,
        settings.client_id,
        settings.client_secret.get_secret_value(),
        settings.serving_audience,
        SCOPE,
        settings.issuer_address,
    )


def _answer(response: httpx.Response) -> Reply:
    try:
        body = response.json()
    except ValueError:
        body = {}
    if response.is_success:
        return {"answer": body}
    fault = body.get("error", {})
    cause = fault.get("cause") or f"The serving API answers with status {response.status_code}."
    raise PredictionRefused(cause, fault.get("cure", ""))
