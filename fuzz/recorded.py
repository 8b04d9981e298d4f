#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes first inputs of the recorded bytes: `recorded.py RECORDING CORPUS`. Without the recording it does nothing.

Requests of core go to CORPUS/osquery_request, their contexts to osquery_context, answers of core to osquery_reply.
"""
import hashlib
import json
import pathlib
import re
import sys

# First bytes of a message: version and kind (1 call, 2 reply).
CALL, REPLY = b"\x80\x01\x00\x01", b"\x80\x01\x00\x02"
# Bigger ones slow the search down.
BYTES_MAX = 16 * 1024


def records(file):
    text = file.read_text()
    if file.suffix == ".json":
        return json.loads(text)["records"]
    return [json.loads(line) for line in text.splitlines()] if file.suffix == ".jsonl" else []


def main(recording, corpus):
    def keep(target, data):
        folder = corpus / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)

    for file in sorted(recording.glob("*.json*")):
        for record in records(file):
            data = bytes.fromhex(record["hex"])
            if len(data) > BYTES_MAX or record["dir"] != "in":
                continue
            if data.startswith(CALL):
                keep("osquery_request", data)
                for context in re.findall(rb'\{"constraints".*\}', data):
                    keep("osquery_context", context)
            elif data.startswith(REPLY):
                keep("osquery_reply", data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
