SELECT action, src_pid, src_process_guid, target_pid, target_process_guid, src_path, target_path, function_name, module_name, owner_uid, time, utc_time, eventid, target_tid, start_address, target_owner_uid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_remote_thread_events
ORDER BY seq;
