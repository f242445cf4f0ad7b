//! Organizations and their members.

use domain::{
    Action, Code, Error, OrganizationId, OrganizationRole, Resource, Result, UserId,
    organization::{NewOrganizationMember, Organization, OrganizationInput, OrganizationMember},
    policy::organization_role,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    account::by_email,
    audit::Place,
    database::failed,
    entity::{organization, organization_member, project, user},
    new_id,
};

pub struct Organizations<'a>(pub(crate) &'a Services);

impl Organizations<'_> {
    /// Those that the caller is a member of; a platform administrator sees all.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Organization>> {
        let mut query = organization::Entity::find().order_by_asc(organization::Column::Slug);
        if !caller.subject.platform_admin {
            let mine: Vec<Uuid> = caller.subject.organizations.iter().map(|(id, _)| id.0).collect();
            query = query.filter(organization::COLUMN.id.is_in(mine));
        }
        let reader = &self.0.inner.database.reader;
        let rows = query.all(reader).await.map_err(failed("reading organizations"))?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            views.push(self.view(reader, caller, row).await?);
        }
        Ok(views)
    }

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
            insert_member(&transaction, id, user, OrganizationRole::Owner, now).await?;
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

    pub async fn delete(&self, caller: &Caller, organization: &str) -> Result<()> {
        let row = self.authorize(caller, organization, Action::ManageOrganization).await?;
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

    pub async fn members(&self, caller: &Caller, organization: &str) -> Result<Vec<OrganizationMember>> {
        let row = self.authorize(caller, organization, Action::ViewOrganization).await?;
        let reader = &self.0.inner.database.reader;
        let members = organization_member::Entity::find()
            .filter(organization_member::COLUMN.organization_id.eq(row.id))
            .order_by_asc(organization_member::Column::CreatedAt)
            .all(reader)
            .await
            .map_err(failed("reading members"))?;
        let people = users(reader, members.iter().map(|m| m.user_id)).await?;
        Ok(members
            .into_iter()
            .filter_map(|member| {
                let person = people.iter().find(|person| person.id == member.user_id)?;
                Some(member_view(&member, person))
            })
            .collect())
    }

    pub async fn add_member(
        &self,
        caller: &Caller,
        organization: &str,
        input: NewOrganizationMember,
    ) -> Result<OrganizationMember> {
        let row = self.authorize(caller, organization, Action::ManageOrganization).await?;
        let transaction = self.0.inner.database.begin().await?;
        let person = by_email(&transaction, &input.email).await?;
        let person = person.ok_or_else(|| Error::field("email", Code::UserUnknown))?;
        if find_member(&transaction, row.id, person.id).await?.is_some() {
            return Err(Error::field("email", Code::MemberExists));
        }
        let id = OrganizationId(row.id);
        let member =
            insert_member(&transaction, id, UserId(person.id), input.role, self.0.clock().now()).await?;
        let change = json!({ "role": input.role });
        let place = Place::organization(id);
        self.0
            .audit()
            .record(&transaction, caller, place, "organization_member.add", &person.email, change)
            .await?;
        transaction.commit().await.map_err(failed("committing a member"))?;
        Ok(member_view(&member, &person))
    }

    pub async fn set_role(
        &self,
        caller: &Caller,
        organization: &str,
        user: UserId,
        role: OrganizationRole,
    ) -> Result<()> {
        let row = self.authorize(caller, organization, Action::ManageOrganization).await?;
        let transaction = self.0.inner.database.begin().await?;
        let member = find_member(&transaction, row.id, user.0).await?.ok_or_else(Error::not_found)?;
        let change = json!({ "role": [member.role, role] });
        let mut member: organization_member::ActiveModel = member.into();
        member.role = Set(role.name().to_owned());
        member.update(&transaction).await.map_err(failed("changing a role"))?;
        guard_last_owner(&transaction, row.id).await?;
        let place = Place::organization(OrganizationId(row.id));
        self.0
            .audit()
            .record(&transaction, caller, place, "organization_member.set_role", user.to_string(), change)
            .await?;
        transaction.commit().await.map_err(failed("committing a role"))
    }

    /// Removes a member; members may always leave.
    pub async fn remove_member(&self, caller: &Caller, organization: &str, user: UserId) -> Result<()> {
        let leaves = caller.user() == Some(user);
        let action = if leaves { Action::ViewOrganization } else { Action::ManageOrganization };
        let row = self.authorize(caller, organization, action).await?;
        let transaction = self.0.inner.database.begin().await?;
        find_member(&transaction, row.id, user.0).await?.ok_or_else(Error::not_found)?;
        organization_member::Entity::delete_by_id((row.id, user.0))
            .exec(&transaction)
            .await
            .map_err(failed("removing a member"))?;
        guard_last_owner(&transaction, row.id).await?;
        let place = Place::organization(OrganizationId(row.id));
        self.0
            .audit()
            .record(&transaction, caller, place, "organization_member.remove", user.to_string(), json!({}))
            .await?;
        transaction.commit().await.map_err(failed("committing a removed member"))
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
        let id = OrganizationId(row.id);
        let projects = count_projects(connection, row.id).await?;
        Ok(Organization {
            id,
            role: organization_role(&caller.subject, id).unwrap_or(OrganizationRole::Member),
            slug: row.slug,
            name: row.name,
            personal: row.personal,
            project_count: u32::try_from(projects).unwrap_or(u32::MAX),
            created_at: row.created_at,
        })
    }
}

async fn count_projects(connection: &impl ConnectionTrait, organization: Uuid) -> Result<u64> {
    project::Entity::find()
        .filter(project::COLUMN.organization_id.eq(organization))
        .count(connection)
        .await
        .map_err(failed("counting projects"))
}

async fn find_member(
    connection: &impl ConnectionTrait,
    organization: Uuid,
    user: Uuid,
) -> Result<Option<organization_member::Model>> {
    organization_member::Entity::find_by_id((organization, user))
        .one(connection)
        .await
        .map_err(failed("reading a member"))
}

async fn insert_member(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
    role: OrganizationRole,
    now: domain::Timestamp,
) -> Result<organization_member::Model> {
    let row = organization_member::ActiveModel {
        organization_id: Set(organization.0),
        user_id: Set(user.0),
        role: Set(role.name().to_owned()),
        created_at: Set(now),
    };
    row.insert(connection).await.map_err(failed("writing a member"))
}

/// Refuses what the transaction has done so far if it leaves nobody in charge. PostgreSQL lets two
/// such transactions run side by side, so the organization's row is locked before counting.
async fn guard_last_owner(connection: &impl ConnectionTrait, organization: Uuid) -> Result<()> {
    organization::Entity::find_by_id(organization)
        .lock_exclusive()
        .one(connection)
        .await
        .map_err(failed("locking an organization"))?;
    let owners = organization_member::Entity::find()
        .filter(organization_member::COLUMN.organization_id.eq(organization))
        .filter(organization_member::COLUMN.role.eq(OrganizationRole::Owner.name()))
        .count(connection)
        .await
        .map_err(failed("counting owners"))?;
    if owners == 0 { Err(Error::new(Code::LastOwner)) } else { Ok(()) }
}

/// The rows of several people at once.
pub(crate) async fn users(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<user::Model>> {
    user::Entity::find()
        .filter(user::COLUMN.id.is_in(ids))
        .all(connection)
        .await
        .map_err(failed("reading users"))
}

fn member_view(member: &organization_member::Model, person: &user::Model) -> OrganizationMember {
    OrganizationMember {
        user_id: UserId(person.id),
        email: person.email.clone(),
        name: person.name.clone(),
        role: member.role.parse().unwrap_or(OrganizationRole::Member),
        created_at: member.created_at,
    }
}
