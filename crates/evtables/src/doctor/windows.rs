// SPDX-License-Identifier: Apache-2.0
//! What `evtables doctor` looks at on Windows.

use super::Finding;
use crate::system::is_administrator;

/// What the system offers.
pub(super) fn system() -> Vec<Finding> {
    vec![if is_administrator() {
        Finding::Good("runs as an administrator".into())
    } else {
        Finding::Bad(
            "does not run as an administrator: nothing can be captured".into(),
            "start it from an elevated prompt, or as SYSTEM".into(),
        )
    }]
}

/// osquery's rules for extensions that it starts itself.
pub(super) fn autoload() -> Vec<Finding> {
    Vec::new()
}
