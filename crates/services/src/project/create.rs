//! A new project: blank, or with what a template holds.

use domain::{
    Action, Result, Role,
    project::{Access, LOG_RETENTION_DAYS, NewProject, Project},
    template::FromTemplate,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;

use super::{Projects, check_slug, member};
use crate::{Caller, audit::Place, database::failed, entity::project, new_id};

impl Projects<'_> {
    /// Creates a blank project.
    pub async fn create(&self, caller: &Caller, input: NewProject) -> Result<Project> {
        self.create_from(caller, input, FromTemplate::default()).await
    }

    /// Creates a project with what `from` names: all of it or nothing.
    pub async fn create_from(
        &self,
        caller: &Caller,
        input: NewProject,
        from: FromTemplate,
    ) -> Result<Project> {
        let input = input.check()?;
        let organization =
            self.0.organizations().authorize(caller, &input.organization, Action::CreateProject).await?;
        let chosen = self.0.templates().choose(caller, &organization, from).await?;
        let transaction = self.0.inner.database.begin().await?;
        check_slug(&transaction, organization.id, &input.slug, None).await?;
        let now = self.0.clock().now();
        let id = new_id!(self.0, ProjectId);
        let row = project::ActiveModel {
            id: Set(id.0),
            organization_id: Set(organization.id),
            slug: Set(input.slug),
            name: Set(input.name),
            description: Set(input.description),
            log_payloads: Set(chosen.as_ref().is_some_and(|chosen| chosen.entry.log_payloads)),
            log_retention_days: Set(i32::try_from(LOG_RETENTION_DAYS).unwrap_or(i32::MAX)),
            created_at: Set(now),
            updated_at: Set(now),
            access: Set(Access::default().name().to_owned()),
        };
        let row = row.insert(&transaction).await.map_err(failed("writing a project"))?;
        if let Some(user) = caller.user() {
            member::insert(&transaction, id.0, user.0, Role::Owner, None, now).await?;
        }
        let view = self.assemble(caller, row.clone(), &organization, super::Numbers::default());
        let place = Place::project(&view);
        let change = chosen.as_ref().map_or(json!({}), |chosen| json!({ "template": chosen.name }));
        self.0.audit().record(&transaction, caller, place, "project.create", view.path(), change).await?;
        if let Some(chosen) = chosen {
            self.0.templates().fill(&transaction, caller, &view, chosen).await?;
        }
        let view = self.view(&transaction, caller, row, organization).await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a project"))?;
        self.0.changes().settle(revision).await;
        Ok(Project { role: Role::Owner, ..view })
    }
}
