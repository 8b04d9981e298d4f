// SPDX-License-Identifier: Apache-2.0
//! Messages as the kernel sends them, and any bytes at all.

use super::*;
use proptest::prelude::*;

const ADD: &[u8] = b"add@/devices/pci0/usb1/1-1/host0/block/sdb/sdb1\0ACTION=add\0DEVPATH=/else\0\
    SUBSYSTEM=block\0MAJOR=8\0MINOR=17\0DEVNAME=sdb1\0DEVTYPE=partition\0PARTN=1\0SEQNUM=1\0";

#[test]
fn a_message_is_read() {
    let event = Uevent::parse(ADD).unwrap();
    let wanted = Uevent {
        action: "add",
        path: "/devices/pci0/usb1/1-1/host0/block/sdb/sdb1",
        subsystem: "block",
        kind: "partition",
        name: "sdb1",
        numbers: Some((8, 17)),
        on_request: false,
    };
    assert_eq!(event, wanted);
    let asked = Uevent::parse(b"remove@/devices/x\0SYNTH_UUID=0\0").unwrap();
    assert!(asked.on_request);
    let file = b"MAJOR=8\nMINOR=17\nDEVNAME=sdb1\nDEVTYPE=partition\nPARTN=1\n";
    assert_eq!(Uevent::of_sysfs(wanted.path, file), Some(wanted));
}

#[test]
fn nothing_leads_out_of_its_folder() {
    for bad in ["", "add", "@/devices/x", "add@devices/x"] {
        assert_eq!(Uevent::parse(bad.as_bytes()), None, "{bad}");
    }
    for other in ["add@/etc/passwd", "add@/devices/../etc", "add@/module/dummy"] {
        assert_eq!(Uevent::parse(other.as_bytes()).unwrap().path, "", "{other}");
    }
    for name in ["../x", "/etc/passwd", "a/../b", ""] {
        let bytes = format!("add@/devices/x\0DEVNAME={name}\0");
        assert_eq!(Uevent::parse(bytes.as_bytes()).unwrap().name, "", "{name}");
    }
    assert_eq!(Uevent::of_sysfs("/etc", b""), None);
}

#[test]
fn what_is_no_text_or_number_is_left_out() {
    let event =
        Uevent::parse(b"add@/devices/x\0MAJOR=x\0SUBSYSTEM=\xff\0DEVTYPE\0DEVNAME=a").unwrap();
    assert_eq!(event, Uevent { action: "add", path: "/devices/x", name: "a", ..event });
    assert_eq!((event.numbers, event.subsystem, event.kind), (None, "", ""));
    assert_eq!(Uevent::parse(b"libudev\0\xfe\xed\xca\xfe"), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..512), cut in 0..ADD.len(), at in 0..ADD.len(), byte: u8) {
        let mut changed = ADD.to_vec();
        changed[at] = byte;
        for bytes in [bytes.as_slice(), &ADD[..cut], &changed] {
            if let Some(event) = Uevent::parse(bytes) {
                let (path, name) = (event.path, event.name);
                prop_assert!(path.is_empty() || path.starts_with("/devices/"));
                prop_assert!(path.split('/').chain(name.split('/')).all(|part| part != ".."));
                prop_assert!(!event.name.starts_with('/') && event.name.len() <= bytes.len());
            }
        }
    }
}
