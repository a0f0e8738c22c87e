"""The API's description as one plain page: readable offline, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2024 }
code, pre { font: 0.9em ui-monospace, monospace }
details { border: 1px solid #d5d9de; border-radius: 6px; margin: 0.4rem 0; padding: 0.4rem 0.8rem }
summary { cursor: pointer } summary b { display: inline-block; min-width: 4.5rem }
table { border-collapse: collapse } td, th { text-align: left; vertical-align: top; padding: 0.15rem 1rem 0.15rem 0 }
@media (prefers-color-scheme: dark) { body { background: #15181b; color: #e4e7ea } details { border-color: #3a4046 } }
"""


def page(document: Mapping[str, Any]) -> str:
    """Write the page.

    Parameters
    ----------
    document : mapping
        An OpenAPI document.

    Returns
    -------
    str
        HTML.
    """
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style>",
        f"<h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>",
        *(f"<p>{_marked(text)}</p>" for text in info["description"].strip().split("\n\n")),
        '<p>For programs: <a href="openapi.json">openapi.json</a>.</p>',
    ]
    for tag in document["tags"]:
        parts.append(f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>")
        parts += _routes(document, tag["name"])
    parts.append("<h2>Values</h2>")
    parts += [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return "\n".join((*parts, "</html>"))


def _routes(document: Mapping[str, Any], tag: str) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            if tag != route["tags"][0]:
                continue
            rows = [
                (f"{one['name']} ({one['in']})", _kind(one["schema"]), one.get("description", ""))
                for one in route.get("parameters", ())
            ]
            for media, body in route.get("requestBody", {}).get("content", {}).items():
                rows.append((f"body, {media}", _kind(body["schema"]), ""))
            for status, answer in route["responses"].items():
                content = answer.get("content", {}).items()
                kinds = ", ".join(_kind(body["schema"]) if "schema" in body else media for media, body in content)
                rows.append((f"answer {status}", kinds, answer["description"]))
            yield (
                f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code> {escape(route['summary'])}"
                f"</summary><p>{_marked(route['description'])}</p>{_table(rows)}</details>"
            )


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    needed = schema.get("required", ())
    rows = [
        (f"{field}{'' if field in needed else ' (optional)'}", _kind(value), value.get("description", ""))
        for field, value in schema.get("properties", {}).items()
    ]
    words = schema.get("description", "")
    one_of = f"<p>One of: {escape(', '.join(map(str, schema['enum'])))}</p>" if "enum" in schema else ""
    return (
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code> {escape(words)}</summary>'
        f"{one_of}{_table(rows)}</details>"
    )


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}" if "items" in schema else "list"
    return escape(str(schema.get("format") or schema.get("type") or "any"))


def _marked(text: str) -> str:
    """Show the two signs of Markdown that the descriptions use."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))
    return re.sub(r"`(.+?)`", r"<code>\1</code>", bold)


def _table(rows: list[tuple[str, str, str]]) -> str:
    cells = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td><td>{escape(words)}</td></tr>"
        for name, kind, words in rows
    )
    return f"<table>{cells}</table>" if cells else ""
