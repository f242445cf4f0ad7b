//! Who is in a team: members of its organization.

use domain::{
    Action, Code, Error, OrganizationId, Result, UserId,
    team::{TeamDetail, TeamMember},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationDef, sea_query::Query,
};
use serde_json::json;
use uuid::Uuid;

use super::{Teams, project};
use crate::{
    Caller,
    account::by_email,
    audit::Place,
    database::failed,
    entity::{team, team_member},
    organization::{member, users},
    project::member::{email, last_seen},
    role,
};

impl Teams<'_> {
    /// Adds somebody who is in the organization already.
    pub async fn add_member(
        &self,
        caller: &Caller,
        organization: &str,
        team: &str,
        address: &str,
    ) -> Result<TeamDetail> {
        let (owner, row) = self.authorize(caller, organization, team, Action::ManageOrganization).await?;
        let transaction = self.0.inner.database.begin().await?;
        let person = by_email(&transaction, address).await?;
        let person = person.ok_or_else(|| Error::field("email", Code::UserUnknown))?;
        if member::find(&transaction, owner.id, person.id).await?.is_none() {
            return Err(Error::field("email", Code::NotInOrganization));
        }
        let there = team_member::Entity::find_by_id((row.id, person.id))
            .one(&transaction)
            .await
            .map_err(failed("reading a member of a team"))?;
        if there.is_some() {
            return Err(Error::field("email", Code::MemberExists));
        }
        let added = team_member::ActiveModel {
            team_id: Set(row.id),
            user_id: Set(person.id),
            added_by: Set(caller.user().map(|user| user.0)),
            created_at: Set(self.0.clock().now()),
        };
        added.insert(&transaction).await.map_err(failed("writing a member of a team"))?;
        let (place, change) = (Place::organization(OrganizationId(owner.id)), json!({ "team": row.name }));
        self.0.audit().record(&transaction, caller, place, "team_member.add", person.email, change).await?;
        self.0.finish(transaction, "committing a member of a team").await?;
        self.get(caller, organization, team).await
    }

    /// Takes somebody out of a team; members may always leave.
    pub async fn remove_member(
        &self,
        caller: &Caller,
        organization: &str,
        team: &str,
        user: UserId,
    ) -> Result<()> {
        let leaves = caller.user() == Some(user);
        let action = if leaves { Action::ViewOrganization } else { Action::ManageOrganization };
        let (owner, row) = self.authorize(caller, organization, team, action).await?;
        let transaction = self.0.inner.database.begin().await?;
        let projects = project::ids(&transaction, row.id).await?;
        let deleted = team_member::Entity::delete_by_id((row.id, user.0))
            .exec(&transaction)
            .await
            .map_err(failed("removing a member of a team"))?;
        if deleted.rows_affected == 0 {
            return Err(Error::not_found());
        }
        role::end_lost(&transaction, &[user.0], &role::projects_in(projects)).await?;
        let target = email(&transaction, user).await?;
        let (place, change) = (Place::organization(OrganizationId(owner.id)), json!({ "team": row.name }));
        self.0.audit().record(&transaction, caller, place, "team_member.remove", target, change).await?;
        self.0.finish(transaction, "committing a removed member of a team").await
    }
}

/// Takes somebody out of all teams of an organization that they leave.
pub(crate) async fn leave_all(
    connection: &impl ConnectionTrait,
    organization: Uuid,
    user: Uuid,
) -> Result<()> {
    let teams = Query::select()
        .column(team::Column::Id)
        .from(team::Entity)
        .and_where(team::COLUMN.organization_id.eq(organization))
        .to_owned();
    team_member::Entity::delete_many()
        .filter(team_member::COLUMN.user_id.eq(user))
        .filter(sea_orm::ColumnTrait::in_subquery(&team_member::Column::TeamId, teams))
        .exec(connection)
        .await
        .map(drop)
        .map_err(failed("leaving the teams of an organization"))
}

pub(super) async fn ids(connection: &impl ConnectionTrait, team: Uuid) -> Result<Vec<Uuid>> {
    team_member::Entity::find()
        .select_only()
        .column(team_member::Column::UserId)
        .filter(team_member::COLUMN.team_id.eq(team))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading the members of a team"))
}

pub(super) async fn of(connection: &impl ConnectionTrait, team: Uuid) -> Result<Vec<TeamMember>> {
    let rows = team_member::Entity::find()
        .filter(team_member::COLUMN.team_id.eq(team))
        .order_by_asc(team_member::Column::CreatedAt)
        .order_by_asc(team_member::Column::UserId)
        .all(connection)
        .await
        .map_err(failed("reading the members of a team"))?;
    let ids: Vec<Uuid> = rows.iter().flat_map(|row| [Some(row.user_id), row.added_by]).flatten().collect();
    let people = users(connection, ids.into_iter()).await?;
    let people: std::collections::HashMap<_, _> = people.into_iter().map(|row| (row.id, row)).collect();
    let seen = last_seen(connection, rows.iter().map(|row| row.user_id)).await?;
    let view = |row: team_member::Model| {
        let person = people.get(&row.user_id)?;
        Some(TeamMember {
            user_id: UserId(row.user_id),
            email: person.email.clone(),
            name: person.name.clone(),
            added_by: row.added_by.and_then(|by| Some(people.get(&by)?.name.clone())),
            created_at: row.created_at,
            last_seen_at: seen.get(&row.user_id).copied(),
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

pub(crate) fn its_team() -> RelationDef {
    team_member::Entity::belongs_to(team::Entity)
        .from(team_member::Column::TeamId)
        .to(team::Column::Id)
        .into()
}
