SELECT action, target_path, md5, sha256, hashed, uid, utc_time, time, pe_file, pid, process_guid, process_name, amsi_is_malware, byte_stream, eventid, sha1, imphash, creation_time, contents, archived, access_mask, object_type, handle_id, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_file_events
ORDER BY seq;
