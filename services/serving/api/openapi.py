"""The API as an OpenAPI document."""

from typing import Any, get_args

from contracts.training import Task


def _reply(description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {"application/json": {"schema": schema or {"$ref": "#/components/schemas/Fault"}}}
    return {"description": description, "content": content}


def _object(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}


_TEXT = {"type": "string"}
_NAME = {"name": "name", "in": "path", "required": True, "schema": _TEXT, "description": "The deployment's name."}
_CLOSED = {
    "401": _reply("No token, or one that is not accepted."),
    "403": _reply("The token lacks the scope predict."),
    "503": _reply("The issuer does not answer, the deployment is not loaded, or too many wait: come again."),
}
_MODEL_FIELDS = dict.fromkeys(("name", "model_version_id", "experiment_id", "path", "candidate", "ready_at"), _TEXT)

_SCHEMAS: dict[str, Any] = {
    "Row": {
        "type": "object",
        "description": "Column to value; null where one is missing. See the deployment's schema.",
    },
    "Rows": {
        "oneOf": [
            _object(["rows"], rows={**_list("Row"), "minItems": 1}),
            _object(["row"], row={"$ref": "#/components/schemas/Row"}),
        ]
    },
    "Prediction": _object(
        ["prediction"],
        prediction={"type": ["string", "number", "boolean"]},
        probabilities={"type": "object", "additionalProperties": {"type": "number"}, "description": "By class."},
        score={"type": "number", "description": "How unusual the row is, of an anomaly detection."},
        low={"type": "number", "description": "Of a time series: 4 of 5 forecasts have lain between low and high."},
        high={"type": "number"},
    ),
    "Predictions": _object(
        ["prediction_id", "model_version_id", "predictions"],
        prediction_id=_TEXT,
        model_version_id=_TEXT,
        predictions=_list("Prediction"),
    ),
    "Deployment": _object(list(_MODEL_FIELDS), **_MODEL_FIELDS),
    "Schema": _object(
        [*_MODEL_FIELDS, "task", "target", "features", "classes", "example"],
        **_MODEL_FIELDS,
        task={"enum": list(get_args(Task))},
        target=_TEXT,
        features={"type": "array", "items": _object(["name", "type"], name=_TEXT, type=_TEXT)},
        classes={"type": "array"},
        example={"$ref": "#/components/schemas/Row"},
    ),
    "Fault": _object(
        ["error"],
        error=_object(["reason", "cause", "cure"], reason=_TEXT, cause=_TEXT, cure=_TEXT, problems={"type": "array"}),
    ),
}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Trackside serving", "version": "1", "description": "Predictions from deployed model versions."},
    "security": [{"token": []}],
    "paths": {
        "/health": {
            "get": {
                "summary": "Does everything that was deployed answer?",
                "security": [],
                "responses": {
                    "200": _reply("Yes.", {"type": "object"}),
                    "503": _reply("Not yet, or not all of it.", {"type": "object"}),
                },
            }
        },
        "/deployments": {
            "get": {
                "summary": "What answers",
                "responses": {
                    "200": _reply("By name.", _object(["deployments"], deployments=_list("Deployment"))),
                    **_CLOSED,
                },
            }
        },
        "/deployments/{name}/schema": {
            "get": {
                "summary": "What a deployment takes and gives",
                "parameters": [_NAME],
                "responses": {
                    "200": _reply("Its columns.", {"$ref": "#/components/schemas/Schema"}),
                    "404": _reply("No such deployment; the answer names those that there are."),
                    **_CLOSED,
                },
            }
        },
        "/deployments/{name}/predict": {
            "post": {
                "summary": "Predictions for one row or many",
                "parameters": [_NAME],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Rows"}}},
                },
                "responses": {
                    "200": _reply("One prediction per row, in order.", {"$ref": "#/components/schemas/Predictions"}),
                    "400": _reply("The body is not JSON of this shape."),
                    "404": _reply("No such deployment; the answer names those that there are."),
                    "413": _reply("The body is too long."),
                    "422": _reply("A column is missing, unknown, or of another type; the answer names each."),
                    **_CLOSED,
                },
            }
        },
    },
    "components": {
        "schemas": _SCHEMAS,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    },
}
