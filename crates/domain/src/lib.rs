//! The vocabulary of Sluice: ids, names, roles, policy, views, inputs, validation and errors.
//!
//! Shared by the browser, the server and the data plane, so it does no IO, knows no clock and no
//! randomness, and compiles to WASM. A *view* (`Server`, `ApiKey`) is what people are shown and
//! never holds a secret; an *input* (`ServerInput`, `NewKey`) is what they send and is checked by
//! its own `check`.

pub mod account;
pub mod audit;
pub mod client;
pub mod command;
pub mod detect;
pub mod document;
pub mod error;
pub mod home;
pub mod id;
pub mod import;
pub mod invitation;
pub mod key;
pub mod log;
pub mod mail;
pub mod name;
pub mod offer;
pub mod organization;
pub mod page;
pub mod plan;
pub mod platform;
pub mod policy;
pub mod project;
pub mod search;
pub mod secret;
pub mod server;
pub mod shared;
pub mod team;
pub mod template;
pub mod tool;
pub mod usage;

pub use error::{Code, Error, FieldError, Kind, Result};
pub use id::{
    AuditId, CommandId, InvitationId, KeyId, LogId, OrganizationId, ProjectId, ServerId, SessionId,
    SharedServerId, TeamId, TemplateId, TokenId, ToolChangeId, UserId,
};
pub use policy::{Action, OrganizationRole, Resource, Role, Subject, allows};
pub use secret::SecretInput;

/// The wall clock's type everywhere: UTC, kept to microseconds because PostgreSQL keeps no more.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
