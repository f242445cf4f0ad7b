//! What stands before a server's tools on the project's own endpoint.

use domain::{Code, Error, ProjectId, Result, name, server::ServerInput};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{database::failed, entity::server};

/// The alias that `input` asks for, or the one that its name makes. One that was made before stays
/// while the name does, so that tools keep their names to clients.
pub(super) async fn choose(
    connection: &impl ConnectionTrait,
    project: ProjectId,
    input: &ServerInput,
    before: Option<&server::Model>,
) -> Result<String> {
    let own = before.map(|before| before.id);
    let taken: Vec<String> = server::Entity::find()
        .select_only()
        .column(server::Column::Alias)
        .filter(server::COLUMN.project_id.eq(project.0))
        .filter(server::COLUMN.id.ne(own.unwrap_or_default()))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("looking for an alias"))?;
    let is_free = |alias: &String| alias.is_empty() || !taken.contains(alias);
    if let Some(alias) = &input.alias {
        return if is_free(alias) { Ok(alias.clone()) } else { Err(Error::field("alias", Code::AliasTaken)) };
    }
    if let Some(before) = before.filter(|before| name::is_made_alias(&before.alias, &input.name)) {
        return Ok(before.alias.clone());
    }
    let base = name::to_alias(&input.name);
    let numbered = (2..).map(|n| name::numbered_alias(&base, n));
    Ok(std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or_default())
}
