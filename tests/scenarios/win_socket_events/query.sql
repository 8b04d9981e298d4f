SELECT event_type, action, time, utc_time, pid, process_guid, process_name, family, protocol, local_address, remote_address, local_port, remote_port, eventid, owner_uid, local_host_name, remote_host_name, initiated, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_socket_events
ORDER BY seq;
