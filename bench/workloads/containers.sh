#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A host of containers, in a minute's time: containers that come and go in namespaces of their own, their probes by
# `exec`, layers that are unpacked, their logs; and a shell in one of them. Uses the folder $1 and loopback alone.
set -eu
if [ -z "${EVTABLES_INSIDE:-}" ]; then
    # The usual paths, without a trace of them outside.
    EVTABLES_INSIDE=1 exec unshare -m --propagation private sh "$0" "$1"
fi
mount -t tmpfs none /usr/local/sbin
mount -t tmpfs none /var/lib
mkdir -p /var/lib/docker/overlay2 /var/lib/docker/containers && cd /var/lib/docker
# Programs by their names: what counts here is who starts whom.
for name in runc containerd-shim-runc-v2; do cp /bin/sh /usr/local/sbin/$name; done
cp /bin/sleep /usr/local/sbin/pause
set +e
for i in $(seq 20); do
    layer=overlay2/$i/diff
    mkdir -p $layer/usr/lib $layer/etc
    for n in $(seq 40); do echo "$n" >$layer/usr/lib/lib$n.so; done
    containerd-shim-runc-v2 -c "runc -c 'unshare -m -u -i sh -c \"pause 0.2\"'"
    for n in $(seq 15); do
        # A liveness probe.
        runc -c 'unshare -m sh -c "cat /proc/self/status >/dev/null; test -e /etc/passwd"'
        echo "{\"log\":\"request $n\"}" >>containers/$i-json.log
    done
    rm -rf overlay2/$i
done
# Somebody looks into one.
runc -c 'unshare -m sh -c "id; cat /etc/shadow; ls /root"' >/dev/null 2>&1
