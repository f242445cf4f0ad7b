//! What is counted of projects: one query for the servers of all of them, one for the members.

use std::collections::HashMap;

use domain::{Result, project::Health, server::Status};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::join;
use crate::{
    database::failed,
    entity::{project_member, server, server_state, team_member, team_project},
    log::from_name,
    team,
};

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers {
    pub(super) health: Health,
    pub(super) members: u32,
}

#[derive(FromQueryResult)]
struct Servers {
    project_id: Uuid,
    enabled: bool,
    status: Option<String>,
    count: i64,
}

#[derive(FromQueryResult)]
struct Members {
    project_id: Uuid,
    count: i64,
}

/// The numbers of these projects. Who has neither servers nor members is not there.
pub(super) async fn numbers(
    connection: &impl ConnectionTrait,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, Numbers>> {
    let mut found: HashMap<Uuid, Numbers> = HashMap::new();
    if projects.is_empty() {
        return Ok(found);
    }
    let servers = server::Entity::find()
        .select_only()
        .column(server::Column::ProjectId)
        .column(server::Column::Enabled)
        .column(server_state::Column::Status)
        .column_as(server::Column::Id.count(), "count")
        .join(JoinType::LeftJoin, join::current_state())
        .filter(server::Column::ProjectId.is_in(projects.iter().copied()))
        .group_by(server::Column::ProjectId)
        .group_by(server::Column::Enabled)
        .group_by(server_state::Column::Status)
        .into_model::<Servers>()
        .all(connection)
        .await
        .map_err(failed("counting servers"))?;
    for row in servers {
        let status = row.status.as_deref().and_then(from_name).unwrap_or_default();
        let status = if row.enabled { status } else { Status::Disabled };
        found.entry(row.project_id).or_default().health.add(status, narrow(row.count));
    }
    let members = project_member::Entity::find()
        .select_only()
        .column(project_member::Column::ProjectId)
        .column_as(project_member::Column::UserId.count(), "count")
        .filter(project_member::Column::ProjectId.is_in(projects.iter().copied()))
        .group_by(project_member::Column::ProjectId)
        .into_model::<Members>()
        .all(connection)
        .await
        .map_err(failed("counting members"))?;
    for row in members {
        found.entry(row.project_id).or_default().members = narrow(row.count);
    }
    // Who is there by a team alone. Whoever has a role of their own is counted above.
    let own = Query::select()
        .expr(Expr::val(1))
        .from(project_member::Entity)
        .and_where(
            Expr::col((project_member::Entity, project_member::Column::UserId))
                .equals((team_member::Entity, team_member::Column::UserId)),
        )
        .and_where(
            Expr::col((project_member::Entity, project_member::Column::ProjectId))
                .equals((team_project::Entity, team_project::Column::ProjectId)),
        )
        .to_owned();
    let through = team_member::Entity::find()
        .select_only()
        .column(team_project::Column::ProjectId)
        .column_as(Expr::cust("COUNT(DISTINCT team_member.user_id)"), "count")
        .join(JoinType::InnerJoin, team::grants())
        .join(JoinType::InnerJoin, team::member::its_team())
        .join(JoinType::InnerJoin, team::its_project())
        .filter(team::same_organization())
        .filter(team_project::Column::ProjectId.is_in(projects.iter().copied()))
        .filter(Expr::exists(own).not())
        .group_by(team_project::Column::ProjectId)
        .into_model::<Members>()
        .all(connection)
        .await
        .map_err(failed("counting the members of teams"))?;
    for row in through {
        found.entry(row.project_id).or_default().members += narrow(row.count);
    }
    Ok(found)
}

fn narrow(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
