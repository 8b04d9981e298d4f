SELECT action, target_path, md5, hashed, uid, time, utc_time, pid, process_guid, process_name, eventid, sha256, sha1, imphash, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_pefile_events
ORDER BY seq;
