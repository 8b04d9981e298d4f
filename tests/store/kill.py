# SPDX-License-Identifier: Apache-2.0
"""Kills a writer of the event store at random moments, many times over one data dir, and checks after
each kill that nothing it said is lost and that everything is what was written.

Usage: kill.py EVTABLES WRITER DATA_DIR ROUNDS
"""
import json
import os
import random
import signal
import subprocess
import sys
import time

EVTABLES, WRITER, DATA, ROUNDS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
TABLE = "linux_process_events"


def query(sql):
    done = subprocess.run([EVTABLES, "query", "--data-dir", DATA, "--format", "json", sql], check=True, capture_output=True)
    return json.loads(done.stdout)[0]


def main():
    seed = int.from_bytes(os.urandom(4), "little")
    print(f"seed {seed}")
    random.seed(seed)
    said = lines = torn = 0
    for number in range(ROUNDS):
        writer = subprocess.Popen([WRITER, DATA, "endless"], stdout=subprocess.PIPE, text=True)
        end = time.monotonic() + random.uniform(0.02, 0.6)
        while time.monotonic() < end:
            said = int(writer.stdout.readline())
            lines += 1
        writer.send_signal(signal.SIGKILL)
        for line in writer.stdout:
            if line.endswith("\n"):
                said = int(line)
        writer.wait()
        done = subprocess.run([EVTABLES, "store", "verify", "--data-dir", DATA], capture_output=True, text=True)
        faults = [line for line in done.stdout.splitlines()[1:]]
        left = [line for line in faults if not line.startswith(("torn: log/", "unlisted: events/"))]
        assert not left, f"round {number}: {faults} {done.stderr}"
        torn += any(line.startswith("torn") for line in faults)
        found = query(f"SELECT count(*) AS rows, min(seq) AS first, max(seq) AS last FROM {TABLE} WHERE history = 1")
        assert found["first"] == 1 and found["rows"] == found["last"], f"round {number}: a hole: {found}"
        assert found["last"] >= said, f"round {number}: {said} rows were stored, {found} are there"
    print(f"{ROUNDS} kills over {said} rows per table: nothing lost, nothing altered; {torn} torn logs")


main()
