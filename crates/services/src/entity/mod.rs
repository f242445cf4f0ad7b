//! Rows of the tables. Private to this crate: everybody else sees views.

#![allow(unreachable_pub, reason = "sea-orm's derives write `pub`")]

pub(crate) mod api_key;
pub(crate) mod api_key_server;
pub(crate) mod approved_command;
pub(crate) mod audit_event;
pub(crate) mod favorite;
pub(crate) mod history_visit;
pub(crate) mod invitation;
pub(crate) mod invitation_mail;
pub(crate) mod job_run;
pub(crate) mod link;
pub(crate) mod log_entry;
pub(crate) mod organization;
pub(crate) mod organization_member;
pub(crate) mod personal_token;
pub(crate) mod project;
pub(crate) mod project_member;
pub(crate) mod project_template;
pub(crate) mod project_visit;
pub(crate) mod revision;
pub(crate) mod server;
pub(crate) mod server_item;
pub(crate) mod server_list;
pub(crate) mod server_state;
pub(crate) mod server_variable;
pub(crate) mod session;
pub(crate) mod shared_server;
pub(crate) mod team;
pub(crate) mod team_member;
pub(crate) mod team_project;
pub(crate) mod tool;
pub(crate) mod tool_change;
pub(crate) mod tool_rule;
pub(crate) mod usage_hour;
pub(crate) mod user;
