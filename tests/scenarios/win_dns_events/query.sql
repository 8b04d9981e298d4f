SELECT event_type, action, domain_name, request_type, request_class, pid, remote_address, remote_port, time, utc_time, eventid, process_guid, process_name, owner_uid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_dns_events
ORDER BY seq;
