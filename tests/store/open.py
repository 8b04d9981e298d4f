# SPDX-License-Identifier: Apache-2.0
"""The folder of segments as other engines see it: counts, distinct values, sums and times of every
column of every table in DuckDB, Polars and ClickHouse (chdb) against evtables' own SQL.

Usage: open.py EVTABLES DATA_DIR, after `evtables store compact --now`.
"""
import json
import pathlib
import subprocess
import sys

import chdb
import duckdb
import polars

EVTABLES, DATA = sys.argv[1], pathlib.Path(sys.argv[2])


def ours(table, columns):
    """Of each column: values, distinct values, and the sum of numbers; the last event time in ns."""
    parts = []
    for name, kind in columns:
        parts += [f"count({name})", f"count(DISTINCT {name})"]
        if kind == "int":
            parts.append(f"sum({name})")
    sql = f"SELECT count(*), max(time_ns), {', '.join(parts)} FROM {table} WHERE history = 1"
    done = subprocess.run([EVTABLES, "query", "--data-dir", DATA, "--format", "json", sql], check=True, capture_output=True)
    return list(json.loads(done.stdout)[0].values())


def aggregate(columns, count, distinct, total):
    parts = []
    for name, kind in columns:
        parts += [count(name), distinct(name)]
        if kind == "int":
            parts.append(total(name))
    return parts


def in_duckdb(files, columns):
    parts = aggregate(columns, lambda n: f'count("{n}")', lambda n: f'count(DISTINCT "{n}")', lambda n: f'sum("{n}")')
    sql = f"SELECT count(*), epoch_ns(max(time)), {', '.join(parts)} FROM read_parquet('{files}', hive_partitioning = true)"
    return [int(value) for value in duckdb.sql(sql).fetchall()[0]]


def in_polars(files, columns):
    col = polars.col
    parts = aggregate(
        columns,
        lambda n: col(n).count().cast(polars.Int64).alias(f"count {n}"),
        lambda n: col(n).drop_nulls().n_unique().cast(polars.Int64).alias(f"distinct {n}"),
        lambda n: col(n).sum().cast(polars.Int64).alias(f"sum {n}"),
    )
    frame = polars.scan_parquet(files, hive_partitioning=True)
    rows = frame.select(polars.len().cast(polars.Int64), col("time").max().dt.epoch("ns").alias("last"), *parts).collect()
    return [int(value) for value in rows.row(0)]


def in_clickhouse(files, columns):
    parts = aggregate(columns, lambda n: f"count(`{n}`)", lambda n: f"uniqExact(`{n}`)", lambda n: f"sum(`{n}`)")
    sql = f"SELECT count(), toUnixTimestamp64Nano(max(time)), {', '.join(parts)} FROM file('{files}', Parquet)"
    return [int(value) for value in json.loads(chdb.query(sql, "JSONCompact").bytes())["data"][0]]


def kind_of(arrow_type):
    text = str(arrow_type)
    if text.startswith("Int"):
        return "int"
    return "time" if text.startswith("Datetime") else "other"


def main():
    tables = sorted(path.name.removeprefix("table=") for path in (DATA / "events").iterdir())
    assert tables, "no tables"
    values = 0
    for table in tables:
        files = f"{DATA}/events/table={table}/*/*.parquet"
        schema = polars.scan_parquet(files, hive_partitioning=False).collect_schema()
        known = {row["name"] for row in json.loads(subprocess.run([EVTABLES, "tables", "--format", "json"], check=True, capture_output=True).stdout)
                 if row["name"] == table for row in row["columns"]}
        columns = [(name, kind_of(kind)) for name, kind in schema.items()]
        columns = [(name, kind) for name, kind in columns if kind != "time" and name in known]
        expected = ours(table, columns)
        expected = [int(value) if value is not None else 0 for value in expected]
        for engine in (in_duckdb, in_polars, in_clickhouse):
            found = engine(files, columns)
            assert found == expected, f"{engine.__name__} {table}: {[(c, f, e) for c, f, e in zip(range(999), found, expected) if f != e]}"
        values += len(expected)
        print(f"{table}: {expected[0]} rows, {len(columns)} columns: DuckDB, Polars and ClickHouse agree")
    print(f"{len(tables)} tables, {values} values in each engine")


main()
