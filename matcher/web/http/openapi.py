"""The OpenAPI 3.1 document, built from the routes and the models that they use."""

import re
from typing import Any

from flask import Flask
from pydantic import TypeAdapter
from werkzeug.routing import Rule

from matcher.web.http.operations import Operation, documented_routes
from matcher.web.http.parameters import JsonSchema, Parameter
from matcher.web.http.problems import MEDIA_TYPE, PROBLEM_TYPES, Problem

_REF = "#/components/schemas/{model}"
_ALWAYS = ("too-many-requests", "internal")
_WITH_TOKEN = ("token-required", "scope-missing")
_SCHEME = "token"
_PLACEHOLDER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
_CLUSTER_ID = {"type": "string", "examples": ["ua-kharkiv-it-cluster"]}
_PATH_SCHEMAS: dict[str, JsonSchema] = {
    "introduction_id": {"type": "string", "examples": ["1"]},
    "event_id": {"type": "string", "examples": ["brussels-2026"]},
    "person_id": {"type": "string", "examples": ["1"]},
    "letter_id": {"type": "string", "examples": ["1"]},
    "job_id": {"type": "string", "examples": ["1"]},
}
_OF_BODY = ("malformed-request", "too-large", "unsupported-media-type", "invalid-input")
_VERSIONED = ("version-needed", "version-outdated")
_IF_MATCH: JsonSchema = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string", "examples": ['"1"']},
    "description": "The ETag of what is to be changed, as it was last read.",
}


def openapi_document(app: Flask) -> JsonSchema:
    """Return the document that describes the API of `app`."""
    routes = documented_routes(app)
    schemas, components = _schemas([operation for _, operation in routes])
    paths: dict[str, JsonSchema] = {}
    for rule, operation in routes:
        method = _method(rule)
        path = _PLACEHOLDER.sub(r"{\1}", rule.rule)
        paths.setdefault(path, {})[method] = _described(rule, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Cluster Matcher",
            "version": "1.0",
            "description": "Finds partner clusters, scored from both sides, with reasons. "
            "Every error has the shape of `Problem`, sent as `application/problem+json`.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                _SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by the operator with `matcher token create`.",
                }
            },
        },
    }


def _method(rule: Rule) -> str:
    """Return the one method of a route besides HEAD and OPTIONS."""
    changes = [method for method in ("POST", "PUT", "DELETE") if method in (rule.methods or ())]
    return changes[0].lower() if changes else "get"


def _schemas(operations: list[Operation]) -> tuple[dict[Any, JsonSchema], JsonSchema]:
    """Return the schema of each type by (type, mode), and the definitions that they share."""
    answers = {operation.answer for operation in operations} - {bytes} | {Problem}
    bodies = {operation.body for operation in operations if operation.body}
    wanted = [(kind, "serialization", TypeAdapter(kind)) for kind in answers]
    wanted += [(kind, "validation", TypeAdapter(kind)) for kind in bodies]
    wanted.sort(key=lambda item: (item[0].__name__, item[1]))
    schemas, shared = TypeAdapter.json_schemas(wanted, ref_template=_REF)  # type: ignore[arg-type]
    return schemas, shared.get("$defs", {})


def _described(rule: Rule, operation: Operation, schemas: dict[Any, JsonSchema]) -> JsonSchema:
    described: JsonSchema = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": operation.summary,
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": _PATH_SCHEMAS.get(name, _CLUSTER_ID),
            }
            for name in sorted(rule.arguments, key=rule.rule.index)
        ]
        + [_query_parameter(parameter) for parameter in operation.parameters]
        + [_IF_MATCH] * operation.if_match,
        "responses": _responses(operation, schemas, _problems(rule, operation)),
    }
    if operation.scope:
        described["security"] = [{_SCHEME: [operation.scope]}]
    if operation.description:
        described["description"] = operation.description
    if operation.body or operation.takes:
        described["requestBody"] = _body(operation, schemas)
    return described


def _query_parameter(parameter: Parameter) -> JsonSchema:
    schema = parameter.schema
    if parameter.repeated:
        schema = {"type": "array", "items": schema}
    described = {"name": parameter.name, "in": "query", "schema": schema}
    if parameter.description:
        described["description"] = parameter.description
    return described


def _body(operation: Operation, schemas: dict[Any, JsonSchema]) -> JsonSchema:
    content: JsonSchema = {}
    if operation.body:
        schema = schemas[operation.body, "validation"]
        content["application/json"] = {"schema": schema, "example": operation.example}
    for media_type in operation.takes:
        content[media_type] = {"schema": _file(media_type, operation.uploads)}
    return {"required": True, "content": content}


def _file(media_type: str, uploads: tuple[str, ...]) -> JsonSchema:
    if media_type == "multipart/form-data":
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        form = {"type": "object", "properties": dict.fromkeys(uploads, file)}
        return form | ({"required": [*uploads]} if len(uploads) == 1 else {"minProperties": 1})
    if media_type == "application/json":
        return {}
    return {"type": "string", "contentMediaType": media_type}


def _problems(rule: Rule, operation: Operation) -> tuple[str, ...]:
    """Codes of all problems that the route can answer."""
    token = _WITH_TOKEN if operation.scope else ()
    posted = ("cross-site-request",) if _method(rule) != "get" else ()
    versioned = _VERSIONED if operation.if_match else ()
    body = _OF_BODY if operation.body else ()
    query = ("invalid-input",) if operation.parameters else ()
    kept = ("store-unavailable",) if operation.scope else ()
    found = ("not-found",) if operation.scope and rule.arguments else ()
    derived = (*token, *posted, *versioned, *body, *query, *found, *kept)
    return tuple(dict.fromkeys((*derived, *operation.problems, *_ALWAYS)))


def _responses(
    operation: Operation, schemas: dict[Any, JsonSchema], problems: tuple[str, ...]
) -> JsonSchema:
    content: JsonSchema = {media_type: {"schema": {}} for media_type in operation.files}
    if not content:
        content["application/json"] = {"schema": schemas[operation.answer, "serialization"]}
    good = {"description": "The answer", "content": content}
    responses: JsonSchema = {str(operation.status): good}
    for code in problems:
        kind = PROBLEM_TYPES[code]
        known = responses.get(str(kind.status))
        title = f"{known['description']}; {kind.title.lower()}" if known else kind.title
        responses[str(kind.status)] = {
            "description": title,
            "content": {MEDIA_TYPE: {"schema": schemas[Problem, "serialization"]}},
        }
    return dict(sorted(responses.items()))
