use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "server_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub server_id: Uuid,
    pub generation: i64,
    pub status: String,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub info: Option<String>,
    pub initialize: Option<String>,
    pub stderr: String,
    pub observed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
