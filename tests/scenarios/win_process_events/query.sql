SELECT action, pid, process_guid, path, cmdline, parent_pid, parent_process_guid, parent_path, owner_uid, time, utc_time, eventid, sha256, cwd, parent_cmdline, ancestors, exit_code, md5, hashed, sha1, imphash, original_file_name, file_version, file_description, product, company, integrity_level, token_elevation_type, logon_id, logon_guid, terminal_session_id, parent_owner_uid, creator_owner_uid, creator_pid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_process_events
ORDER BY seq;
