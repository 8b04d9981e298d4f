SELECT action, src_pid, src_process_guid, target_pid, target_process_guid, src_path, target_path, granted_access, granted_access_value, owner_uid, time, utc_time, eventid, call_trace, src_tid, target_owner_uid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_process_open_events
ORDER BY seq;
