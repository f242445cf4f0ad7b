use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id_hash: Vec<u8>,
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub data: String,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it still signs anybody in: used lately, and not for longer than `lifetime` in all.
    pub(crate) fn is_good(&self, now: DateTimeUtc, lifetime: chrono::TimeDelta) -> bool {
        self.expires_at > now && self.created_at + lifetime > now
    }
}
