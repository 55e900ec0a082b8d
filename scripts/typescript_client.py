"""Write clients/typescript from the OpenAPI document; with --check, fail where it is stale."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.openapi.document import document
from gateway.transcoding import image

FOLDER = Path(__file__).resolve().parents[1] / "clients" / "typescript"
HEAD = "// Made by scripts/typescript_client.py from the OpenAPI document. Do not edit.\n"
METHODS = ("get", "post", "put", "patch", "delete")
REFERENCE = "#/components/schemas/"
Schema = dict[str, Any]

RUNTIME_TYPES = """
/** A call that the platform refused. */
export declare class Refused extends Error {
  /** Its RFC 9457 document; a proxy's answer has a status and a reason alone. */
  readonly problem: Partial<Problem> & { status: number };
  readonly status: number;
  /** Stable, for programs. */
  readonly reason: string;
  readonly violations: NonNullable<Problem["violations"]>;
}

export interface ClientOptions {
  /** Address of the gateway: `http://localhost:8098`. */
  baseUrl: string;
  /** A bearer token, or what makes a fresh one for each call. */
  token?: string | (() => string | Promise<string>);
  /** Another `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** How often a call that is refused for now is repeated; 3 when left out. */
  retries?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Makes a repeated write count once; one is made for each write when left out. */
  idempotencyKey?: string;
}
"""


def operations(api: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, item in api["paths"].items():
        if path.startswith("/api/v1/"):
            yield from ((path, method, item[method]) for method in METHODS if method in item)


def method_name(operation: Schema) -> str:
    name: str = operation["operationId"]
    return name[0].lower() + name[1:]


def comment(text: str, indent: str) -> str:
    lines = [line.rstrip() for line in text.replace("*/", "* /").strip().splitlines()]
    if not lines:
        return ""
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    return f"{indent}/**\n" + "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines) + f"{indent} */\n"


def type_of(schema: Schema, indent: str = "") -> str:
    if "$ref" in schema:
        return str(schema["$ref"].removeprefix(REFERENCE))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        inner = type_of(schema.get("items", {}), indent)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if kind == "object":
        if "properties" in schema:
            return members(schema, indent)
        values = schema.get("additionalProperties", True)
        return f"Record<string, {type_of(values, indent) if isinstance(values, dict) else 'unknown'}>"
    if isinstance(kind, list):
        return " | ".join("null" if one == "null" else type_of({**schema, "type": one}, indent) for one in kind)
    return {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}.get(
        str(kind), "unknown"
    )


def members(schema: Schema, indent: str) -> str:
    needed = set(schema.get("required", ()))
    inner = indent + "  "
    out = "{\n"
    for name, one in schema.get("properties", {}).items():
        key = name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)
        out += comment(one.get("description", ""), inner)
        out += f"{inner}{key}{'' if name in needed else '?'}: {type_of(one, inner)};\n"
    return out + indent + "}"


def parameters(operation: Schema) -> str:
    properties = {
        one["name"]: {**one["schema"], "description": one.get("description", "")} for one in operation["parameters"]
    }
    needed = [one["name"] for one in operation["parameters"] if one["required"]]
    return members({"properties": properties, "required": needed}, "    ")


def answer_type(operation: Schema) -> tuple[str, str]:
    """Return `json`, `raw` or `stream`, and the type of the answer."""
    done = operation["responses"]["200"]
    if "x-message" in done:
        return "stream", type_of(done["x-message"])
    if "*/*" in done.get("content", {}):
        return "raw", "Response"
    return "json", type_of(done["content"]["application/json"]["schema"])


def signature(operation: Schema) -> str:
    kind, answer = answer_type(operation)
    taken = []
    if operation["parameters"]:
        optional = "" if any(one["required"] for one in operation["parameters"]) or "requestBody" in operation else "?"
        taken.append(f"params{optional}: {parameters(operation)}")
    if "requestBody" in operation:
        body = operation["requestBody"]
        optional = "" if body["required"] else "?"
        taken.append(f"body{optional}: {type_of(body['content']['application/json']['schema'], '    ')}")
    options = "CallOptions" if kind != "stream" else "Pick<CallOptions, 'signal'>"
    taken.append(f"options?: {options}")
    result = f"AsyncGenerator<{answer}, void, undefined>" if kind == "stream" else f"Promise<{answer}>"
    return f"{method_name(operation)}({', '.join(taken)}): {result};"


def declarations(api: Schema) -> str:
    out = HEAD + RUNTIME_TYPES
    for name, schema in api["components"]["schemas"].items():
        described = comment(schema.get("description", ""), "")
        if schema.get("type") == "object" and "properties" in schema:
            out += f"\n{described}export interface {name} {members(schema, '')}\n"
        else:
            out += f"\n{described}export type {name} = {type_of(schema)};\n"
    out += "\n/** Every call of the platform over HTTP. */\nexport declare class Client {\n"
    out += "  constructor(options: ClientOptions);\n"
    for _, _, operation in operations(api):
        out += "\n" + comment(f"{operation['summary']}.\n\n{operation['description']}", "  ")
        out += f"  {signature(operation)}\n"
    return out + "}\n"


def code(api: Schema) -> str:
    out = HEAD + 'import { Refused, Runtime } from "./runtime.mjs";\n\nexport { Refused };\n\n'
    out += "export class Client {\n  #runtime;\n\n  constructor(options) {\n"
    out += "    this.#runtime = new Runtime(options);\n  }\n"
    for path, method, operation in operations(api):
        kind, _ = answer_type(operation)
        query = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
        call: Schema = {"method": method.upper(), "path": path, "query": query}
        if kind == "raw":
            call["raw"] = True
        if kind == "stream":
            call["resumes"] = "cursor" in query
        has_params, has_body = bool(operation["parameters"]), "requestBody" in operation
        taken = ["params = {}"] * has_params + (["body = {}"] if has_body else []) + ["options"]
        given = "params" if has_params else "{}"
        inner = f"{given}, options" if kind == "stream" else f"{given}, {'body' if has_body else 'undefined'}, options"
        out += f"\n  {method_name(operation)}({', '.join(taken)}) {{\n"
        out += f"    return this.#runtime.{'stream' if kind == 'stream' else 'request'}({json.dumps(call)}, {inner});\n"
        out += "  }\n"
    return out + "}\n"


def package(api: Schema) -> str:
    manifest = {
        "name": "@tta/analytics-client",
        "version": api["info"]["version"],
        "description": "Typed client of TTA Analytics over REST, for browsers and Node 20 or newer",
        "license": "MIT",
        "type": "module",
        "exports": {".": {"types": "./client.d.ts", "default": "./client.mjs"}},
        "types": "./client.d.ts",
        "files": ["client.mjs", "client.d.ts", "runtime.mjs"],
        "sideEffects": False,
        "engines": {"node": ">=20"},
    }
    return json.dumps(manifest, indent=2) + "\n"


def main() -> int:
    api = document(image.load())
    wanted = {"client.d.ts": declarations(api), "client.mjs": code(api), "package.json": package(api)}
    stale = [name for name, text in wanted.items() if _text(FOLDER / name) != text]
    if "--check" in sys.argv:
        for name in stale:
            print(f"clients/typescript/{name} is stale: python scripts/typescript_client.py")
        return 1 if stale else 0
    for name, text in wanted.items():
        (FOLDER / name).write_text(text)
    return 0


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
