SELECT action, target_path, uid, time, utc_time, pid, process_guid, process_name, eventid, pipe_name, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_named_pipe_events
ORDER BY seq;
