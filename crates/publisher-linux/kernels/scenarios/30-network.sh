# SPDX-License-Identifier: Apache-2.0
# TCP on loopback, a query and its answer, a request.
listening() { # PORT: waits for it
    local n
    for n in $(seq 100); do
        netstat -ltn | grep -q ":$1 " && return
        usleep 100000
    done
}

act() {
    nc -l -p 7777 >/w/heard &
    listener=$!
    listening 7777
    echo hi | nc 127.0.0.1 7777
    wait $listener
    nc 127.0.0.1 7778 2>/dev/null
    mkdir /w/web && echo page >/w/web/page
    httpd -f -p 127.0.0.1:8080 -h /w/web &
    web=$!
    listening 8080
    wget -q -O /dev/null http://127.0.0.1:8080/page
    kill $web
}

check() {
    rows "connection" "SOCKET_CONNECT:127.0.0.1:1 SOCKET_CLOSE:127.0.0.1:3" \
        "SELECT action || ':' || remote_address || ':' || coalesce(success, bytes_sent) AS t FROM linux_socket_events WHERE remote_port = 7777 ORDER BY time_ns, seq"
    rows "acceptance" "SOCKET_ACCEPT:127.0.0.1 SOCKET_CLOSE:127.0.0.1" \
        "SELECT action || ':' || remote_address AS t FROM linux_socket_events WHERE local_port = 7777 AND remote_port IS NOT NULL ORDER BY time_ns, seq"
    rows "refusal" "0:111" "SELECT success || ':' || error AS t FROM linux_socket_events WHERE remote_port = 7778"
    rows "request" "HTTP_REQUEST:GET:127.0.0.1:8080:http://127.0.0.1:8080/page" "SELECT DISTINCT action || ':' || method || ':' || host || ':' || url AS t FROM linux_http_events WHERE remote_port = 8080"
}
