//! The names of a server's tools, each a row of its own, because a search cannot read lists.

use std::collections::BTreeSet;

use domain::{Result, ServerId, tool::Tool};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{database::failed, entity::tool};

/// Characters of a name that an index takes on every database.
const LONGEST: usize = 256;
/// Rows of one statement: two values each, of which SQLite takes 32,766.
const ROWS: usize = 1_000;

/// Puts the names in `items`, a JSON array of tools, in place of those that were known.
pub(super) async fn replace(connection: &impl ConnectionTrait, server: ServerId, items: &str) -> Result<()> {
    let tools: Vec<Tool> = serde_json::from_str(items).unwrap_or_default();
    let searchable =
        |name: &&str| !name.is_empty() && name.chars().count() <= LONGEST && !name.contains(char::is_control);
    let names: BTreeSet<&str> = tools.iter().map(Tool::name).filter(searchable).collect();
    tool::Entity::delete_many()
        .filter(tool::COLUMN.server_id.eq(server.0))
        .exec(connection)
        .await
        .map_err(failed("deleting names of tools"))?;
    let names: Vec<&str> = names.into_iter().collect();
    for some in names.chunks(ROWS) {
        let row = |name: &&str| tool::ActiveModel { server_id: Set(server.0), name: Set((*name).to_owned()) };
        tool::Entity::insert_many(some.iter().map(row))
            .exec_without_returning(connection)
            .await
            .map_err(failed("writing names of tools"))?;
    }
    Ok(())
}
