SELECT event_type, action, url, pid, process_guid, process_name, remote_address, remote_port, time, utc_time, eventid, method, status, owner_uid, job_name, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_http_events
ORDER BY seq;
