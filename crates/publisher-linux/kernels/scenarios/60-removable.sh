# SPDX-License-Identifier: Apache-2.0
# modules: scsi_debug sd_mod vfat nls_cp437 nls_ascii
# A removable disk of 8 MiB: is there, empty; is divided and formatted, mounted, written to, unmounted, comes again, leaves.
disk_comes() { # NAME: waits for its file
    local n
    for n in $(seq 300); do
        [ -b /dev/$1 ] && return
        usleep 100000
    done
}

before() {
    insert sd_mod
    insert scsi_debug removable=1 dev_size_mb=8
    disk_comes sda
}

act() {
    # One partition of FAT from sector 2048 on, to the end (14336 sectors).
    printf '\0\0\0\0\014\0\0\0\0\010\0\0\0\070\0\0' | dd of=/dev/sda bs=1 seek=446 conv=notrunc 2>/dev/null
    printf '\125\252' | dd of=/dev/sda bs=1 seek=510 conv=notrunc 2>/dev/null
    blockdev --rereadpt /dev/sda
    disk_comes sda1
    media_told MEDIA_INSERT 1
    mkdosfs -n EVIDENCE /dev/sda1 >/dev/null
    serial=$(dd if=/dev/sda1 bs=1 skip=67 count=4 2>/dev/null | hexdump -e '1/4 "%08X"' | sed 's/^..../&-/')
    insert nls_cp437
    insert nls_ascii
    insert vfat
    mkdir -p /media/stick
    $B mount -t vfat -o ro /dev/sda1 /media/stick
    $B mount -o remount,rw /media/stick
    echo taken >/media/stick/file
    $B umount /media/stick
    sync
    media_told MEDIA_UNMOUNT 1
    host=$(basename $(readlink -f /sys/block/sda/device/../..))
    scsi=$(basename $(readlink -f /sys/block/sda/device))
    echo 1 >/sys/block/sda/device/delete
    echo '- - -' >/sys/class/scsi_host/$host/scan
    disk_comes sda1
    media_told MEDIA_INSERT 3
    local n
    for n in $(seq 100); do
        $B rmmod scsi_debug 2>/dev/null && break
        usleep 100000
    done
}

# media_told ACTION COUNT: until so many are told. A thread of the collector's looks at the disk, before it changes or goes.
media_told() {
    local n
    for n in $(seq $PATIENCE); do
        [ "$(ask "SELECT count(*) FROM linux_removable_media_events WHERE action = '$1'")" = $2 ] && break
        sleep 1
    done
}

check() {
    table=linux_removable_media_events
    rows "media" "MEDIA_PRESENT:/dev/sda MEDIA_INSERT:/dev/sda1 MEDIA_MOUNT:/dev/sda1:/media/stick MEDIA_UNMOUNT:/dev/sda1:/media/stick MEDIA_EJECT:/dev/sda1 MEDIA_EJECT:/dev/sda MEDIA_INSERT:/dev/sda MEDIA_INSERT:/dev/sda1 MEDIA_EJECT:/dev/sda1 MEDIA_EJECT:/dev/sda" \
        "SELECT action || ':' || device_node || coalesce(':' || mount_point, '') AS t FROM $table ORDER BY time_ns, seq"
    expect "media, the disk" "10|Linux scsi_debug|Linux|scsi_debug|scsi|$scsi|0" \
        "SELECT count(*) || '|' || min(device_description) || '|' || min(vendor) || '|' || min(model) || '|' || min(bus) || '|' || min(location) || '|' || max(read_only) FROM $table WHERE vendor_ids IS NULL AND vendor = 'Linux' AND model = 'scsi_debug' AND serial IS NOT NULL AND location = '$scsi' AND device_id LIKE '/devices/%/$scsi/block/sda%'"
    rows "media, sizes" "disk:8:0:8388608 partition:8:1:7340032" "SELECT DISTINCT class_name || ':' || device_number || ':' || size_bytes AS t FROM $table ORDER BY t"
    rows "media, what is on it" ":: :: :vfat:EVIDENCE:$serial dos:: :vfat:EVIDENCE:$serial" \
        "SELECT coalesce(partition_table, '') || ':' || coalesce(fs_type || ':' || fs_label || ':' || fs_uuid, ':') AS t FROM $table WHERE action IN ('MEDIA_PRESENT', 'MEDIA_INSERT', 'MEDIA_MOUNT') ORDER BY time_ns, seq"
    expect "media, who" "2|2" "SELECT count(*) || '|' || count(DISTINCT m.process_guid) FROM $table m JOIN linux_process_events p ON p.process_guid = m.process_guid AND p.action = 'PROC_CREATE' AND p.pid = m.pid AND p.path = m.process_name WHERE m.action IN ('MEDIA_MOUNT', 'MEDIA_UNMOUNT') AND m.uid = 'root' AND p.cmdline LIKE '% %/media/stick'"
    expect "media, nobody" 8 "SELECT count(*) FROM $table WHERE pid IS NULL AND uid IS NULL AND process_guid IS NULL"
    expect "media, lost" 0 "SELECT sum(count) FROM evtables_loss WHERE event_table = '$table' AND outcome = 'lost'"
}
