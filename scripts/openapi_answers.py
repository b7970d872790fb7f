"""Holds what mocks of described APIs answered against the descriptions, by validators of others' making.

    openapi_answers.py FOLDER ANSWERS

ANSWERS has a JSON text a line: file, path, method, status, type, body (base64). Prints a line for each answer that the
description does not allow and a count as the last line; exits 1 where there is one.
"""

import base64
import json
import pathlib
import re
import sys

import jsonschema
import openapi_schema_validator
import yaml

JSON = re.compile(r"^application/(.+\+)?json\b|^\*/\*")


class Texts(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """YAML whose dates stay texts, as in JSON."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in Texts.yaml_implicit_resolvers.items()}


def load(path):
    text = path.read_text()
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=Texts)


def resolve(root, value):
    while isinstance(value, dict) and "$ref" in value:
        found = root
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        value = found
    return value


def validator(root, schema):
    version = str(root.get("openapi") or root.get("swagger"))
    # References are to the document.
    whole = {**root, **schema} if "$ref" not in schema else {**root, "allOf": [schema]}
    if version.startswith("3.1"):
        return jsonschema.Draft202012Validator(whole)
    if version.startswith("3.0"):
        return openapi_schema_validator.OAS30ReadValidator(whole)
    # Swagger's own words mean what they do in draft 4.
    return jsonschema.Draft4Validator(whole)


def wrong(root, answer):
    operation = resolve(root, root["paths"][answer["path"]])[answer["method"].lower()]
    responses = {str(status): one for status, one in operation.get("responses", {}).items()}
    status = str(answer["status"])
    told = responses.get(status) or responses.get(status[0] + "XX") or responses.get("default")
    body = base64.b64decode(answer["body"])
    if told is None:
        fine = [one for one in responses if one[0] in "23" or one == "default"]
        return f"status {status} is not described" if fine else None
    told = resolve(root, told)
    if "swagger" in root:
        schema = told.get("schema")
        types = operation.get("produces", root.get("produces", ["application/json"]))
        contents = {one: {"schema": schema} if schema else {} for one in types} if schema else {}
    else:
        contents = told.get("content", {})
    if not contents:
        return f"a body of {len(body)} bytes that is not described" if body else None
    kind = answer["type"].split(";")[0]
    names = [one for one in contents if one.split(";")[0] == kind] or [one for one in contents if "*" in one]
    if not names:
        return f"the media type {kind} is not described" if body else None
    schema = contents[names[0]].get("schema")
    if schema is None or not JSON.match(kind):
        return None
    for problem in validator(root, schema).iter_errors(json.loads(body)):
        return f"{'/'.join(map(str, problem.absolute_path)) or '(all of it)'}: {problem.message[:200]}"
    return None


def main(folder, answers):
    roots, checked, failed = {}, 0, 0
    for line in pathlib.Path(answers).read_text().splitlines():
        answer = json.loads(line)
        name = answer["file"]
        if name not in roots:
            roots[name] = load(pathlib.Path(folder, name))
        try:
            problem = wrong(roots[name], answer)
        except Exception as error:
            # What of the description cannot be used says nothing of the answer.
            print(f"unchecked {name} {answer['method']} {answer['path']}: {type(error).__name__}: {str(error)[:120]}")
            continue
        checked += 1
        if problem:
            failed += 1
            print(f"failed {name} {answer['method']} {answer['path']}: {problem}")
    print(f"{checked} answers held against their descriptions by other validators, {failed} not allowed")
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
