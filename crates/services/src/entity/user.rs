use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub platform_admin: bool,
    pub disabled: bool,
    pub created_at: DateTimeUtc,
    pub password_set: bool,
}

impl ActiveModelBehavior for ActiveModel {}
