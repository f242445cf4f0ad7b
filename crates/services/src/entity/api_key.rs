use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub name: String,
    pub hash: Vec<u8>,
    pub prefix: String,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub last_used_at: Option<DateTimeUtc>,
    /// `client`, or `playground` for those that the console makes for itself.
    pub kind: String,
    /// `mcp:read` or `mcp:exec`.
    pub scope: String,
    /// Whether it reaches only the servers that were chosen for it, be they none.
    pub chosen_servers: bool,
    pub calls_per_minute: Option<i32>,
    pub last_address: Option<String>,
    pub last_client: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
