// SPDX-License-Identifier: Apache-2.0
//! In the place of `native` on systems that are not Windows.

use crate::sources::Sources;

/// None.
pub(crate) fn sources() -> Option<Sources> {
    None
}
