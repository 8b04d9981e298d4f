#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An extension made with the official Python bindings, to be served by our double of core.

    foreign_extension.py --socket SOCKET --timeout 3 --interval 3

Its table `foreign` answers one row that holds the constraints it was asked with.
"""
import sys

try:
    import osquery
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)


@osquery.register_plugin
class Foreign(osquery.TablePlugin):
    def name(self):
        return "foreign"

    def columns(self):
        return [
            osquery.TableColumn(name="number", type=osquery.STRING),
            osquery.TableColumn(name="context", type=osquery.STRING),
        ]

    def generate(self, context):
        return [{"number": "1", "context": str(context)}]


if __name__ == "__main__":
    osquery.start_extension(name="foreign_extension", version="1.0")
