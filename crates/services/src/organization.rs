//! Organizations and their members.

use domain::{
    Action, Code, Error, OrganizationId, OrganizationRole, Resource, Result,
    organization::{Organization, OrganizationInput},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    audit::Place,
    database::failed,
    entity::{organization, project, user},
    new_id,
};

mod all;
mod list;
pub(crate) mod member;

pub struct Organizations<'a>(pub(crate) &'a Services);

impl Organizations<'_> {
    pub async fn get(&self, caller: &Caller, organization: &str) -> Result<Organization> {
        let row = self.authorize(caller, organization, Action::ViewOrganization).await?;
        self.view(&self.0.inner.database.reader, caller, row).await
    }

    pub async fn create(&self, caller: &Caller, input: OrganizationInput) -> Result<Organization> {
        caller.require(Action::CreateOrganization, &Resource::Platform)?;
        let input = input.check()?;
        let transaction = self.0.inner.database.begin().await?;
        self.check_slug(&transaction, &input.slug, None).await?;
        let now = self.0.clock().now();
        let id = new_id!(self.0, OrganizationId);
        let row = organization::ActiveModel {
            id: Set(id.0),
            slug: Set(input.slug),
            name: Set(input.name),
            personal: Set(false),
            created_at: Set(now),
        };
        let row = row.insert(&transaction).await.map_err(failed("writing an organization"))?;
        if let Some(user) = caller.user() {
            member::insert(&transaction, id, user, OrganizationRole::Owner, now).await?;
        }
        let place = Place::organization(id);
        self.0
            .audit()
            .record(&transaction, caller, place, "organization.create", &row.slug, json!({}))
            .await?;
        transaction.commit().await.map_err(failed("committing an organization"))?;
        Ok(Organization {
            role: OrganizationRole::Owner,
            ..self.view(&self.0.inner.database.writer, caller, row).await?
        })
    }

    pub async fn update(
        &self,
        caller: &Caller,
        organization: &str,
        input: OrganizationInput,
    ) -> Result<Organization> {
        let row = self.authorize(caller, organization, Action::ManageOrganization).await?;
        let input = input.check()?;
        let id = OrganizationId(row.id);
        let transaction = self.0.inner.database.begin().await?;
        self.check_slug(&transaction, &input.slug, Some(row.id)).await?;
        let change = json!({ "slug": [row.slug, input.slug], "name": [row.name, input.name] });
        let mut row: organization::ActiveModel = row.into();
        (row.slug, row.name) = (Set(input.slug), Set(input.name));
        let row = row.update(&transaction).await.map_err(failed("changing an organization"))?;
        let place = Place::organization(id);
        self.0.audit().record(&transaction, caller, place, "organization.update", &row.slug, change).await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing an organization"))?;
        self.0.changes().settle(revision).await;
        self.view(&self.0.inner.database.writer, caller, row).await
    }

    /// Deletes an organization that has no projects any more, with its memberships; `confirm` is its slug.
    pub async fn delete(&self, caller: &Caller, organization: &str, confirm: &str) -> Result<()> {
        let row = self.authorize(caller, organization, Action::ManageOrganization).await?;
        if confirm != row.slug {
            return Err(Error::field("confirm", Code::ConfirmationWrong));
        }
        let transaction = self.0.inner.database.begin().await?;
        if count_projects(&transaction, row.id).await? > 0 {
            return Err(Error::new(Code::OrganizationNotEmpty));
        }
        organization::Entity::delete_by_id(row.id)
            .exec(&transaction)
            .await
            .map_err(failed("deleting an organization"))?;
        let place = Place::organization(OrganizationId(row.id));
        self.0
            .audit()
            .record(&transaction, caller, place, "organization.delete", row.slug, json!({}))
            .await?;
        transaction.commit().await.map_err(failed("committing a deleted organization"))
    }

    /// The organization that `text` (id or slug) names, if the caller may do `action` there.
    pub(crate) async fn authorize(
        &self,
        caller: &Caller,
        text: &str,
        action: Action,
    ) -> Result<organization::Model> {
        let query = match text.parse::<OrganizationId>() {
            Ok(id) => organization::Entity::find_by_id(id.0),
            Err(_) => organization::Entity::find().filter(organization::COLUMN.slug.eq(text)),
        };
        let row =
            query.one(&self.0.inner.database.reader).await.map_err(failed("reading an organization"))?;
        let row = row.ok_or_else(Error::not_found)?;
        caller.require(action, &Resource::Organization(OrganizationId(row.id)))?;
        Ok(row)
    }

    async fn check_slug(
        &self,
        connection: &impl ConnectionTrait,
        slug: &str,
        own: Option<Uuid>,
    ) -> Result<()> {
        let taken = organization::Entity::find()
            .filter(organization::COLUMN.slug.eq(slug))
            .one(connection)
            .await
            .map_err(failed("looking for a slug"))?;
        match taken {
            Some(row) if Some(row.id) != own => Err(Error::field("slug", Code::SlugTaken)),
            _ => Ok(()),
        }
    }

    async fn view(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        row: organization::Model,
    ) -> Result<Organization> {
        let counts = list::counts(connection, [row.id]).await?;
        Ok(list::view(caller, row, &counts))
    }
}

async fn count_projects(connection: &impl ConnectionTrait, organization: Uuid) -> Result<u64> {
    project::Entity::find()
        .filter(project::COLUMN.organization_id.eq(organization))
        .count(connection)
        .await
        .map_err(failed("counting projects"))
}

/// The rows of several people at once.
pub(crate) async fn users(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<user::Model>> {
    let ids: Vec<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    user::Entity::find()
        .filter(user::COLUMN.id.is_in(ids))
        .all(connection)
        .await
        .map_err(failed("reading users"))
}
