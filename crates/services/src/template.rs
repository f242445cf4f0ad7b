//! Templates of an organization: projects as documents without secrets, kept to begin new ones with.
//!
//! A template is the document that an export writes and an import reads, so there is one writer and one
//! reader for all of them. How a project may be reached is no part of it: a new project asks for a key.

use std::collections::HashMap;

use domain::{
    Action, Code, Error, OrganizationId, Result, TemplateId, Timestamp,
    document::{Document, ProjectEntry},
    organization::Organization,
    project::Access,
    template::{TEMPLATE_BYTES_MAX, TEMPLATES_MAX, Template, TemplateInput},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    audit::Place,
    database::failed,
    entity::{organization, project_template},
    new_id,
    organization::users,
};

mod admit;
mod begin;

/// A template without its document, which may be large.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    organization_id: Uuid,
    name: String,
    description: String,
    server_count: i32,
    created_by: Option<Uuid>,
    created_at: Timestamp,
}

pub struct Templates<'a>(pub(crate) &'a Services);

impl Templates<'_> {
    /// The templates of an organization, by name.
    pub async fn list(&self, caller: &Caller, organization: &str) -> Result<Vec<Template>> {
        let owner = self.0.organizations().authorize(caller, organization, Action::CreateProject).await?;
        let slugs = HashMap::from([(owner.id, owner.slug)]);
        self.of(slugs).await
    }

    /// The templates of all of these organizations, as far as the caller may create projects there.
    pub async fn of_all(&self, caller: &Caller, organizations: &[Organization]) -> Result<Vec<Template>> {
        let may = |owner: &&Organization| {
            caller.may(Action::CreateProject, &domain::Resource::Organization(owner.id))
        };
        self.of(organizations.iter().filter(may).map(|owner| (owner.id.0, owner.slug.clone())).collect())
            .await
    }

    async fn of(&self, slugs: HashMap<Uuid, String>) -> Result<Vec<Template>> {
        let reader = &self.0.inner.database.reader;
        use project_template::Column;
        let rows: Vec<Row> = project_template::Entity::find()
            .select_only()
            .columns([Column::Id, Column::OrganizationId, Column::Name, Column::Description])
            .columns([Column::ServerCount, Column::CreatedBy, Column::CreatedAt])
            .filter(project_template::COLUMN.organization_id.is_in(slugs.keys().copied()))
            .order_by_asc(Column::NameKey)
            .order_by_asc(Column::Id)
            .into_model()
            .all(reader)
            .await
            .map_err(failed("reading templates"))?;
        let people = users(reader, rows.iter().filter_map(|row| row.created_by)).await?;
        let names: HashMap<_, _> = people.into_iter().map(|person| (person.id, person.name)).collect();
        let view = |row: Row| {
            let slug = slugs.get(&row.organization_id).cloned().unwrap_or_default();
            let name = row.created_by.and_then(|id| names.get(&id).cloned());
            view(row, slug, name)
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Keeps what a project is, without its secrets, members, keys and logs.
    pub async fn save(
        &self,
        caller: &Caller,
        organization: &str,
        project: &str,
        input: TemplateInput,
    ) -> Result<Template> {
        let owner = self.0.organizations().authorize(caller, organization, Action::ManageTemplates).await?;
        let project = self.0.projects().authorize(caller, project, Action::ManageProject).await?;
        if project.organization_id.0 != owner.id {
            return Err(Error::not_found());
        }
        let input = input.check()?;
        let entry = ProjectEntry { access: Access::default(), ..self.0.entry_of(caller, &project).await? };
        let servers = entry.servers.len();
        let document = Document { projects: vec![entry], ..Document::default() };
        let text = yaml_serde::to_string(&document).map_err(|error| Error::internal(error.to_string()))?;
        if text.len() > TEMPLATE_BYTES_MAX {
            return Err(Error::new(Code::TemplateTooLarge));
        }
        let transaction = self.0.inner.database.begin().await?;
        check_name(&transaction, owner.id, &input.name, None).await?;
        let kept = project_template::Entity::find()
            .filter(project_template::COLUMN.organization_id.eq(owner.id))
            .count(&transaction)
            .await
            .map_err(failed("counting templates"))?;
        if kept >= TEMPLATES_MAX {
            return Err(Error::new(Code::TemplateLimit));
        }
        let row = project_template::ActiveModel {
            id: Set(new_id!(self.0, TemplateId).0),
            organization_id: Set(owner.id),
            name_key: Set(key(&input.name)),
            name: Set(input.name),
            description: Set(input.description),
            document: Set(text),
            server_count: Set(i32::try_from(servers).unwrap_or(i32::MAX)),
            created_by: Set(caller.user().map(|user| user.0)),
            created_at: Set(self.0.clock().now()),
        };
        let row = row.insert(&transaction).await.map_err(failed("writing a template"))?;
        let (place, change) = (Place::project(&project), json!({ "project": project.path() }));
        self.0.audit().record(&transaction, caller, place, "template.create", &row.name, change).await?;
        transaction.commit().await.map_err(failed("committing a template"))?;
        let row = Row {
            id: row.id,
            organization_id: row.organization_id,
            name: row.name,
            description: row.description,
            server_count: row.server_count,
            created_by: row.created_by,
            created_at: row.created_at,
        };
        Ok(view(row, owner.slug, caller.user().map(|_| caller.name().to_owned())))
    }

    /// Renames a template, or describes it anew.
    pub async fn update(
        &self,
        caller: &Caller,
        organization: &str,
        id: TemplateId,
        input: TemplateInput,
    ) -> Result<()> {
        let owner = self.0.organizations().authorize(caller, organization, Action::ManageTemplates).await?;
        let input = input.check()?;
        let transaction = self.0.inner.database.begin().await?;
        let row = find(&transaction, owner.id, id).await?;
        check_name(&transaction, owner.id, &input.name, Some(row.id)).await?;
        let change =
            json!({ "name": [row.name, input.name], "description": [row.description, input.description] });
        let mut row: project_template::ActiveModel = row.into();
        row.name_key = Set(key(&input.name));
        (row.name, row.description) = (Set(input.name), Set(input.description));
        let row = row.update(&transaction).await.map_err(failed("changing a template"))?;
        let place = Place::organization(OrganizationId(owner.id));
        self.0.audit().record(&transaction, caller, place, "template.update", row.name, change).await?;
        transaction.commit().await.map_err(failed("committing a template"))
    }

    /// Deletes a template. Projects that began with it stay as they are.
    pub async fn delete(&self, caller: &Caller, organization: &str, id: TemplateId) -> Result<()> {
        let owner = self.0.organizations().authorize(caller, organization, Action::ManageTemplates).await?;
        let transaction = self.0.inner.database.begin().await?;
        let row = find(&transaction, owner.id, id).await?;
        project_template::Entity::delete_by_id(row.id)
            .exec(&transaction)
            .await
            .map_err(failed("deleting a template"))?;
        let place = Place::organization(OrganizationId(owner.id));
        self.0.audit().record(&transaction, caller, place, "template.delete", row.name, json!({})).await?;
        transaction.commit().await.map_err(failed("committing a deleted template"))
    }

    /// The name and the document of a template of this organization.
    async fn saved(&self, owner: &organization::Model, id: TemplateId) -> Result<(String, String)> {
        let row = find(&self.0.inner.database.reader, owner.id, id).await?;
        Ok((row.name, row.document))
    }
}

async fn find(
    connection: &impl ConnectionTrait,
    organization: Uuid,
    id: TemplateId,
) -> Result<project_template::Model> {
    project_template::Entity::find_by_id(id.0)
        .filter(project_template::COLUMN.organization_id.eq(organization))
        .one(connection)
        .await
        .map_err(failed("reading a template"))?
        .ok_or_else(Error::not_found)
}

async fn check_name(
    connection: &impl ConnectionTrait,
    organization: Uuid,
    name: &str,
    own: Option<Uuid>,
) -> Result<()> {
    let taken = project_template::Entity::find()
        .filter(project_template::COLUMN.organization_id.eq(organization))
        .filter(project_template::COLUMN.name_key.eq(key(name)))
        .one(connection)
        .await
        .map_err(failed("looking for a name"))?;
    match taken {
        Some(row) if Some(row.id) != own => Err(Error::field("name", Code::TemplateNameTaken)),
        _ => Ok(()),
    }
}

/// Names are one name whatever their case.
fn key(name: &str) -> String {
    name.to_lowercase()
}

fn view(row: Row, organization_slug: String, created_by: Option<String>) -> Template {
    Template {
        id: TemplateId(row.id),
        organization_slug,
        name: row.name,
        description: row.description,
        server_count: u32::try_from(row.server_count).unwrap_or_default(),
        created_by,
        created_at: row.created_at,
    }
}
