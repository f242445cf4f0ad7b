use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "server_variable")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub server_id: Uuid,
    pub kind: String,
    pub position: i32,
    pub name: String,
    pub sealed: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
