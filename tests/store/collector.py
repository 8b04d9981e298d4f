# SPDX-License-Identifier: Apache-2.0
"""A real collector under load: killed again and again, and with a full disk. Watches only processes that this script
starts; wants root and a kernel with BTF.

Usage: collector.py EVTABLES kill ROUNDS | collector.py EVTABLES full
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

EVTABLES, TABLE = sys.argv[1], "linux_process_events"
# What is older must survive (`docs/guide/store.md`).
FLUSH_INTERVAL = 1.0


def query(data, sql):
    done = subprocess.run([EVTABLES, "query", "--data-dir", data, "--format", "json", sql], check=True, capture_output=True)
    return json.loads(done.stdout)


def until(what, holds, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit(f"FAILED: waited {seconds} s: {what}")


class Collector:
    def __init__(self, data, *args):
        self.process = subprocess.Popen([EVTABLES, "run", "--data-dir", data, "--subtree", str(os.getpid()), *args],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        lines = []
        while b"collecting into" not in (line := self.process.stderr.readline()):
            lines.append(line)
            if not line:
                raise SystemExit(f"FAILED: the collector did not start: {lines}")
        # Nobody reads its words from here on: they must not fill the pipe.
        subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(20)


def act(first, count=None, seconds=None):
    """Starts processes whose arguments are numbered; gives the time at which each was over."""
    ends = []
    end = time.monotonic() + seconds if seconds else None
    while len(ends) < count if count else time.monotonic() < end:
        pid = os.posix_spawn("/bin/true", ["true", f"marked-{first + len(ends)}"], {})
        os.waitpid(pid, 0)
        ends.append(time.monotonic())
    return ends


def marked(data):
    """Numbers of the processes whose start is stored, as often as it is."""
    rows = query(data, f"SELECT cmdline FROM {TABLE} WHERE action = 'PROC_CREATE' AND cmdline LIKE 'true marked-%' AND history = 1")
    return [int(row["cmdline"].rsplit("-", 1)[1]) for row in rows]


def kill(folder, rounds):
    data = f"{folder}/data"
    seed = int.from_bytes(os.urandom(4), "little")
    print(f"seed {seed}")
    random.seed(seed)
    old, newest, acted = set(), 0, 0
    for number in range(rounds):
        collector = Collector(data)
        ends = act(acted, seconds=FLUSH_INTERVAL + random.uniform(0.1, 1.2))
        killed = time.monotonic()
        collector.end(signal.SIGKILL)
        old |= {acted + at for at, end in enumerate(ends) if end < killed - FLUSH_INTERVAL}
        acted += len(ends)
        verify = subprocess.run([EVTABLES, "store", "verify", "--data-dir", data], capture_output=True, text=True)
        faults = [line for line in verify.stdout.splitlines()[1:] if not line.startswith(("torn: log/", "unlisted: events/"))]
        assert not faults, f"round {number}: {faults} {verify.stderr}"
        found = marked(data)
        assert len(found) == len(set(found)), f"round {number}: a start is there twice"
        missing = old - set(found)
        assert not missing, f"round {number}: {len(missing)} of {len(old)} starts are lost"
        newest = len(found)
    print(f"{rounds} kills of a collector: {len(old)} of {acted} starts were older than the flush interval and are all there, {newest} in all")


def full(folder):
    disk = pathlib.Path(folder) / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "evtables-test", disk], check=True)
    try:
        full_disk(pathlib.Path(folder), disk)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def ledger(data):
    rows = query(data, f"SELECT outcome, stage, sum(count) AS count FROM evtables_loss WHERE event_table = '{TABLE}' GROUP BY 1, 2")
    counts = {}
    for row in rows:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + int(row["count"])
    at_store = sum(int(row["count"]) for row in rows if row["outcome"] == "lost" and row["stage"] == "store")
    return counts, at_store


def full_disk(folder, disk):
    config = folder / "config.json"
    config.write_text(json.dumps({"evtables": {"retention": {"free_bytes_min": 0}}}))
    data = f"{disk}/data"
    collector = Collector(data, "--config", str(config))
    acted = len(act(0, count=300))
    until("the first processes are stored", lambda: len(set(marked(data))) == acted)
    with open(disk / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(65536))
        except OSError:
            pass
        # Until the last page of the log is full, too.
        while collector.process.poll() is None and os.statvfs(disk).f_bavail > 0:
            try:
                filler.write(bytes(4096))
            except OSError:
                pass
    full_acts = len(act(acted, count=3000))
    assert collector.process.poll() is None, "the collector ended on a full disk"
    (disk / "filler").unlink()
    acted += full_acts

    def recovered():
        nonlocal acted
        acted += len(act(acted, count=20))
        return acted - 20 in set(marked(data)) and acted - 20
    since = until("rows are stored again", recovered)
    acted += len(act(acted, count=300))
    until("all that came after are there", lambda: set(range(since, acted)) <= set(marked(data)))
    # A start and an end each.
    found = marked(data)
    lost = acted - len(found)

    def balanced():
        counts, at_store = ledger(data)
        parts = sum(counts.get(word, 0) for word in ("delivered", "filtered", "lost", "pending"))
        return counts["seen"] == parts and at_store >= lost and (counts, at_store)
    counts, at_store = until("the ledger balances", balanced)
    assert at_store > 0, "the disk was never full for the store"
    assert len(found) == len(set(found)), "a start is there twice"

    def told():
        gaps = query(data, f"SELECT sum(count) AS count FROM evtables_gaps WHERE event_table = '{TABLE}' AND cause = 'lost'")
        return int(gaps[0]["count"] or 0) == ledger(data)[0]["lost"]
    until("all that was lost is in gaps", told)
    collector.end(signal.SIGTERM)
    assert collector.process.returncode == 0, collector.process.returncode
    print(f"full disk: {lost} of {acted} starts lost, {at_store} rows counted as lost by the store; {counts}")


with tempfile.TemporaryDirectory() as folder:
    if sys.argv[2] == "kill":
        kill(folder, int(sys.argv[3]))
    else:
        full(folder)
