SELECT action, uid, utc_time, time, pid, eventid, device_id, device_description, class_name, vendor_ids, location, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_removable_media_events
ORDER BY seq;
