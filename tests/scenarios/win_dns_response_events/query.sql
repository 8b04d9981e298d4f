SELECT event_type, action, domain_name, request_type, request_class, resolved_ip, pid, remote_address, remote_port, time, utc_time, eventid, process_guid, process_name, status, answers, owner_uid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_dns_response_events
ORDER BY seq;
