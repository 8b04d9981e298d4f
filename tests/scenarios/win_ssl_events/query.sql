SELECT event_type, action, subject_name, issuer_name, serial_number, dns_names, ja3_md5, ja3s_md5, pid, process_guid, process_name, remote_address, remote_port, time, utc_time, eventid, server_name, owner_uid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_ssl_events
ORDER BY seq;
