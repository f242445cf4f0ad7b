use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation_mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub invitation_id: Uuid,
    pub language: String,
    /// The invitation's secret, as long as it is needed.
    pub sealed: Option<Vec<u8>>,
    pub state: String,
    pub attempts: i32,
    /// When it is tried next; none when it is not.
    pub due_at: Option<DateTimeUtc>,
    pub detail: Option<String>,
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
