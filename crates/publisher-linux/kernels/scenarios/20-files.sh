# SPDX-License-Identifier: Apache-2.0
# Files, their attributes, their times, pipes.
act() {
    rm -rf /w/files
    mkdir /w/files
    (cd /w/files && echo hello >made && mv made moved && chmod 4755 moved && ln -s moved soft && touch -d '2001-02-03 04:05:06' moved &&
        mkfifo pipe && rm moved soft pipe &&
        mkdir in && echo x >in/one && ln in/one two && mv two "in/last one" && ! rmdir in 2>/dev/null && rm in/* && rmdir in)
}

check() {
    rows "files" "FILE_CREATE:made FILE_WRITE:made:6 FILE_RENAME:moved:made FILE_SYMLINK:soft:moved FILE_CREATE:pipe FILE_DELETE:moved FILE_DELETE:soft FILE_DELETE:pipe DIR_CREATE:in FILE_CREATE:in/one FILE_WRITE:in/one:2 FILE_LINK:two:in/one FILE_RENAME:in/last one:two FILE_DELETE:in/last one FILE_DELETE:in/one DIR_DELETE:in" \
        "SELECT action || ':' || replace(target_path, '/w/files/', '') || coalesce(':' || replace(source_path, '/w/files/', ''), '') || coalesce(':' || bytes_written, '') AS t FROM linux_file_events WHERE target_path LIKE '/w/files/%' AND process_name = '$B' ORDER BY time_ns, seq"
    rows "attributes" "FILE_CHMOD:4755:1" "SELECT action || ':' || new_mode || ':' || setid_added AS t FROM linux_file_attr_events WHERE target_path = '/w/files/moved'"
    rows "times" "2001-02-03 04:05:06.000" "SELECT new_timestamp AS t FROM linux_file_timestomp_events WHERE target_path = '/w/files/moved'"
    rows "pipe" "/w/files/pipe" "SELECT target_path AS t FROM linux_named_pipe_events WHERE target_path LIKE '/w/files/%'"
}
