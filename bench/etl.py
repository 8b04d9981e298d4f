#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reading traces against the Python reader etl-parser, in CPU time: ./dev bench etl [--json].
etl-parser reads no compressed buffers, so it has a part in one trace only."""
import argparse, json, os, pathlib, resource, subprocess, sys, tempfile, zipfile

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--json", action="store_true")
ARGS = PARSER.parse_args()
RESULTS = []


def emit(case, subject, value, unit):
    RESULTS.append({"area": "etl", "case": case, "subject": subject, "value": round(value, 4), "unit": unit})


# Counts the records; decoding them takes etl-parser many times longer.
PEER = """
import sys
from etl.etl import IEtlFileObserver, build_from_stream
class Count(IEtlFileObserver):
    seen = 0
    def on_system_trace(self, o): self.seen += 1
    def on_perfinfo_trace(self, o): self.seen += 1
    def on_trace_record(self, o): self.seen += 1
    def on_event_record(self, o): self.seen += 1
    def on_win_trace(self, o): self.seen += 1
count = Count()
build_from_stream(open(sys.argv[1], "rb").read()).parse(count)
print(count.seen)
"""


def peer(path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run = subprocess.run([sys.executable, "-c", PEER, path], capture_output=True, text=True)
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    if run.returncode != 0:
        print(f"# etl-parser: {run.stderr.strip().splitlines()[-1] if run.stderr else 'failed'}", file=sys.stderr)
        return None
    return int(run.stdout), seconds


def main():
    corpus = pathlib.Path(os.environ.get("EVTABLES_CORPUS", "../shared/corpus")) / "etl"
    if not corpus.is_dir():
        sys.exit(f"etl: {corpus} is absent: nothing to read")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(corpus / "net.4.5.2.x64.etl.zip") as archive:
            net = archive.extract("net.4.5.2.x64.etl", folder)
        plain = corpus / "ShutdownPerfDiagLogger.etl"
        lines = subprocess.run([os.environ["EVTABLES_ETL_SPEED"], net, plain], check=True, capture_output=True, text=True)
        for line in lines.stdout.splitlines():
            row = json.loads(line)
            emit(row["case"], row["subject"], row["value"], row["unit"])
        told = peer(plain)
        if told:
            seen, seconds = told
            emit(plain.name, "etl-parser", seconds * 1e3, "ms CPU")
            emit(plain.name, "etl-parser", seen / seconds / 1e6, "million events/s")
            ours = next(r["value"] for r in RESULTS if r["case"] == plain.name and r["subject"] == "reader")
            emit(plain.name, "ratio", seconds * 1e3 / ours, "times etl-parser's speed")
    if ARGS.json:
        print(json.dumps(RESULTS, indent=1))
        return
    for row in RESULTS:
        print(f"{row['area']:4} {row['case']:28} {row['subject']:14} {row['value']:>12} {row['unit']}")


main()
