# SPDX-License-Identifier: Apache-2.0
"""What the starter configurations (packaging/config) leave out of recorded workloads.

For Linux each workload of bench/workloads runs under `evtables run`; for Windows the recordings of ../shared/corpus/otrf are
replayed. Then `evtables filter test` judges what was stored. Part of `./dev bench filter`; alone: EVTABLES_BIN=… python3 bench/starters.py
"""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).parent
CONFIGS = HERE.parent / "packaging/config"
CORPUS = HERE.parent.parent / "shared/corpus/otrf"
STARTERS = {"quiet-server": "server", "container-host": "containers", "developer-workstation": "developer", "windows-workstation": None}


def asked(binary, data, sql):
    run = subprocess.run([binary, "query", "--data-dir", data, "--format", "csv", sql], capture_output=True, text=True)
    return run.stdout.splitlines()[1:]


def record(binary, workload, folder):
    """Runs a workload, watched alone; gives the data dir."""
    data, work = f"{folder}/data", f"{folder}/work"
    os.mkdir(work)
    # It waits for the collector: `read` ends with its standard input.
    load = subprocess.Popen(["sh", "-c", f'read go; exec sh "{HERE}/workloads/{workload}.sh" "{work}"'], stdin=subprocess.PIPE)
    sensor = subprocess.Popen([binary, "run", "--data-dir", data, "--subtree", str(load.pid)])
    try:
        deadline = time.monotonic() + 30
        while not asked(binary, data, "SELECT 1 FROM evtables_tables WHERE state = 'on' AND name = 'linux_process_events'"):
            assert time.monotonic() < deadline and sensor.poll() is None, "the collector does not start"
            time.sleep(0.1)
        load.communicate(b"go\n")
        time.sleep(2)
    finally:
        load.kill()
        sensor.send_signal(signal.SIGTERM)
        sensor.wait()
    return data


def judge(binary, config, data):
    """What `evtables filter test` says by table: events, events kept, KiB of them, KiB saved. Without the events of
    recordings as they were recorded, which no live collector stores."""
    out = subprocess.run([binary, "filter", "test", "--config", str(config), "--data-dir", data], check=True, capture_output=True, text=True).stdout
    line = re.compile(r"^(\w+): (\d+) of (\d+) events kept, \d+ dropped, about (\d+) of (\d+) KiB saved", re.M)
    found = {m[1]: (int(m[3]), int(m[2]), int(m[5]), int(m[4])) for m in line.finditer(out)}
    found.pop("win_event_log_data", None)
    return found


def summed(tables):
    """Events, events kept, percent of bytes saved."""
    events, kept, bytes, saved = map(sum, zip(*tables))
    return events, kept, 100 * saved / max(bytes, 1)


def measure(binary):
    """Yields (starter, table, events, events kept, percent of bytes saved)."""
    for starter, workload in STARTERS.items():
        with tempfile.TemporaryDirectory() as folder:
            if workload is None:
                if not CORPUS.is_dir():
                    print(f"# skipped: {CORPUS} absent")
                    continue
                data = f"{folder}/data"
                subprocess.run([binary, "replay", "--data-dir", data, str(CORPUS)], check=True, capture_output=True)
            else:
                data = record(binary, workload, folder)
            tables = judge(binary, CONFIGS / f"{starter}.conf", data)
            yield starter, "all tables", *summed(tables.values())
            for table, (events, kept, bytes, saved) in tables.items():
                if events != kept:
                    yield starter, table, *summed([(events, kept, bytes, saved)])


if __name__ == "__main__":
    for row in measure(os.environ["EVTABLES_BIN"]):
        print("{:22} {:28} {:>7} events, {:>7} kept, {:>3.0f} % of bytes saved".format(*row))
