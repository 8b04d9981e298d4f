#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks an extension, or core, through the official Python bindings (PyPI `osquery`): a client that is not ours.

    foreign_client.py SOCKET TABLE [CONSTRAINTS]   rows of a table, as JSON; SOCKET is the extension's (em.<uuid>)
    foreign_client.py --used COLUMNS SOCKET TABLE [CONSTRAINTS]   the same, of a query that uses only COLUMNS (a,b)
    foreign_client.py --measure SOCKET TABLE       number of rows, of cells and of bytes of text in them, as JSON
    foreign_client.py --columns SOCKET TABLE       how the table is declared, as JSON
    foreign_client.py --manager SOCKET             ping, extensions and flags of core or of its double, as JSON
    foreign_client.py --insert SOCKET TABLE VALUES          the answer to INSERT; VALUES is a JSON array
    foreign_client.py --update SOCKET TABLE ROWID VALUES    to UPDATE
    foreign_client.py --delete SOCKET TABLE ROWID           to DELETE
    foreign_client.py --query-columns SOCKET SQL   columns that core says the SQL has, as JSON
    foreign_client.py --log SOCKET ITEM LINE       hands a line to a logger of core or of an extension

CONSTRAINTS is JSON: [{"column": "pid", "op": 2, "expr": "1"}, ...], op being SQLite's number (2 is =).
Ends with 1 and the message when the table answers an error, with 77 when the bindings are not installed.
"""
import json
import sys

try:
    import osquery
    from osquery.extension_client import ExtensionClient
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)


class Connection:
    """A connection of its own for each call, as core makes them."""

    def __init__(self, socket):
        self.client = ExtensionClient(socket)

    def __enter__(self):
        if not self.client.open(timeout=5):
            sys.exit(f"nobody listens at {self.client.path}")
        return self.client.extension_client()

    def __exit__(self, *_):
        self.client.close()


def call(socket, table, request):
    with Connection(socket) as extension:
        status = extension.ping()
    if status.code != 0:
        sys.exit(f"ping: {status.message}")
    with Connection(socket) as extension:
        answer = extension.call("table", table, request)
    if answer.status.code != 0:
        sys.exit(answer.status.message)
    return answer.response


def columns(socket, table):
    return call(socket, table, {"action": "columns"})


def context(routes, constraints, used=None):
    declared = [row for row in routes if row["id"] == "column"]
    names = [row["name"] for row in declared]
    unknown = [found["column"] for found in constraints if found["column"] not in names]
    if unknown:
        sys.exit(f"no such column: {', '.join(unknown)}")
    lists = [
        {
            "name": row["name"],
            "list": [
                {"op": found["op"], "expr": str(found["expr"])}
                for found in constraints
                if found["column"] == row["name"]
            ],
            "affinity": row["type"],
        }
        for row in sorted(declared, key=lambda row: row["name"])
    ]
    used = names if used is None else used
    bits = 0
    for name in used:
        bits |= 1 << min(names.index(name), 63)
    return {"constraints": lists, "colsUsed": used, "colsUsedBitset": bits}


def generate(socket, table, constraints, used=None):
    text = json.dumps(context(columns(socket, table), constraints, used))
    return call(socket, table, {"action": "generate", "context": text})


def measure(socket, table):
    rows = generate(socket, table, [])
    size = sum(len(value) for row in rows for value in row.values())
    return {"rows": len(rows), "cells": sum(len(row) for row in rows), "bytes": size}


def change(socket, table, action, rowid=None, values=None):
    request = {"action": action}
    if action == "insert":
        request["auto_rowid"] = "false"
    if rowid is not None:
        request["id"] = rowid
    if values is not None:
        request["json_value_array"] = values
    return call(socket, table, request)


def query_columns(socket, sql):
    with Connection(socket) as core:
        answer = core.getQueryColumns(sql)
    if answer.status.code != 0:
        sys.exit(answer.status.message)
    return answer.response


def log(socket, item, line):
    with Connection(socket) as peer:
        features = peer.call("logger", item, {"action": "features"}).status.code
        status = peer.call("logger", item, {"string": line, "category": "event"}).status
    return {"features": features, "code": status.code, "message": status.message}


def manager(socket):
    with Connection(socket) as core:
        return {
            "ping": core.ping().message,
            "extensions": {str(uuid): info.name for uuid, info in core.extensions().items()},
            "flags": {name: info.value for name, info in core.options().items()},
        }


def main(words):
    if len(words) == 2 and words[0] == "--manager":
        result = manager(words[1])
    elif len(words) in (4, 5) and words[0] == "--used":
        constraints = json.loads(words[4]) if len(words) == 5 else []
        used = words[1].split(",") if words[1] else []
        result = generate(words[2], words[3], constraints, used)
    elif len(words) == 3 and words[0] == "--measure":
        result = measure(words[1], words[2])
    elif len(words) == 3 and words[0] == "--columns":
        result = columns(words[1], words[2])
    elif len(words) == 4 and words[0] == "--insert":
        result = change(words[1], words[2], "insert", values=words[3])
    elif len(words) == 5 and words[0] == "--update":
        result = change(words[1], words[2], "update", rowid=words[3], values=words[4])
    elif len(words) == 4 and words[0] == "--delete":
        result = change(words[1], words[2], "delete", rowid=words[3])
    elif len(words) == 3 and words[0] == "--query-columns":
        result = query_columns(words[1], words[2])
    elif len(words) == 4 and words[0] == "--log":
        result = log(words[1], words[2], words[3])
    elif len(words) in (2, 3) and not words[0].startswith("--"):
        result = generate(words[0], words[1], json.loads(words[2]) if len(words) == 3 else [])
    else:
        sys.exit(__doc__)
    json.dump(result, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
