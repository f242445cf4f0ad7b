use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub at: DateTimeUtc,
    pub level: i32,
    pub category: String,
    pub server_id: Option<Uuid>,
    pub server_name: Option<String>,
    pub key_id: Option<Uuid>,
    pub key_name: Option<String>,
    pub session: Option<String>,
    pub method: Option<String>,
    pub tool: Option<String>,
    pub outcome: Option<String>,
    pub code: Option<String>,
    pub duration_ms: Option<i64>,
    pub message: String,
    pub request_id: Option<String>,
    pub arguments: Option<String>,
    pub result: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
