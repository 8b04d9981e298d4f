SELECT action, target_path, old_timestamp, new_timestamp, md5, hashed, uid, time, utc_time, pe_file, pid, process_guid, process_name, eventid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_file_timestomp_events
ORDER BY seq;
