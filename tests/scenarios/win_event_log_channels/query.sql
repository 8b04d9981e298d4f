SELECT source FROM win_event_log_channels ORDER BY source;
