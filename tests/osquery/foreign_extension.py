#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An extension made with the official Python bindings, to be served by our double of core.

    foreign_extension.py --socket SOCKET --timeout 3 --interval 3

Its table `foreign` answers one row that holds the constraints it was asked with, and the lines that its logger
`foreign` has got.
"""
import sys

try:
    import osquery
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)


LINES = []


@osquery.register_plugin
class ForeignLogger(osquery.LoggerPlugin):
    def name(self):
        return "foreign"

    def log_string(self, value):
        LINES.append(value)
        return osquery.extensions.ttypes.ExtensionStatus(code=0, message="OK")


@osquery.register_plugin
class Foreign(osquery.TablePlugin):
    def name(self):
        return "foreign"

    def columns(self):
        return [
            osquery.TableColumn(name="number", type=osquery.STRING),
            osquery.TableColumn(name="context", type=osquery.STRING),
            osquery.TableColumn(name="lines", type=osquery.STRING),
        ]

    def generate(self, context):
        return [{"number": "1", "context": str(context), "lines": " ".join(LINES)}]


if __name__ == "__main__":
    osquery.start_extension(name="foreign_extension", version="1.0")
