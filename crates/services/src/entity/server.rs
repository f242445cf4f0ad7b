use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "server")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub name: String,
    pub name_key: String,
    pub description: String,
    pub transport: String,
    pub command: String,
    pub args: String,
    pub working_directory: Option<String>,
    pub url: String,
    pub builtin: String,
    pub timeout_seconds: i32,
    pub enabled: bool,
    pub generation: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub alias: String,
    pub sharing: String,
    pub sleep_after_minutes: Option<i32>,
    pub memory_mb: Option<i32>,
    pub connect_seconds: Option<i32>,
    pub initialize_seconds: Option<i32>,
    pub total_seconds: Option<i32>,
    pub command_id: Option<Uuid>,
    pub command_values: Option<String>,
    pub shared_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
