//! Projects.

use domain::{
    Action, Code, Error, OrganizationId, ProjectId, Resource, Result, Role,
    log::{Category, Level, NewLogEntry},
    policy::project_role,
    project::{Access, LOG_RETENTION_DAYS, Project, ProjectSettings},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    audit::Place,
    database::failed,
    entity::{organization, project},
};

mod count;
mod create;
mod favorite;
pub(crate) mod join;
mod list;
pub(crate) mod member;
mod transfer;

use count::Numbers;
pub(crate) use list::{visible, visible_as};

pub struct Projects<'a>(pub(crate) &'a Services);

impl Projects<'_> {
    pub async fn get(&self, caller: &Caller, project: &str) -> Result<Project> {
        let project = self.authorize(caller, project, Action::ViewProject).await?;
        self.marked(caller, project).await
    }

    pub async fn update(&self, caller: &Caller, project: &str, settings: ProjectSettings) -> Result<Project> {
        let before = self.authorize(caller, project, Action::ManageProject).await?;
        let transaction = self.0.inner.database.begin().await?;
        let after = self.update_in(&transaction, caller, &before, settings).await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a project"))?;
        self.0.changes().settle(revision).await;
        self.0.activity().announce(after.id);
        self.marked(caller, after).await
    }

    /// The same for a caller who may manage the project, as a part of something larger.
    pub(crate) async fn update_in(
        &self,
        transaction: &DatabaseTransaction,
        caller: &Caller,
        before: &Project,
        settings: ProjectSettings,
    ) -> Result<Project> {
        let settings = settings.check()?;
        check_slug(transaction, before.organization_id.0, &settings.slug, Some(before.id.0)).await?;
        let row = project::ActiveModel {
            id: Set(before.id.0),
            slug: Set(settings.slug),
            name: Set(settings.name),
            description: Set(settings.description),
            log_payloads: Set(settings.log_payloads),
            log_retention_days: Set(i32::try_from(settings.log_retention_days).unwrap_or(i32::MAX)),
            updated_at: Set(self.0.clock().now()),
            access: Set(settings.access.name().to_owned()),
            ..Default::default()
        };
        let row = row.update(transaction).await.map_err(failed("changing a project"))?;
        let owner =
            find_organization(transaction, row.organization_id).await?.ok_or_else(Error::not_found)?;
        let after = self.view(transaction, caller, row, owner).await?;
        let change = json!({
            "slug": [before.slug, after.slug],
            "name": [before.name, after.name],
            "log_payloads": [before.log_payloads, after.log_payloads],
            "log_retention_days": [before.log_retention_days, after.log_retention_days],
        });
        let place = Place::project(&after);
        self.0.audit().record(transaction, caller, place, "project.update", after.path(), change).await?;
        if before.access != after.access {
            self.tell_access(transaction, caller, before, &after).await?;
        }
        Ok(after)
    }

    /// Who may come in is told where everybody of the project looks, and to the auditor by itself.
    async fn tell_access(
        &self,
        transaction: &impl ConnectionTrait,
        caller: &Caller,
        before: &Project,
        after: &Project,
    ) -> Result<()> {
        let change = json!({ "access": [before.access, after.access] });
        let place = Place::project(after);
        self.0.audit().record(transaction, caller, place, "project.access", after.path(), change).await?;
        let (level, message) = match (after.access, after.open) {
            (Access::Key, _) => (Level::Info, "The project asks for a key again"),
            (Access::Open, true) => {
                (Level::Warning, "The project was opened: its servers can be used without a key")
            }
            (Access::Open, false) => {
                (Level::Warning, "The project was opened, but this installation goes on asking for a key")
            }
        };
        let message = format!("{message} ({})", caller.name());
        let entry = NewLogEntry::new(after.id, self.0.clock().now(), level, Category::Configuration, message);
        self.0.logs().write(transaction, vec![entry]).await
    }

    /// Deletes a project with its servers, keys and logs; `confirm` is its `org.project`.
    pub async fn delete(&self, caller: &Caller, project: &str, confirm: &str) -> Result<()> {
        let view = self.authorize(caller, project, Action::ManageProject).await?;
        if confirm != view.path() {
            return Err(Error::field("confirm", Code::ConfirmationWrong));
        }
        let transaction = self.0.inner.database.begin().await?;
        project::Entity::delete_by_id(view.id.0)
            .exec(&transaction)
            .await
            .map_err(failed("deleting a project"))?;
        let place = Place::project(&view);
        self.0.audit().record(&transaction, caller, place, "project.delete", view.path(), json!({})).await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a deleted project"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }

    /// The project, for a caller who may call its tools: whoever may make a key may call without one.
    pub async fn for_calls(&self, caller: &Caller, project: &str) -> Result<Project> {
        self.authorize(caller, project, Action::ManageKeys).await
    }

    /// The project, for a caller who may change its settings.
    pub async fn for_settings(&self, caller: &Caller, project: &str) -> Result<Project> {
        self.authorize(caller, project, Action::ManageProject).await
    }

    /// The project that `text` (id or `org.project`) names, if the caller may do `action` there. What
    /// is the caller's own, whether it is a favorite and when it was last used, is not read for it.
    pub(crate) async fn authorize(&self, caller: &Caller, text: &str, action: Action) -> Result<Project> {
        let reader = &self.0.inner.database.reader;
        let found = find(reader, text).await?;
        let (row, owner) = found.ok_or_else(Error::not_found)?;
        let resource =
            Resource::Project { id: ProjectId(row.id), organization: OrganizationId(row.organization_id) };
        caller.require(action, &resource)?;
        self.view(reader, caller, row, owner).await
    }

    async fn view(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        row: project::Model,
        owner: organization::Model,
    ) -> Result<Project> {
        let numbers = count::numbers(connection, &[row.id]).await?.remove(&row.id).unwrap_or_default();
        Ok(self.assemble(caller, row, &owner, numbers))
    }

    fn assemble(
        &self,
        caller: &Caller,
        row: project::Model,
        owner: &organization::Model,
        numbers: Numbers,
    ) -> Project {
        let (id, organization_id) = (ProjectId(row.id), OrganizationId(row.organization_id));
        let access = row.access.parse().unwrap_or_default();
        Project {
            id,
            organization_id,
            organization_slug: owner.slug.clone(),
            organization_name: owner.name.clone(),
            slug: row.slug,
            name: row.name,
            description: row.description,
            log_payloads: row.log_payloads,
            log_retention_days: u32::try_from(row.log_retention_days).unwrap_or(LOG_RETENTION_DAYS),
            access,
            open: access == Access::Open && self.0.inner.settings.open_access,
            role: project_role(&caller.subject, id, organization_id).unwrap_or(Role::Reporter),
            server_count: numbers.health.servers(),
            health: numbers.health,
            member_count: numbers.members,
            favorite: false,
            last_used: None,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

async fn find(
    connection: &impl ConnectionTrait,
    text: &str,
) -> Result<Option<(project::Model, organization::Model)>> {
    if let Ok(id) = text.parse::<ProjectId>() {
        let row =
            project::Entity::find_by_id(id.0).one(connection).await.map_err(failed("reading a project"))?;
        let Some(row) = row else { return Ok(None) };
        let owner = find_organization(connection, row.organization_id).await?;
        return Ok(owner.map(|owner| (row, owner)));
    }
    let Some((organization, slug)) = text.split_once('.') else { return Ok(None) };
    let owner = organization::Entity::find()
        .filter(organization::COLUMN.slug.eq(organization))
        .one(connection)
        .await
        .map_err(failed("reading an organization"))?;
    let Some(owner) = owner else { return Ok(None) };
    let row = project::Entity::find()
        .filter(project::COLUMN.organization_id.eq(owner.id))
        .filter(project::COLUMN.slug.eq(slug))
        .one(connection)
        .await
        .map_err(failed("reading a project"))?;
    Ok(row.map(|row| (row, owner)))
}

async fn find_organization(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<organization::Model>> {
    organization::Entity::find_by_id(id).one(connection).await.map_err(failed("reading an organization"))
}

async fn check_slug(
    connection: &impl ConnectionTrait,
    organization: Uuid,
    slug: &str,
    own: Option<Uuid>,
) -> Result<()> {
    let taken = project::Entity::find()
        .filter(project::COLUMN.organization_id.eq(organization))
        .filter(project::COLUMN.slug.eq(slug))
        .one(connection)
        .await
        .map_err(failed("looking for a slug"))?;
    match taken {
        Some(row) if Some(row.id) != own => Err(Error::field("slug", Code::SlugTaken)),
        _ => Ok(()),
    }
}
