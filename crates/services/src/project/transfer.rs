//! A project given to another organization. Its id, its servers, keys and logs and the roles that people
//! hold themselves go along; what came from the old organization ends.

use std::collections::BTreeSet;

use domain::{
    Action, Code, Error, OrganizationRole, Result,
    project::{Project, Transfer, TransferInput},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::Projects;
use crate::{
    Caller,
    audit::Place,
    database::failed,
    entity::{api_key, invitation, organization, organization_member, project, project_member, team_project},
    key,
    organization::users,
    role,
    team::{self, Whose},
};

/// Who has something in a project without holding a role in it themselves.
struct Borrowed {
    /// Through teams of the organization, or by owning it.
    people: Vec<Uuid>,
    /// Names of the teams.
    teams: Vec<String>,
}

impl Projects<'_> {
    /// What a transfer would change, or why it cannot be.
    pub async fn transfer_plan(
        &self,
        caller: &Caller,
        project: &str,
        organization: &str,
    ) -> Result<Transfer> {
        let (project, target) = self.movable(caller, project, organization).await?;
        let reader = &self.0.inner.database.reader;
        check_free(reader, &project, &target).await?;
        let own = members(reader, project.id.0).await?;
        let borrowed = borrowed(reader, &project).await?;
        let new_owners = owners(reader, target.id).await?;
        let admins: Vec<Uuid> = users(reader, borrowed.people.iter().copied())
            .await?
            .into_iter()
            .filter(|person| person.platform_admin)
            .map(|person| person.id)
            .collect();
        let stays = |id: &Uuid| own.contains(id) || new_owners.contains(id) || admins.contains(id);
        let lose = borrowed.people.iter().filter(|id| !stays(id)).copied().collect();
        let gain = new_owners.iter().filter(|id| !own.contains(id)).copied().collect();
        let keys = api_key::Entity::find()
            .filter(api_key::COLUMN.project_id.eq(project.id.0))
            .filter(api_key::Column::Kind.ne(key::OWN))
            .count(reader)
            .await
            .map_err(failed("counting keys"))?;
        let invitations = invitation::Entity::find()
            .filter(invitation::COLUMN.project_id.eq(project.id.0))
            .filter(invitation::COLUMN.expires_at.gt(self.0.clock().now()))
            .count(reader)
            .await
            .map_err(failed("counting invitations"))?;
        Ok(Transfer {
            to: format!("{}.{}", target.slug, project.slug),
            from: project.path(),
            id: project.id,
            old_organization: project.organization_name,
            new_organization: target.name,
            members: u32::try_from(own.len()).unwrap_or(u32::MAX),
            teams: borrowed.teams,
            lose: names(reader, lose).await?,
            gain: names(reader, gain).await?,
            keys: u32::try_from(keys).unwrap_or(u32::MAX),
            invitations: u32::try_from(invitations).unwrap_or(u32::MAX),
        })
    }

    /// Gives the project to another organization; `confirm` is its present `org.project`.
    pub async fn transfer(&self, caller: &Caller, project: &str, input: TransferInput) -> Result<Project> {
        let (before, target) = self.movable(caller, project, &input.organization).await?;
        if input.confirm.trim() != before.path() {
            return Err(Error::field("confirm", Code::ConfirmationWrong));
        }
        let transaction = self.0.inner.database.begin().await?;
        check_free(&transaction, &before, &target).await?;
        let borrowed = borrowed(&transaction, &before).await?;
        team_project::Entity::delete_many()
            .filter(team_project::COLUMN.project_id.eq(before.id.0))
            .exec(&transaction)
            .await
            .map_err(failed("ending the roles of teams"))?;
        let row = project::ActiveModel {
            id: Set(before.id.0),
            organization_id: Set(target.id),
            updated_at: Set(self.0.clock().now()),
            ..Default::default()
        };
        let row = row.update(&transaction).await.map_err(failed("transferring a project"))?;
        role::end_lost(&transaction, &borrowed.people, &role::one_project(before.id.0)).await?;
        let after = self.view(&transaction, caller, row, target).await?;
        let change = json!({ "organization": [before.organization_slug, after.organization_slug] });
        // Each organization has its own line of it; the project's is the new one's.
        let old = Place::organization(before.organization_id);
        for (place, target) in [(old, before.path()), (Place::project(&after), after.path())] {
            let change = change.clone();
            self.0.audit().record(&transaction, caller, place, "project.transfer", target, change).await?;
        }
        self.0.finish(transaction, "committing a transferred project").await?;
        self.0.activity().announce(after.id);
        self.marked(caller, after).await
    }

    /// The project and where it is to go, if the caller may both let go of it and put it there.
    async fn movable(
        &self,
        caller: &Caller,
        project: &str,
        organization: &str,
    ) -> Result<(Project, organization::Model)> {
        let project = self.authorize(caller, project, Action::ManageProject).await?;
        let target = self.0.organizations().authorize(caller, organization, Action::CreateProject).await;
        // That the project is there is known by now; which organizations are is not.
        let target = target.map_err(|error| match error.code() {
            Code::NotFound => Error::field("organization", Code::NotFound),
            _ => error,
        })?;
        if target.id == project.organization_id.0 {
            return Err(Error::field("organization", Code::TransferSame));
        }
        Ok((project, target))
    }
}

async fn check_free(
    connection: &impl ConnectionTrait,
    project: &Project,
    target: &organization::Model,
) -> Result<()> {
    let taken = project::Entity::find()
        .filter(project::COLUMN.organization_id.eq(target.id))
        .filter(project::COLUMN.slug.eq(&project.slug))
        .count(connection)
        .await
        .map_err(failed("looking for a slug"))?;
    if taken > 0 { Err(Error::field("organization", Code::TransferSlugTaken)) } else { Ok(()) }
}

async fn members(connection: &impl ConnectionTrait, project: Uuid) -> Result<BTreeSet<Uuid>> {
    let ids: Vec<Uuid> = project_member::Entity::find()
        .select_only()
        .column(project_member::Column::UserId)
        .filter(project_member::COLUMN.project_id.eq(project))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading members"))?;
    Ok(ids.into_iter().collect())
}

async fn owners(connection: &impl ConnectionTrait, organization: Uuid) -> Result<BTreeSet<Uuid>> {
    let ids: Vec<Uuid> = organization_member::Entity::find()
        .select_only()
        .column(organization_member::Column::UserId)
        .filter(organization_member::COLUMN.organization_id.eq(organization))
        .filter(organization_member::COLUMN.role.eq(OrganizationRole::Owner.name()))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading owners"))?;
    Ok(ids.into_iter().collect())
}

async fn borrowed(connection: &impl ConnectionTrait, project: &Project) -> Result<Borrowed> {
    let held = team::held(connection, Whose::InProject(project.id.0)).await?;
    let mut people = owners(connection, project.organization_id.0).await?;
    people.extend(held.iter().map(|held| held.user_id));
    Ok(Borrowed {
        people: people.into_iter().collect(),
        teams: team::in_project(connection, project.id.0).await?,
    })
}

/// Names of people, in order.
async fn names(connection: &impl ConnectionTrait, people: Vec<Uuid>) -> Result<Vec<String>> {
    let mut names: Vec<String> =
        users(connection, people.into_iter()).await?.into_iter().map(|person| person.name).collect();
    names.sort();
    Ok(names)
}
