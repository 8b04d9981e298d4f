SELECT action, pid, process_guid, image_path, md5, uid, time, utc_time, sign_info, trust_info, num_of_certs, cert_type, version, pubkey, pubkey_length, pubkey_signhash_algo, issuer_name, subject_name, serial_number, signature_algo, subject_dn, issuer_dn, process_name, eventid, signature_status, sha1, sha256, imphash, original_file_name, file_version, file_description, product, company, host_name, source, source_eventid, record_id, rule_name, time_ns
FROM win_image_load_events
ORDER BY seq;
