SELECT time, datetime, source, provider_name, provider_guid, eventid, task, level, keywords, data, version, opcode, pid, tid, user_sid, record_id, host_name, event_table, time_ns
FROM win_event_log_data
ORDER BY seq;
