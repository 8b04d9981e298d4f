SELECT action, pid, process_guid, process_name, target_name, target_new_name, value_type, value_data, owner_uid, time, utc_time, eventid, target_object, old_value_type, old_value_data, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_registry_events
ORDER BY seq;
