//! Typed UUIDv7 keys. Time-ordered, so that an index on them is also an order of creation.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes an id from a moment (Unix milliseconds) and ten random bytes (RFC 9562 §5.7).
            /// Both are parameters so that the caller's clock and randomness stay replaceable.
            #[must_use]
            pub fn new(unix_millis: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_millis, &random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A person's account.
    UserId,
    /// An organization; owns projects.
    OrganizationId,
    /// A project; owns servers, members, keys and logs.
    ProjectId,
    /// An upstream MCP server registered in a project.
    ServerId,
    /// An API key of a project.
    KeyId,
    /// One line of a project's log.
    LogId,
    /// A signed-in browser.
    SessionId,
    /// A person's access token for the REST API.
    TokenId,
    /// One audit event.
    AuditId,
    /// An invitation to a project.
    InvitationId,
    /// A named group of an organization.
    TeamId,
    /// What new projects of an organization may begin with.
    TemplateId,
    /// An approved command.
    CommandId,
    /// A server that administrators share with projects.
    SharedServerId,
    /// A change of a tool's definition.
    ToolChangeId,
}
