# SPDX-License-Identifier: Apache-2.0
# modules: dummy
# What changes the system: modules, mounts, namespaces, settings, control groups, identities.
container=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

act() {
    insert dummy numdummies=2
    $B rmmod dummy
    insert dummy
    $B rmmod dummy
    mkdir -p /w/copy
    $B unshare -m $B mount -t tmpfs evt /w/copy
    sysctl -q -w kernel.pid_max=31000
    mkdir -p /sys/fs/cgroup/docker/$container && rmdir /sys/fs/cgroup/docker/$container
    ring take $sleeper
    : </proc/$sleeper/mem
    $B setpriv --reuid 1000 $B true identity 2>/dev/null || su -s $B root -c true 2>/dev/null
}

check() {
    rows "modules" "MODULE_LOAD:dummy:/modules/dummy.ko:numdummies=2  MODULE_UNLOAD:dummy MODULE_LOAD:dummy:/modules/dummy.ko: MODULE_UNLOAD:dummy" \
        "SELECT action || ':' || module_name || coalesce(':' || module_path, '') || coalesce(':' || parameters, '') AS t FROM linux_kernel_module_events WHERE module_name = 'dummy' AND process_name = '$B' ORDER BY time_ns, seq"
    expect "modules, who" "4|0" "SELECT count(*) || '|' || sum(NOT EXISTS (SELECT 1 FROM linux_process_events p WHERE p.process_guid = m.process_guid AND p.action = 'PROC_CREATE' AND p.pid = m.pid AND p.path = m.process_name)) FROM linux_kernel_module_events m WHERE module_name = 'dummy'"
    rows "access to a process" "pidfd_getfd:DUPLICATE:1 proc_mem:READ:1" \
        "SELECT granted_access || ':' || granted_access_value || ':' || EXISTS (SELECT 1 FROM linux_process_events p WHERE p.process_guid = target_process_guid AND p.pid = target_pid) AS t FROM linux_process_open_events WHERE target_pid = $sleeper ORDER BY time_ns, seq"
    rows "mount" "MOUNT:evt:/w/copy:tmpfs" "SELECT action || ':' || source || ':' || target_path || ':' || fstype AS t FROM linux_mount_events WHERE source = 'evt'"
    expect "namespace" 1 "SELECT count(*) > 0 FROM linux_namespace_events WHERE action = 'NAMESPACE_UNSHARE' AND namespaces = 'mnt'"
    rows "setting" "31000" "SELECT new_value AS t FROM linux_sysctl_events WHERE name LIKE 'kernel%pid_max'"
    rows "container" "CONTAINER_CREATE:docker CONTAINER_REMOVE:docker" \
        "SELECT action || ':' || container_runtime AS t FROM linux_container_events WHERE container_id = '$container' ORDER BY time_ns, seq"
}
