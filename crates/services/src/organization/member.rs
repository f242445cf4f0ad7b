//! Members of an organization.

use std::collections::{HashMap, HashSet};

use domain::{
    Action, Code, Error, OrganizationId, OrganizationRole, Result, UserId,
    organization::{NewOrganizationMember, OrganizationMember},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::{Organizations, count_projects, users};
use crate::{
    Caller,
    account::by_email,
    audit::Place,
    database::failed,
    entity::{organization, organization_member, project, project_member, user},
    project::{
        join,
        member::{email, last_seen},
    },
    role,
    team::{self, Whose},
};

impl Organizations<'_> {
    pub async fn members(&self, caller: &Caller, organization: &str) -> Result<Vec<OrganizationMember>> {
        let row = self.authorize(caller, organization, Action::ViewOrganization).await?;
        let reader = &self.0.inner.database.reader;
        let members = organization_member::Entity::find()
            .filter(organization_member::COLUMN.organization_id.eq(row.id))
            .order_by_asc(organization_member::Column::CreatedAt)
            .order_by_asc(organization_member::Column::UserId)
            .all(reader)
            .await
            .map_err(failed("reading members"))?;
        let people = users(reader, members.iter().map(|m| m.user_id)).await?;
        let people: HashMap<Uuid, user::Model> = people.into_iter().map(|row| (row.id, row)).collect();
        let seen = last_seen(reader, members.iter().map(|member| member.user_id)).await?;
        let all = u32::try_from(count_projects(reader, row.id).await?).unwrap_or(u32::MAX);
        let projects = projects_of_people(reader, row.id).await?;
        let view = |member: organization_member::Model| {
            let view = view(&member, people.get(&member.user_id)?);
            Some(OrganizationMember {
                project_count: match view.role {
                    OrganizationRole::Owner => all,
                    OrganizationRole::Member => projects.get(&member.user_id).copied().unwrap_or_default(),
                },
                last_seen_at: seen.get(&member.user_id).copied(),
                ..view
            })
        };
        Ok(members.into_iter().filter_map(view).collect())
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
        if find(&transaction, row.id, person.id).await?.is_some() {
            return Err(Error::field("email", Code::MemberExists));
        }
        let id = OrganizationId(row.id);
        let member = insert(&transaction, id, UserId(person.id), input.role, self.0.clock().now()).await?;
        let change = json!({ "role": input.role });
        let place = Place::organization(id);
        self.0
            .audit()
            .record(&transaction, caller, place, "organization_member.add", &person.email, change)
            .await?;
        transaction.commit().await.map_err(failed("committing a member"))?;
        Ok(view(&member, &person))
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
        let member = find(&transaction, row.id, user.0).await?.ok_or_else(Error::not_found)?;
        let change = json!({ "role": [member.role, role] });
        let mut member: organization_member::ActiveModel = member.into();
        member.role = Set(role.name().to_owned());
        member.update(&transaction).await.map_err(failed("changing a role"))?;
        guard_last_owner(&transaction, row.id).await?;
        role::end_lost(&transaction, &[user.0], &role::projects_of(row.id)).await?;
        let place = Place::organization(OrganizationId(row.id));
        let target = email(&transaction, user).await?;
        self.0
            .audit()
            .record(&transaction, caller, place, "organization_member.set_role", target, change)
            .await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a role"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }

    /// Removes a member; members may always leave.
    pub async fn remove_member(&self, caller: &Caller, organization: &str, user: UserId) -> Result<()> {
        let leaves = caller.user() == Some(user);
        let action = if leaves { Action::ViewOrganization } else { Action::ManageOrganization };
        let row = self.authorize(caller, organization, action).await?;
        let transaction = self.0.inner.database.begin().await?;
        find(&transaction, row.id, user.0).await?.ok_or_else(Error::not_found)?;
        organization_member::Entity::delete_by_id((row.id, user.0))
            .exec(&transaction)
            .await
            .map_err(failed("removing a member"))?;
        team::member::leave_all(&transaction, row.id, user.0).await?;
        guard_last_owner(&transaction, row.id).await?;
        role::end_lost(&transaction, &[user.0], &role::projects_of(row.id)).await?;
        let place = Place::organization(OrganizationId(row.id));
        let target = email(&transaction, user).await?;
        self.0
            .audit()
            .record(&transaction, caller, place, "organization_member.remove", target, json!({}))
            .await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a removed member"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }
}

pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    organization: Uuid,
    user: Uuid,
) -> Result<Option<organization_member::Model>> {
    organization_member::Entity::find_by_id((organization, user))
        .one(connection)
        .await
        .map_err(failed("reading a member"))
}

pub(crate) async fn insert(
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

/// How many projects of an organization each person sees by their own role or a team's.
async fn projects_of_people(
    connection: &impl ConnectionTrait,
    organization: Uuid,
) -> Result<HashMap<Uuid, u32>> {
    let own: Vec<(Uuid, Uuid)> = project_member::Entity::find()
        .select_only()
        .column(project_member::Column::UserId)
        .column(project_member::Column::ProjectId)
        .join(JoinType::InnerJoin, join::of_member())
        .filter(project::Column::OrganizationId.eq(organization))
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading memberships"))?;
    let held = team::held(connection, Whose::InOrganization(organization)).await?;
    let pairs: HashSet<_> =
        own.into_iter().chain(held.into_iter().map(|held| (held.user_id, held.project_id))).collect();
    let mut counts = HashMap::new();
    for (user, _) in pairs {
        *counts.entry(user).or_default() += 1;
    }
    Ok(counts)
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

/// Without what takes other tables to tell.
fn view(member: &organization_member::Model, person: &user::Model) -> OrganizationMember {
    OrganizationMember {
        user_id: UserId(person.id),
        email: person.email.clone(),
        name: person.name.clone(),
        role: member.role.parse().unwrap_or(OrganizationRole::Member),
        project_count: 0,
        created_at: member.created_at,
        last_seen_at: None,
    }
}
