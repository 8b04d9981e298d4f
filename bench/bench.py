# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of evtables against its peers in the same run: ./dev bench [area] [--json].

Machines are noisy: every figure against a peer is the median of paired rounds, in CPU time.
Area `capture`: what a sensor costs the processes that it watches, and itself; `calls` is its last part alone.
Area `sustained`: memory and CPU of the collector under a minute of everything, and a minute of connections.
Area `replay`: recordings into the store, against crate evtx and serde_json alone (needs ../shared/corpus).
Area `encode`: how fast rows become a reply to osquery; how soon the extension is registered; a query of the last
seconds against a full read.
Area `filter`: what a thousand filter values cost; what the starter configurations leave out (starters.py).
"""
import argparse
import json
import os
import pathlib
import signal
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import starters

HERE = pathlib.Path(__file__).parent
ROUNDS = 15
STORM = 1500
RESULTS = []


def emit(area, case, subject, value, unit):
    RESULTS.append({"area": area, "case": case, "subject": subject, "value": round(value, 4), "unit": unit})
    if ARGS.json:
        print(json.dumps(RESULTS[-1]), flush=True)


def note(text):
    print(f"# {text}", file=sys.stderr, flush=True)


def build(dir):
    cc = lambda *a: subprocess.run(["cc", "-O2", *a], check=True)
    cc("-o", f"{dir}/exec_storm", HERE / "exec_storm.c")
    cc("-o", f"{dir}/call_storm", HERE / "call_storm.c")
    cc("-o", f"{dir}/mixed_storm", HERE / "mixed_storm.c")
    cc("-static", "-nostdlib", "-ffreestanding", "-o", f"{dir}/nothing", HERE / "nothing.c")


def storm(dir, count, rate=None):
    """Runs the workload on the last CPU; returns its own report."""
    last = str(os.cpu_count() - 1)
    args = ["taskset", "-c", last, f"{dir}/exec_storm", str(count), f"{dir}/nothing"]
    if rate:
        args.append(str(rate))
    return json.loads(subprocess.run(args, check=True, capture_output=True, text=True).stdout)


def cpu_seconds(pid):
    """CPU time of all threads, exact to the scheduler's clock."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def rss_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0


class Sensor:
    """One tool that watches, started on the first CPU; a context manager."""

    def __init__(self, name, dir, tables=None, script="exec.bt", excluded=None):
        """`tables`: only these of evtables' beside that of processes; else those that are on by themselves.
        `excluded`: the path of a program that filters of all tables leave out."""
        self.name, self.dir, self.tables, self.script, self.excluded = name, dir, tables, script, excluded

    def args(self):
        self.data = f"{self.dir}/data"
        shutil.rmtree(self.data, ignore_errors=True)
        if self.name == "auditd":
            return ["auditd", "-n", "-c", self.audit_folder()]
        if self.name == "empty programs":
            return [os.environ["EVTABLES_EMPTY"]]
        # One whose every event is left out must be so by the filter, not by where it stands among processes.
        watched = [] if self.excluded else ["--subtree", str(os.getpid())]
        return {
            "evtables": [os.environ["EVTABLES_BIN"], "run", "--data-dir", self.data, *self.config(), *watched],
            "execsnoop": ["execsnoop"],
            "opensnoop": ["opensnoop"],
            "tcpstates": ["tcpstates"],
            "bpftrace": ["bpftrace", str(HERE / self.script)],
        }[self.name]

    def config(self):
        if self.tables is None and self.excluded is None:
            return []
        listed = subprocess.run([os.environ["EVTABLES_BIN"], "tables", "--format", "json"], check=True, capture_output=True, text=True)
        specs = [t for t in json.loads(listed.stdout) if t["platform"] == "linux" and t["class"] == "event"]
        events = [t["name"] for t in specs]
        config = {}
        if self.tables is not None:
            switches = {name: name in self.tables for name in events if name != "linux_process_events"}
            config["sources"] = {"linux": {"tables": switches}}
        if self.excluded is not None:
            by_source = ("linux_process_open_events", "linux_process_inject_events")
            rule = lambda name: {"name": "storm", "action": "exclude", "when": {
                "column": "src_path" if name in by_source else "process_name", "equals": self.excluded}}
            acting = {t["name"] for t in specs if any(c["name"] in ("process_name", "src_path") for c in t["columns"])}
            config["filters"] = {name: [rule(name)] for name in events if name in acting and name != "linux_process_events"}
        path = pathlib.Path(self.dir) / "config.json"
        path.write_text(json.dumps({"evtables": config}))
        return ["--config", str(path)]

    def lost(self):
        """Rows of all tables that were lost, and rows that are stored; after the end."""
        sql = "SELECT coalesce(sum(CASE WHEN outcome = 'lost' THEN count END), 0) AS lost, coalesce(sum(CASE WHEN outcome = 'delivered' THEN count END), 0) AS stored FROM evtables_loss"
        out = subprocess.run([os.environ["EVTABLES_BIN"], "query", "--data-dir", self.data, "--format", "json", sql],
                             check=True, capture_output=True, text=True).stdout
        return json.loads(out)[0]

    def told_of(self, path):
        """Rows of all tables but that of processes that a program acts in; after the end."""
        tables = [row["event_table"] for row in sql(self.data, "SELECT DISTINCT event_table FROM evtables_columns WHERE name = 'process_name' AND event_table LIKE 'linux_%'")[0]]
        parts = " UNION ALL ".join(f"SELECT count(*) AS n FROM {name} WHERE history = 1 AND process_name = '{path}'" for name in tables)
        return int(sql(self.data, f"SELECT sum(n) AS n FROM ({parts})")[0][0]["n"])

    def stored(self):
        """Rows that are stored, by table; after the end."""
        text = "SELECT event_table, sum(count) AS stored FROM evtables_loss WHERE outcome = 'delivered' AND count > 0 GROUP BY 1 ORDER BY 1"
        return sql(self.data, text)[0]

    def audit_folder(self):
        """Configuration of an auditd that writes raw records into the bench's own folder."""
        folder = pathlib.Path(self.dir) / "audit"
        folder.mkdir(mode=0o750, exist_ok=True)
        (folder / "plugins.d").mkdir(mode=0o750, exist_ok=True)
        config = folder / "auditd.conf"
        changed = {"log_file": f"{folder}/audit.log", "plugin_dir": f"{folder}/plugins.d", "log_format": "RAW"}
        lines = pathlib.Path("/etc/audit/auditd.conf").read_text().splitlines()
        keep = [line for line in lines if line.split("=")[0].strip() not in changed]
        config.write_text("\n".join(keep + [f"{key} = {value}" for key, value in changed.items()]) + "\n")
        config.chmod(0o640)
        return str(folder)

    def audit_rule(self, verb):
        subprocess.run(["auditctl", verb, "always,exit", "-F", "arch=b64", "-S", "execve,exit_group"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        env = dict(os.environ, BPFTRACE_STRLEN="64")
        # Block buffered output to a pipe that nobody reads would stall a tool: /dev/null.
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", *self.args()],
            stdin=subprocess.PIPE if self.name == "empty programs" else None,
            stdout=subprocess.PIPE if self.name == "empty programs" else subprocess.DEVNULL, env=env,
            stderr=subprocess.PIPE if self.name == "evtables" else subprocess.DEVNULL)
        if self.name == "evtables":
            while b"collecting into" not in (line := self.process.stderr.readline()):
                if not line:
                    raise SystemExit("bench: evtables did not start")
        elif self.name == "empty programs":
            assert self.process.stdout.readline() == b"attached\n"
        else:
            time.sleep(2.0)
        if self.name == "auditd":
            if self.process.poll() is not None:
                raise SystemExit("bench: auditd did not start (is another one running?)")
            subprocess.run(["auditctl", "-b", "65536"], check=True, stdout=subprocess.DEVNULL)
            self.audit_rule("-a")
        return self

    def __exit__(self, *_):
        if self.name == "auditd":
            self.audit_rule("-d")
            subprocess.run(["auditctl", "-e", "0"], stdout=subprocess.DEVNULL)
        if self.name == "empty programs":
            self.process.stdin.close()
        else:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def mount_tracefs():
    """The peers need tracefs, which containers and small systems do not mount; ours does not."""
    tracing = pathlib.Path("/sys/kernel/tracing")
    if not (tracing / "events").exists():
        subprocess.run(["mount", "-t", "tracefs", "nodev", str(tracing)], check=True)


def sensors():
    peers = [tool for tool in ("execsnoop", "bpftrace") if shutil.which(tool)]
    if ARGS.auditd:
        peers.append("auditd")
    return ["evtables", *peers]


def watched_cost(dir):
    """Acting processes' CPU with a sensor over without one; medians of paired rounds."""
    ratios = {name: [] for name in sensors()}
    added = {name: [] for name in ratios}
    for round in range(ARGS.rounds):
        note(f"round {round + 1} of {ARGS.rounds}")
        for name in ratios:
            base = storm(dir, STORM)["cpu_s"]
            with Sensor(name, dir):
                storm(dir, 200)
                cost = storm(dir, STORM)["cpu_s"]
            base = (base + storm(dir, STORM)["cpu_s"]) / 2
            ratios[name].append(cost / base)
            added[name].append((cost - base) / STORM * 1e6)
    for name in ratios:
        emit("capture", "storm: acting processes' CPU over no sensor", name, statistics.median(ratios[name]), "ratio")
        emit("capture", "storm: added to each process", name, statistics.median(added[name]), "us")


def paced_cost(dir):
    for rate in (100, 400, 1600):
        for name in sensors():
            with Sensor(name, dir) as sensor:
                time.sleep(0.5)
                before = cpu_seconds(sensor.process.pid)
                count = min(rate * 5, 4000)
                report = storm(dir, count, rate)
                time.sleep(0.5)
                spent = cpu_seconds(sensor.process.pid) - before
                real = report["count"] / report["wall_s"]
                emit("capture", f"paced {rate}/s (reached {real:.0f}/s): the sensor's own CPU per exec", name, spent / count * 1e6, "us")


def sustained_cost(dir):
    """The sensor's own CPU at the highest rate that this machine reaches."""
    for name in sensors():
        with Sensor(name, dir) as sensor:
            storm(dir, 500)
            time.sleep(1)
            before = cpu_seconds(sensor.process.pid)
            count = 20_000
            report = storm(dir, count)
            time.sleep(1)
            spent = cpu_seconds(sensor.process.pid) - before
            rate = report["count"] / report["wall_s"]
            emit("capture", "highest rate reached with the sensor", name, rate, "exec/s")
            emit("capture", "highest rate: the sensor's own CPU per exec", name, spent / count * 1e6, "us")


# Operation: how often, the peers that tell of it, evtables' own tables for it alone. With those: the same program
# left out by filters of all tables, against programs that do nothing on the same hooks.
CALLS = {
    "getppid": (400_000, [], None, None),
    "file": (40_000, ["opensnoop"], "file.bt", ["linux_file_events"]),
    "write": (30_000, [], None, ["linux_file_events"]),
    "connect": (8_000, ["tcpstates"], "connect.bt", ["linux_socket_events"]),
    "datagram": (60_000, [], None, ["linux_socket_events"]),
    "dns": (20_000, [], None, ["linux_dns_events", "linux_dns_response_events"]),
}


def call_storm(dir, what, count, folder):
    last = str(os.cpu_count() - 1)
    args = ["taskset", "-c", last, f"{dir}/call_storm", what, str(count), folder]
    return json.loads(subprocess.run(args, check=True, capture_output=True, text=True).stdout)["cpu_s"] / count * 1e6


def compile_storm(dir, _what, _count, _folder):
    """A real compiler on a real file of this project: CPU of the whole tree of processes."""
    script = f"import resource, subprocess\nfor _ in range(12): subprocess.run(['cc', '-O2', '-c', '-o', '{dir}/storm.o', '{HERE}/call_storm.c'], check=True)\nr = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(r.ru_utime + r.ru_stime)"
    last = str(os.cpu_count() - 1)
    out = subprocess.run(["taskset", "-c", last, sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(out.stdout) / 12 * 1e6


def call_cost(dir):
    """What single operations cost the acting process: with all default tables, with the operation's own, with peers."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        cases = [(what, count, call_storm, peers, script, tables) for what, (count, peers, script, tables) in CALLS.items()]
        cases.append(("compile", 1, compile_storm, [], "exec.bt", None))
        for what, count, run, peers, script, tables in cases:
            note(what)
            subjects = {"evtables": ("evtables", None)}
            if tables:
                subjects["own tables"] = ("evtables", tables)
                if os.environ.get("EVTABLES_EMPTY"):
                    subjects |= {"excluded": ("evtables", None), "empty programs": ("empty programs", None)}
            subjects |= {peer: (peer, None) for peer in peers if shutil.which(peer)}
            if script and shutil.which("bpftrace"):
                subjects["bpftrace"] = ("bpftrace", None)
            pairs = {name: [] for name in subjects}
            lost = stored = told = 0
            for _ in range(ARGS.rounds):
                for name, (tool, only) in subjects.items():
                    base = run(dir, what, count, folder)
                    excluded = f"{dir}/call_storm" if name == "excluded" else None
                    sensor = Sensor(tool, dir, only, script or "exec.bt", excluded)
                    with sensor:
                        cost = run(dir, what, count, folder)
                    base = (base + run(dir, what, count, folder)) / 2
                    pairs[name].append((base, cost))
                    if tool == "evtables":
                        if excluded:
                            told += sensor.told_of(excluded)
                            continue
                        ledger = sensor.lost()
                        lost, stored = lost + ledger["lost"], stored + ledger["stored"]
            for name, rounds in pairs.items():
                emit("capture", f"{what}: over no sensor", name, statistics.median(cost / base for base, cost in rounds), "ratio")
                emit("capture", f"{what}: added", name, statistics.median(cost - base for base, cost in rounds), "us")
            emit("capture", f"{what}: rows lost of {stored}", "evtables", lost, "rows")
            if "excluded" in pairs:
                added = {name: statistics.median(cost - base for base, cost in pairs[name]) for name in ("excluded", "empty programs")}
                emit("capture", f"{what}: added when left out, over empty programs", "excluded", added["excluded"] / added["empty programs"], "ratio")
                emit("capture", f"{what}: rows of the program that is left out", "excluded", told, "rows")


def idle_cost(dir):
    with Sensor("evtables", dir) as sensor:
        storm(dir, 7000)
        time.sleep(3)
        emit("capture", "resident after 21,000 events", "evtables", rss_mib(sensor.process.pid), "MiB")
        before = cpu_seconds(sensor.process.pid)
        time.sleep(20)
        emit("capture", "idle", "evtables", (cpu_seconds(sensor.process.pid) - before) / 20 * 100, "% of a core")


# What the storm of everything gives on average, measured: events of all tables per operation.
EVENTS_PER_OPERATION = 2.8


def sustained(dir):
    """A minute at 1,000 and 10,000 events per second over all default tables, and one of 1,000 connections per second."""
    mount_tracefs()
    for what, rate, name in [("mixed", 1_000 / EVENTS_PER_OPERATION, "1,000 events/s"), ("mixed", 10_000 / EVENTS_PER_OPERATION, "10,000 events/s"), ("connect", 1_000, "1,000 connections/s")]:
        note(name)
        with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
            sensor = Sensor("evtables", dir)
            with sensor:
                pid = sensor.process.pid
                args = ["taskset", "-c", str(os.cpu_count() - 1), f"{dir}/mixed_storm", what, str(rate), str(ARGS.seconds), folder]
                load = subprocess.Popen(args, stdout=subprocess.PIPE, text=True)
                shares, peak = [], 0
                spent, at = cpu_seconds(pid), time.monotonic()
                while load.poll() is None:
                    time.sleep(1)
                    cpu, now = cpu_seconds(pid), time.monotonic()
                    shares.append((cpu - spent) / (now - at) * 100)
                    spent, at = cpu, now
                    peak = max(peak, rss_mib(pid))
                report = json.loads(load.stdout.read())
                assert load.returncode == 0
                time.sleep(2)
            ledger = sensor.lost()
            emit("sustained", f"{name}: operations", "bench", report["count"], "operations")
            emit("sustained", f"{name}: stored", "evtables", ledger["stored"] / report["wall_s"], "rows/s")
            emit("sustained", f"{name}: lost", "evtables", ledger["lost"], "rows")
            emit("sustained", f"{name}: largest resident", "evtables", peak, "MiB")
            emit("sustained", f"{name}: CPU on average", "evtables", statistics.mean(shares), "% of a core")
            emit("sustained", f"{name}: CPU in the worst second", "evtables", max(shares), "% of a core")
            for row in sensor.stored():
                emit("sustained", f"{name}: {row['event_table']}", "evtables", int(row["stored"]), "rows")


def capture(dir):
    mount_tracefs()
    idle_cost(dir)
    paced_cost(dir)
    sustained_cost(dir)
    watched_cost(dir)
    call_cost(dir)


def calls(dir):
    mount_tracefs()
    call_cost(dir)


def encode(dir):
    """The reply to osquery: rows straight into bytes, against a map per row and crate thrift (examples/speed.rs)."""
    run = subprocess.run([os.environ["EVTABLES_SPEED"], "--json", "--rounds", str(ARGS.rounds)],
                         check=True, capture_output=True, text=True)
    for line in run.stdout.splitlines():
        row = json.loads(line)
        emit(row["area"], row["case"], row["subject"], row["value"], row["unit"])
    registered(dir)
    last_seconds(dir)


def registered(dir):
    """From the start of the extension's process to its tables at osquery's manager (our double of it)."""
    times = []
    for number in range(ARGS.rounds):
        socket = f"{dir}/em{number}"
        double = subprocess.Popen([os.environ["EVTABLES_DOUBLE"], socket], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert double.stdout.readline() == "ready\n"
        print("wait evtables_status", file=double.stdin, flush=True)
        before = time.monotonic()
        extension = subprocess.Popen([os.environ["EVTABLES_BIN"], "--socket", socket, "--data-dir", f"{dir}/registered", "--subtree", str(os.getpid())],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert "em" in double.stdout.readline()
        times.append((time.monotonic() - before) * 1e3)
        extension.send_signal(signal.SIGTERM)
        extension.wait(20)
        double.stdin.close()
        double.wait(20)
    emit("encode", "start of the process to registered tables", "evtables", statistics.median(times), "ms")
    emit("encode", "the slowest of them", "evtables", max(times), "ms")


def last_seconds(dir, rows=1_000_000):
    """The last 10 s of a million stored events (10,000 s) against all of them, by SQL."""
    data = f"{dir}/million"
    table = "linux_process_events"
    subprocess.run([os.environ["EVTABLES_STORE_WRITER"], data, str(rows), table], check=True)
    newest = int(sql(data, f"SELECT max(time) AS newest FROM {table} WHERE history = 1")[0][0]["newest"])
    columns = "count(*) AS rows, max(path), max(cmdline), max(cwd), max(sha256), max(pid)"
    ratios, fulls = [], []
    for _ in range(ARGS.rounds):
        answer, full = sql(data, f"SELECT {columns} FROM {table} WHERE history = 1")
        assert int(answer[0]["rows"]) == rows, answer
        answer, last = sql(data, f"SELECT {columns} FROM {table} WHERE time > {newest - 10}")
        assert 0 < int(answer[0]["rows"]) <= 1000, answer
        ratios.append(full / last)
        fulls.append(full * 1e3)
    emit("encode", "SQL over 1 M events", "evtables", statistics.median(fulls), "ms")
    emit("encode", "SQL over 1 M events: all against the last 10 s", "all/last", statistics.median(ratios), "ratio")


def sql(data, text):
    """Rows of one query, and the CPU seconds of the process that answered."""
    cpu, _, _, out = cost([os.environ["EVTABLES_BIN"], "query", "--data-dir", data, "--format", "json", text])
    return json.loads(out), cpu


def filters(dir):
    """What a thousand filter values cost (crates/filter/examples/rules_speed.rs)."""
    run = subprocess.run([os.environ["EVTABLES_RULES_SPEED"], "--rounds", str(ARGS.rounds)],
                         check=True, capture_output=True, text=True)
    for line in run.stdout.splitlines():
        row = json.loads(line)
        emit(row["area"], row["case"], row["subject"], row["value"], row["unit"])
    for starter, table, events, kept, saved in starters.measure(os.environ["EVTABLES_BIN"]):
        emit("filter", f"{starter}: {table}, events", "evtables", events, "events")
        emit("filter", f"{starter}: {table}, left out", "evtables", (events - kept) / events * 100, "%")
        emit("filter", f"{starter}: {table}, bytes saved", "evtables", saved, "%")


def cost(command, core=None):
    """CPU seconds, wall seconds, peak MiB and standard output of one run; on that core alone, if one is named."""
    before = time.monotonic()
    pin = None if core is None else lambda: os.sched_setaffinity(0, {core})
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=pin)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0, command
    return usage.ru_utime + usage.ru_stime, time.monotonic() - before, usage.ru_maxrss / 1024, out


def replay(dir):
    """Recordings into the store, against crate evtx to JSON alone and inflate with serde_json alone on the same
    files and cores. Skipped where the corpus is absent."""
    corpus = pathlib.Path(os.environ.get("EVTABLES_CORPUS", HERE / "../../shared/corpus"))
    if not corpus.is_dir():
        note(f"skipped: {corpus} absent")
        return
    logs = pathlib.Path(dir) / "evtx"
    logs.mkdir()
    for name in ["evtx-to-mitre", "evtx-samples", "sigma-regression-dev"]:
        subprocess.run(["tar", "-xJf", corpus / f"{name}.tar.xz", "-C", logs], check=True)
    for path in logs.rglob("*"):
        if path.is_file() and path.suffix != ".evtx":
            path.unlink()
    for kind, inputs in [("evtx", [logs]), ("json", sorted(corpus.glob("otrf/*/*.zip")))]:
        ours, peers, walls, alone, peak = [], [], [], [], 0
        core = max(os.sched_getaffinity(0))
        for number in range(ARGS.rounds if kind == "evtx" else min(ARGS.rounds, 5)):
            data = f"{dir}/replay-{kind}-{number}"
            own = [os.environ["EVTABLES_BIN"], "replay", "--format", "json", "--data-dir", data, *inputs]
            peer = [os.environ["EVTABLES_REPLAY_PEER"], kind, *inputs]
            cpu, wall, rss, _ = cost(own)
            peer_cpu, peer_wall, _, _ = cost(peer)
            shutil.rmtree(data)
            # Threads that share caches and wake each other cost CPU: on one core the work alone is compared.
            alone.append(cost(peer, core)[0] / cost(own, core)[0])
            shutil.rmtree(data)
            ours.append(cpu)
            peers.append(peer_cpu / cpu)
            walls.append(peer_wall / wall)
            peak = max(peak, rss)
        emit("replay", f"{kind} into the store, CPU", "evtables", statistics.median(ours), "s")
        emit("replay", f"{kind}, speed by CPU time", "peer/ours", statistics.median(peers), "ratio")
        emit("replay", f"{kind}, speed by CPU time on one core", "peer/ours", statistics.median(alone), "ratio")
        emit("replay", f"{kind}, speed by wall time", "peer/ours", statistics.median(walls), "ratio")
        emit("replay", f"{kind}, peak memory", "evtables", peak, "MiB")


AREAS = {"capture": capture, "calls": calls, "sustained": sustained, "encode": encode, "filter": filters, "replay": replay}


def main():
    with tempfile.TemporaryDirectory() as dir:
        build(dir)
        for area, run in AREAS.items():
            if ARGS.area == area or ARGS.area is None and area != "calls":
                run(dir)
    if not ARGS.json:
        width = max(len(row["case"]) for row in RESULTS)
        for row in RESULTS:
            print(f"{row['area']:8} {row['case']:{width}}  {row['subject']:10} {row['value']:>10} {row['unit']}")


parser = argparse.ArgumentParser()
parser.add_argument("area", nargs="?", choices=list(AREAS))
parser.add_argument("--json", action="store_true")
parser.add_argument("--auditd", action="store_true", help="compare with auditd too; changes this host's audit state for the time")
parser.add_argument("--seconds", type=int, default=60, help="length of a sustained load")
parser.add_argument("--rounds", type=int, default=ROUNDS)
ARGS = parser.parse_args()
main()
