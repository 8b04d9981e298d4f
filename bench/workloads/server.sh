#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A quiet server, in a minute's time: health checks of a web server, a monitoring agent, cron's jobs, log rotation, a
# backup, the package manager; and an administrator who looks around. Uses the folder $1 and loopback alone.
set -u
mkdir -p "$1/www" "$1/log" && cd "$1" || exit 1
echo ok >www/health
python3 -m http.server --bind 127.0.0.1 --directory www 18080 >/dev/null 2>&1 &
web=$!
trap 'kill $web' EXIT
until curl -sf -o /dev/null http://127.0.0.1:18080/health; do sleep 0.1; done
for i in $(seq 60); do
    curl -sf -o /dev/null http://127.0.0.1:18080/health
    curl -sf -A 'kube-probe/1.30' -o /dev/null http://127.0.0.1:18080/health
    # What agents ask every few seconds.
    cat /proc/loadavg /proc/meminfo /proc/stat >/dev/null
    df -P >/dev/null
    ps -eo pid,rss,pcpu >/dev/null
    for n in 1 2 3 4 5 6 7 8; do echo "GET /$n 200" >>log/access.log; done
    # cron: a shell, a lock, a test, nothing to do.
    sh -c 'test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.nothing ) 2>/dev/null'
    sh -c '[ -d /run/systemd/system ] || find /var/spool/cron -newer /etc/passwd' >/dev/null 2>&1
done
for i in 1 2 3 4 5; do
    cp log/access.log "log/access.log.$i" && gzip -f "log/access.log.$i"
done
tar czf etc.tar.gz /etc 2>/dev/null
for i in 1 2 3; do dpkg -l >/dev/null 2>&1; apt-cache policy curl >/dev/null 2>&1; done
# Somebody logs in.
{ id; uname -a; cat /etc/os-release; ls -la /tmp; getent passwd root; } >/dev/null
