# SPDX-License-Identifier: Apache-2.0
# Filters by the place of a file, by account and by program, in the kernel (the configuration stands in init).
leave='for i in 1 2 3 4 5; do echo x >/w/left/$i; echo x >/w/$i.swp; echo x >/w/list/$i; done; echo x >/w/$1'

quiet() { for i in 1 2 3 4 5; do /w/own/busybox mkdir /w/made && /w/own/busybox rmdir /w/made; done; }

act() {
    mkdir /w/left /w/list
    mkdir /w/own && cp $B /w/own/busybox
    quiet
    $B sh -c "$leave" sh first
    # What happens first at a place goes to the engine, which then has judged it.
    local n
    for n in $(seq $PATIENCE); do
        [ "$(ask "SELECT count(*) FROM linux_file_events WHERE target_path = '/w/first'")" = 2 ] && break
        sleep 1
    done
    $B sh -c "$leave" sh second
    quiet
}

check() {
    rows "filters, what is kept" "FILE_CREATE:/w/first FILE_WRITE:/w/first FILE_CREATE:/w/second FILE_WRITE:/w/second" \
        "SELECT action || ':' || target_path AS t FROM linux_file_events WHERE target_path LIKE '/w/left/%' OR target_path LIKE '/w/%.swp' OR target_path LIKE '/w/list/_' OR target_path = '/w/made' OR target_path IN ('/w/first', '/w/second') ORDER BY time_ns, seq"
    expect "filters, what the kernel left out" 1 "SELECT sum(count) >= 25 FROM evtables_loss WHERE event_table = 'linux_file_events' AND stage = 'kernel' AND reason = 'rule'"
    expect "filters, all that was left out" 65 "SELECT sum(count) FROM evtables_loss WHERE event_table = 'linux_file_events' AND outcome = 'filtered' AND reason = 'rule'"
    expect "filters, where they ran" 3 "SELECT count(*) FROM evtables_filters WHERE event_table = 'linux_file_events' AND runs_in = 'kernel, engine' AND hits = 15"
    expect "filters, by program" "kernel|20" "SELECT runs_in || '|' || hits FROM evtables_filters WHERE event_table = 'linux_file_events' AND rule = 'program'"
}
