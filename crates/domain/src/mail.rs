//! Mail that Sluice sends.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, log::named};

named! {
    MailState { Waiting "waiting", Sent "sent", Failed "failed" }
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailStatus {
    pub state: MailState,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why it could not be sent, in the words of the mail server: for good, or so far.
    pub detail: Option<String>,
}
