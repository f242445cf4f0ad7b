//! Teams of an organization. Its members see them, its owners manage them.

use domain::{
    Action, Code, Error, OrganizationId, Result, TeamId,
    team::{Team, TeamDetail, TeamInput},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    audit::Place,
    database::failed,
    entity::{organization, team, team_member, team_project},
    new_id, role,
};

pub(crate) mod member;
mod project;

pub(crate) use project::{Held, Whose, grants, held, in_project, its_project, same_organization};

pub struct Teams<'a>(pub(crate) &'a Services);

/// How many people or projects each team of an organization has.
type Counts = std::collections::HashMap<Uuid, i64>;

impl Teams<'_> {
    pub async fn list(&self, caller: &Caller, organization: &str) -> Result<Vec<Team>> {
        let owner = self.0.organizations().authorize(caller, organization, Action::ViewOrganization).await?;
        let reader = &self.0.inner.database.reader;
        let rows = team::Entity::find()
            .filter(team::COLUMN.organization_id.eq(owner.id))
            .order_by_asc(team::Column::Slug)
            .all(reader)
            .await
            .map_err(failed("reading teams"))?;
        let (members, projects) = counts(reader, owner.id).await?;
        Ok(rows.into_iter().map(|row| view(row, &members, &projects)).collect())
    }

    pub async fn get(&self, caller: &Caller, organization: &str, team: &str) -> Result<TeamDetail> {
        let (owner, row) = self.authorize(caller, organization, team, Action::ViewOrganization).await?;
        let reader = &self.0.inner.database.reader;
        let (members, projects) = counts(reader, owner.id).await?;
        Ok(TeamDetail {
            members: member::of(reader, row.id).await?,
            projects: project::of(reader, caller, &owner, row.id).await?,
            team: view(row, &members, &projects),
        })
    }

    pub async fn create(&self, caller: &Caller, organization: &str, input: TeamInput) -> Result<Team> {
        let owner =
            self.0.organizations().authorize(caller, organization, Action::ManageOrganization).await?;
        let input = input.check()?;
        let transaction = self.0.inner.database.begin().await?;
        check_slug(&transaction, owner.id, &input.slug, None).await?;
        let row = team::ActiveModel {
            id: Set(new_id!(self.0, TeamId).0),
            organization_id: Set(owner.id),
            slug: Set(input.slug),
            name: Set(input.name),
            created_at: Set(self.0.clock().now()),
        };
        let row = row.insert(&transaction).await.map_err(failed("writing a team"))?;
        let place = Place::organization(OrganizationId(owner.id));
        self.0.audit().record(&transaction, caller, place, "team.create", &row.name, json!({})).await?;
        transaction.commit().await.map_err(failed("committing a team"))?;
        Ok(view(row, &Counts::new(), &Counts::new()))
    }

    pub async fn update(
        &self,
        caller: &Caller,
        organization: &str,
        team: &str,
        input: TeamInput,
    ) -> Result<Team> {
        let (owner, row) = self.authorize(caller, organization, team, Action::ManageOrganization).await?;
        let input = input.check()?;
        let transaction = self.0.inner.database.begin().await?;
        check_slug(&transaction, owner.id, &input.slug, Some(row.id)).await?;
        let change = json!({ "slug": [row.slug, input.slug], "name": [row.name, input.name] });
        let mut row: team::ActiveModel = row.into();
        (row.slug, row.name) = (Set(input.slug), Set(input.name));
        let row = row.update(&transaction).await.map_err(failed("changing a team"))?;
        let place = Place::organization(OrganizationId(owner.id));
        self.0.audit().record(&transaction, caller, place, "team.update", &row.name, change).await?;
        let (members, projects) = counts(&transaction, owner.id).await?;
        transaction.commit().await.map_err(failed("committing a team"))?;
        Ok(view(row, &members, &projects))
    }

    /// Deletes a team; its members lose the roles that they held through it alone.
    pub async fn delete(&self, caller: &Caller, organization: &str, team: &str) -> Result<()> {
        let (owner, row) = self.authorize(caller, organization, team, Action::ManageOrganization).await?;
        let transaction = self.0.inner.database.begin().await?;
        let people = member::ids(&transaction, row.id).await?;
        let projects = project::ids(&transaction, row.id).await?;
        team::Entity::delete_by_id(row.id).exec(&transaction).await.map_err(failed("deleting a team"))?;
        role::end_lost(&transaction, &people, &role::projects_in(projects)).await?;
        let place = Place::organization(OrganizationId(owner.id));
        self.0.audit().record(&transaction, caller, place, "team.delete", row.name, json!({})).await?;
        self.0.finish(transaction, "committing a deleted team").await
    }

    /// The team that `team` (id or slug) names within an organization, if the caller may do `action` there.
    async fn authorize(
        &self,
        caller: &Caller,
        organization: &str,
        team: &str,
        action: Action,
    ) -> Result<(organization::Model, team::Model)> {
        let owner = self.0.organizations().authorize(caller, organization, action).await?;
        let within = team::Entity::find().filter(team::COLUMN.organization_id.eq(owner.id));
        let query = match team.parse::<TeamId>() {
            Ok(id) => within.filter(team::COLUMN.id.eq(id.0)),
            Err(_) => within.filter(team::COLUMN.slug.eq(team)),
        };
        let row = query.one(&self.0.inner.database.reader).await.map_err(failed("reading a team"))?;
        Ok((owner, row.ok_or_else(Error::not_found)?))
    }
}

async fn check_slug(
    connection: &impl ConnectionTrait,
    organization: Uuid,
    slug: &str,
    own: Option<Uuid>,
) -> Result<()> {
    let taken = team::Entity::find()
        .filter(team::COLUMN.organization_id.eq(organization))
        .filter(team::COLUMN.slug.eq(slug))
        .one(connection)
        .await
        .map_err(failed("looking for a slug"))?;
    match taken {
        Some(row) if Some(row.id) != own => Err(Error::field("slug", Code::SlugTaken)),
        _ => Ok(()),
    }
}

/// Members and projects of each team of an organization; a team without any is not there.
async fn counts(connection: &impl ConnectionTrait, organization: Uuid) -> Result<(Counts, Counts)> {
    let members: Vec<(Uuid, i64)> = team_member::Entity::find()
        .select_only()
        .column(team_member::Column::TeamId)
        .column_as(team_member::Column::UserId.count(), "count")
        .join(JoinType::InnerJoin, member::its_team())
        .filter(team::Column::OrganizationId.eq(organization))
        .group_by(team_member::Column::TeamId)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("counting the members of teams"))?;
    let projects: Vec<(Uuid, i64)> = team_project::Entity::find()
        .select_only()
        .column(team_project::Column::TeamId)
        .column_as(team_project::Column::ProjectId.count(), "count")
        .join(JoinType::InnerJoin, project::its_team())
        .filter(team::Column::OrganizationId.eq(organization))
        .group_by(team_project::Column::TeamId)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("counting the projects of teams"))?;
    Ok((members.into_iter().collect(), projects.into_iter().collect()))
}

fn view(row: team::Model, members: &Counts, projects: &Counts) -> Team {
    let of =
        |counts: &Counts| u32::try_from(counts.get(&row.id).copied().unwrap_or_default()).unwrap_or(u32::MAX);
    Team {
        id: TeamId(row.id),
        member_count: of(members),
        project_count: of(projects),
        slug: row.slug,
        name: row.name,
        created_at: row.created_at,
    }
}
