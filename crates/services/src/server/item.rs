//! The items of servers' lists, each a row of its own, so that a page reads its items and no others.
//! The data plane has its own list, as it came; this one follows it.

use domain::{
    Result, ServerId,
    offer::{OfferedPrompt, OfferedResource},
    server::ListKind,
    tool::Tool,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

use crate::{database::failed, entity::server_item};

/// Characters of a name that an index takes on every database.
const LONGEST: usize = 256;
/// Rows of one statement: eight values each, of which SQLite takes 32,766.
const ROWS: usize = 200;

/// Puts `items`, a JSON array, in place of those that were known.
pub(super) async fn replace(
    connection: &impl ConnectionTrait,
    server: ServerId,
    kind: ListKind,
    items: &str,
) -> Result<()> {
    let items: Vec<Value> = serde_json::from_str(items).unwrap_or_default();
    server_item::Entity::delete_many()
        .filter(server_item::COLUMN.server_id.eq(server.0))
        .filter(server_item::COLUMN.kind.eq(kind.name()))
        .exec(connection)
        .await
        .map_err(failed("deleting items of a list"))?;
    let rows: Vec<_> = items
        .into_iter()
        .zip(0..)
        .filter_map(|(item, position)| row(server.0, kind, position, item))
        .collect();
    for some in rows.chunks(ROWS) {
        server_item::Entity::insert_many(some.to_vec())
            .exec_without_returning(connection)
            .await
            .map_err(failed("writing items of a list"))?;
    }
    Ok(())
}

/// None of what nobody could ask for.
fn row(server: Uuid, kind: ListKind, position: i32, item: Value) -> Option<server_item::ActiveModel> {
    let definition = item.to_string();
    let bytes = |text: &str| i32::try_from(text.len()).unwrap_or(i32::MAX);
    let (name, said, description, schema) = match kind {
        ListKind::Tools => {
            let tool = Tool(item);
            let said = [tool.name(), tool.title(), tool.description()].join("\n");
            let schema = tool.input_schema().map_or(0, |schema| bytes(&schema.to_string()));
            (tool.name().to_owned(), said, bytes(tool.description()), schema)
        }
        ListKind::Resources | ListKind::Templates => {
            let OfferedResource { name, title, description, uri, .. } = OfferedResource::read(&item)?;
            let said = [&name, title.as_deref().unwrap_or_default(), &description, &uri].join("\n");
            (uri, said, bytes(&description), 0)
        }
        ListKind::Prompts => {
            let OfferedPrompt { name, title, description, .. } = OfferedPrompt::read(&item)?;
            let said = [&name, title.as_deref().unwrap_or_default(), &description].join("\n");
            (name, said, bytes(&description), 0)
        }
    };
    Some(server_item::ActiveModel {
        server_id: Set(server),
        kind: Set(kind.name().to_owned()),
        position: Set(position),
        name: Set(key(&name)),
        said: Set(said.replace('\0', "")),
        description_bytes: Set(description),
        schema_bytes: Set(schema),
        definition: Set(definition),
    })
}

/// A name as its column has it: servers may send any, but PostgreSQL takes no NUL, and no index a
/// name of any length.
pub(super) fn key(name: &str) -> String {
    name.chars().filter(|c| *c != '\0').take(LONGEST).collect()
}

/// The items of a list with this name, as their server described them: one, or several whose names
/// begin alike.
pub(super) async fn named(
    connection: &impl ConnectionTrait,
    server: Uuid,
    kind: ListKind,
    name: &str,
) -> Result<Vec<Value>> {
    let rows = server_item::Entity::find()
        .filter(server_item::COLUMN.server_id.eq(server))
        .filter(server_item::COLUMN.kind.eq(kind.name()))
        .filter(server_item::COLUMN.name.eq(key(name)))
        .all(connection)
        .await
        .map_err(failed("reading an item of a list"))?;
    Ok(rows.iter().filter_map(|row| serde_json::from_str(&row.definition).ok()).collect())
}
