# SPDX-License-Identifier: Apache-2.0
# Files that are worked on by io_uring: hooks on functions of the kernel see it, those on system calls do not. Of these
# operations 5.10 knows the first.
act() {
    rm -rf /w/ring
    mkdir /w/ring
    ring create /w/ring/new mkdir /w/ring/a rename /w/ring/a /w/ring/b symlink "some text" /w/ring/s link /w/ring/s /w/ring/l \
        unlink /w/ring/s unlink /w/ring/l rmdir /w/ring/b
    ringed=$?
    inode=$(stat -c %i /w/ring/new)
}

check() {
    local told="SELECT action || ':' || replace(target_path, '/w/ring/', '') || coalesce(':' || replace(source_path, '/w/ring/', ''), '') || coalesce(':' || file_type || ':' || mode || ':' || (inode = $inode), '') AS t
        FROM linux_file_events f WHERE target_path LIKE '/w/ring/%' AND process_name = '/bin/ring'
        AND EXISTS (SELECT 1 FROM linux_process_events p WHERE p.process_guid = f.process_guid AND p.action = 'PROC_CREATE' AND p.path = '/bin/ring' AND p.pid = f.pid)
        ORDER BY time_ns, seq"
    case "$functions:$ringed:$(uname -r)" in
    on:0:6.*)
        rows "io_uring" "FILE_CREATE:new:file:0640:1 DIR_CREATE:a FILE_RENAME:b:a FILE_SYMLINK:s:some text FILE_LINK:l:s FILE_DELETE:s FILE_DELETE:l DIR_DELETE:b" "$told"
        ;;
    on:3:5.10.*) rows "io_uring" "FILE_CREATE:new:file:0640:1" "$told" ;;
    off:0:6.* | off:3:5.10.*) expect "io_uring" 0 "SELECT count(*) FROM ($told)" ;;
    *) miss "io_uring: ended with $ringed" ;;
    esac
}
