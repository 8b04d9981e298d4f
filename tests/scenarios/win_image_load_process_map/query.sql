SELECT pid, process_guid, image_size, image_path, md5, image_memory_mode, image_base, time, utc_time, process_name, eventid, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_image_load_process_map
ORDER BY seq;
