use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub started_at: DateTimeUtc,
    pub duration_ms: i64,
    pub items: i64,
    pub code: Option<String>,
    pub run_by: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
