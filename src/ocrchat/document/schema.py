"""The JSON Schema of a stored document, told from the model itself, so that the published one cannot drift from it.

`python -m ocrchat.document.schema` prints it; docs/document.schema.json is that output.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from typing import Any, Literal, Union, get_args, get_origin

from ocrchat.document import model

_PLAIN_TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
}


def schema_of_documents() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    _reference(model.Document, definitions)
    root = definitions.pop("Document")
    root["properties"]["schema"] = {"const": model.SCHEMA}
    root["required"] = ["schema", "pages"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": model.SCHEMA,
        "description": "A document as it was read. A value that is left out has the default given here.",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _reference(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}
        definitions[cls.__name__] = _object(cls, definitions)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _object(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls, vars(model))
    properties: dict[str, Any] = {}
    required = []
    if "kind" in hints:
        properties["kind"] = {"const": vars(cls)["kind"]}
        required.append("kind")
    for field in dataclasses.fields(cls):
        properties[field.name] = _of_type(hints[field.name], definitions)
        if field.default is dataclasses.MISSING:
            required.append(field.name)
        elif isinstance(field.default, str | int | float) and field.default != "":
            properties[field.name] = {**properties[field.name], "default": field.default}
    out: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**out, "required": required} if required else out


def _of_type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN_TYPES:
        return dict(_PLAIN_TYPES[hint])
    if hint is model.Box:
        return {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
    origin = get_origin(hint)
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of_type(member, definitions) for member in get_args(hint)]}
    if origin is tuple:
        return _of_tuple(get_args(hint), definitions)
    return _reference(hint, definitions)


def _of_tuple(members: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if members[-1] is Ellipsis:
        return {"type": "array", "items": _of_type(members[0], definitions)}
    items = _of_type(members[0], definitions)
    return {"type": "array", "items": items, "minItems": len(members), "maxItems": len(members)}


def schema_text() -> str:
    return json.dumps(schema_of_documents(), indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
