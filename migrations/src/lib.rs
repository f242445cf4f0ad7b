//! The database's history: one intent a file, each with a way back, on SQLite and PostgreSQL.
//!
//! Migrations name their own tables and columns and never import entities, because entities move on
//! and history does not.

use sea_orm_migration::async_trait::async_trait;
pub use sea_orm_migration::{MigrationTrait, MigratorTrait};

mod m20261121_000001_create_user;
mod m20261121_000002_create_session;
mod m20261121_000003_create_link;
mod m20261121_000004_create_personal_token;
mod m20261121_000005_create_organization;
mod m20261121_000006_create_project;
mod m20261121_000007_create_server;
mod m20261121_000008_create_server_state;
mod m20261121_000009_create_api_key;
mod m20261121_000010_create_log_entry;
mod m20261121_000011_create_audit_event;
mod m20261121_000012_create_revision;
mod m20261121_000013_add_server_rules;
mod m20261121_000014_add_project_access;
mod m20261121_000015_create_tool_rule;
mod m20261121_000020_create_server_list;
mod m20261121_000021_create_favorite;
mod m20261121_000022_create_project_visit;
mod m20261121_000023_create_tool;
mod m20261121_000024_index_attention;
mod m20261121_000025_create_usage_hour;
mod m20261121_000029_add_api_key_kind;
mod m20261121_000032_create_invitation;
mod m20261121_000037_create_team;
mod m20261121_000038_create_job_run;
mod m20261121_000041_add_key_rules;
mod m20261122_000042_create_project_template;
mod m20261122_000043_add_user_password_set;
mod m20261122_000045_create_tool_change;
mod m20261122_000046_create_history_visit;
mod m20261122_000047_create_approved_command;
mod m20261122_000048_create_shared_server;
mod m20261122_000049_create_invitation_mail;
mod m20261122_000050_invite_to_organization;
mod m20261122_000053_index_project_name;
mod m20261122_000056_create_server_item;

pub struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_user::Migration),
            Box::new(m20261121_000002_create_session::Migration),
            Box::new(m20261121_000003_create_link::Migration),
            Box::new(m20261121_000004_create_personal_token::Migration),
            Box::new(m20261121_000005_create_organization::Migration),
            Box::new(m20261121_000006_create_project::Migration),
            Box::new(m20261121_000007_create_server::Migration),
            Box::new(m20261121_000008_create_server_state::Migration),
            Box::new(m20261121_000009_create_api_key::Migration),
            Box::new(m20261121_000010_create_log_entry::Migration),
            Box::new(m20261121_000011_create_audit_event::Migration),
            Box::new(m20261121_000012_create_revision::Migration),
            Box::new(m20261121_000013_add_server_rules::Migration),
            Box::new(m20261121_000014_add_project_access::Migration),
            Box::new(m20261121_000015_create_tool_rule::Migration),
            Box::new(m20261121_000020_create_server_list::Migration),
            Box::new(m20261121_000021_create_favorite::Migration),
            Box::new(m20261121_000022_create_project_visit::Migration),
            Box::new(m20261121_000023_create_tool::Migration),
            Box::new(m20261121_000024_index_attention::Migration),
            Box::new(m20261121_000025_create_usage_hour::Migration),
            Box::new(m20261121_000029_add_api_key_kind::Migration),
            Box::new(m20261121_000032_create_invitation::Migration),
            Box::new(m20261121_000037_create_team::Migration),
            Box::new(m20261121_000038_create_job_run::Migration),
            Box::new(m20261121_000041_add_key_rules::Migration),
            Box::new(m20261122_000042_create_project_template::Migration),
            Box::new(m20261122_000043_add_user_password_set::Migration),
            Box::new(m20261122_000045_create_tool_change::Migration),
            Box::new(m20261122_000046_create_history_visit::Migration),
            Box::new(m20261122_000047_create_approved_command::Migration),
            Box::new(m20261122_000048_create_shared_server::Migration),
            Box::new(m20261122_000049_create_invitation_mail::Migration),
            Box::new(m20261122_000050_invite_to_organization::Migration),
            Box::new(m20261122_000053_index_project_name::Migration),
            Box::new(m20261122_000056_create_server_item::Migration),
        ]
    }
}
