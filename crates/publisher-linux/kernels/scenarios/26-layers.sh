# SPDX-License-Identifier: Apache-2.0
# modules: overlay
# A file system that lies on others: each operation is told of once, with its path there.
act() {
    mkdir -p /w/layers/lower/folder /w/layers/disk /w/layers/all
    echo x >/w/layers/lower/one
    echo x >/w/layers/lower/two
    mount -t tmpfs none /w/layers/disk
    mkdir /w/layers/disk/upper /w/layers/disk/work
    insert overlay
    mount -t overlay -o lowerdir=/w/layers/lower,upperdir=/w/layers/disk/upper,workdir=/w/layers/disk/work none /w/layers/all
    (cd /w/layers/all && mkdir new && rmdir new && mv one renamed && ln renamed linked && ln -s there pointed &&
        rm two linked pointed renamed && rmdir folder)
}

check() {
    rows "layers" "DIR_CREATE:new DIR_DELETE:new FILE_RENAME:renamed:one FILE_LINK:linked:renamed FILE_SYMLINK:pointed:there FILE_DELETE:two FILE_DELETE:linked FILE_DELETE:pointed FILE_DELETE:renamed DIR_DELETE:folder" \
        "SELECT action || ':' || replace(target_path, '/w/layers/all/', '') || coalesce(':' || replace(source_path, '/w/layers/all/', ''), '') AS t FROM linux_file_events
         WHERE target_path LIKE '/w/layers/%' AND time_ns > (SELECT max(time_ns) FROM linux_mount_events WHERE fstype = 'overlay') ORDER BY time_ns, seq"
}
