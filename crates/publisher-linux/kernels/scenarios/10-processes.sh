# SPDX-License-Identifier: Apache-2.0
# Processes of every kind: their starts, their ends, what they were started with and in.
inum() { readlink /proc/self/ns/$1 | tr -dc 0-9; }

act() {
    if [ "$part" = ci ]; then storm=100 forks=50; else storm=300 forks=100; fi
    mkdir -p "/w/some dir" && mount -t tmpfs none "/w/some dir" && mkdir "/w/some dir/in"
    mkdir -p /sys/fs/cgroup/outer/inner
    cat >/w/storm <<'STORM'
#!/bin/busybox sh
echo $$ >/sys/fs/cgroup/outer/inner/cgroup.procs
cd "/w/some dir/in"
i=0
while [ $i -lt $1 ]; do /bin/busybox true storm $i "two words" "" 'q"\'; i=$((i + 1)); done
STORM
    cat >/w/forks <<'FORKS'
#!/bin/busybox sh
i=0
while [ $i -lt $1 ]; do (exit 7) & i=$((i + 1)); done
wait
FORKS
    printf '#!/bin/sh -e\nexit 5\n' >"/w/a script"
    chmod +x /w/*
    mkdir /w/copy && cp $B /w/copy/busybox
    touch -d '2001-02-03 04:05:06' /w/copy/busybox
    /w/storm $storm
    /w/forks $forks
    (cd /w && ./"a script" word)
    /w/copy/busybox sh -c '/bin/busybox true child; :'
    /w/copy/busybox true file
    $B sh -c 'exit 42' code
    $B sh -c 'kill -9 $$' killed 2>/dev/null
    $B sh -c 'ulimit -c unlimited; kill -11 $$' dumped
    $B sh -c 'exec /bin/busybox sh -c "exec /bin/busybox true thrice"'
    x=0123456789abcdef
    for i in 1 2 3 4 5 6 7 8 9 10 11; do [ $i = 11 ] && long=$x; x=$x$x; done # long: 16 KiB, x: 32 KiB
    $B true long "$long"
    $B true longer "$x" "$long"
    deep=/w
    for i in $(seq 60); do deep=$deep/d$i; done
    mkdir -p $deep
    (cd $deep && $B true deep)
    $B unshare -m -p -f $B true inside
    (echo 1000 >/proc/self/loginuid; $B true audited)
    mkdir -p /v1 && mount -t cgroup -o pids none /v1 && mkdir /v1/old &&
        (echo 0 >/v1/old/cgroup.procs; $B true version1)
    setsid $B sh -c "exec $B true terminal </dev/ttyS1" # not ttyS0: it hangs up with its session
    evtables doctor --data-dir /tmp/none >/dev/null
}

check() {
    row "storm, argv, cwd, cgroup, parent, user" "$storm|$storm|$storm" \
        "count(*) || '|' || count(DISTINCT process_guid) || '|' || count(DISTINCT argv)" \
        "action = 'PROC_CREATE' AND path = '$B' AND comm = 'busybox' AND parent_path = '$B' AND parent_cmdline LIKE '%/w/storm $storm'
         AND cwd = '/w/some dir/in' AND cgroup_path = '/outer/inner' AND uid = 0 AND ns_pid = pid AND cmdline_truncated = 0
         AND argv IN (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $storm - 1)
             SELECT '[\"$B\",\"true\",\"storm\",\"' || i || '\",\"two words\",\"\",\"q\\\"\\\\\"]' FROM n)"
    guids="SELECT process_guid FROM linux_process_events WHERE action = 'PROC_CREATE' AND argv LIKE '%true\",\"storm\"%'"
    row "storm, forks" "$storm|$storm" "count(*) || '|' || count(DISTINCT process_guid)" "action = 'PROC_FORK' AND process_guid IN ($guids)"
    row "storm, ends" "$storm|$storm" "count(*) || '|' || count(DISTINCT process_guid)" \
        "action = 'PROC_TERMINATE' AND exit_code = 0 AND exit_signal IS NULL AND duration_us > 0 AND max_rss_kb > 0 AND process_guid IN ($guids)"
    row "forks without exec" $forks "count(*)" "action = 'PROC_TERMINATE' AND exit_code = 7"
    row "clock" $storm "count(*)" "abs(time - $(date +%s)) < 600 AND abs(start_time - time) < 60 AND process_guid IN ($guids) AND action = 'PROC_CREATE'"
    row "script" "/w/a script|$B|$B|/w|/bin/sh -e './a script' word" \
        "script_path || '|' || interpreter || '|' || path || '|' || cwd || '|' || cmdline" "action = 'PROC_CREATE' AND script_path LIKE '%a script'"
    row "script, end" 5 exit_code "$(end_of "script_path LIKE '%a script'")"
    exec_row child "/w/copy/busybox" parent_path
    exec_row file "$(stat -c '%i|%s|%Y|%d' /w/copy/busybox)|0755|0|0|0" \
        "inode || '|' || size || '|' || mtime || '|' || device || '|' || mode || '|' || file_uid || '|' || deleted || '|' || memfd"
    row code 42 exit_code "$(end_of "argv LIKE '%\"code\"]'")"
    row killed "9|0" "exit_signal || '|' || core_dumped" "$(end_of "argv LIKE '%\"killed\"]'")"
    row dumped "11|1" "exit_signal || '|' || core_dumped" "$(end_of "argv LIKE '%\"dumped\"]'")"
    row thrice "3|1" "count(*) || '|' || count(DISTINCT process_guid)" \
        "action = 'PROC_CREATE' AND process_guid IN (SELECT process_guid FROM linux_process_events WHERE argv = '[\"$B\",\"true\",\"thrice\"]')"
    exec_row long "$((${#long} + 24))|0|1" "cmdline_size || '|' || cmdline_truncated || '|' || (cmdline = '$B true long $long')"
    exec_row longer "$((${#x} + ${#long} + 27))|1|32768" "cmdline_size || '|' || cmdline_truncated || '|' || length(cmdline)"
    exec_row deep 1 "cwd LIKE '.../d%/d59/d60'"
    exec_row inside "1|1|1" "ns_pid || '|' || (pid_ns <> $(inum pid)) || '|' || (mnt_ns <> $(inum mnt))"
    exec_row file "$(inum pid)|$(inum mnt)|$(inum net)|$(inum user)" "pid_ns || '|' || mnt_ns || '|' || net_ns || '|' || user_ns"
    exec_row file "$(sed -n 's/^CapEff:\t//p' /proc/self/status)" cap_effective
    exec_row file "none|none" "coalesce(auid, 'none') || '|' || coalesce(session_id, 'none')"
    exec_row audited "1000|1" "auid || '|' || session_id"
    exec_row version1 /old cgroup_path
    exec_row terminal 1 "tty LIKE '%ttyS1'"
    row "threads end as one process" 1 "count(*)" "$(end_of "argv LIKE '[\"evtables\",\"doctor\"%/tmp/none%'")"
}
