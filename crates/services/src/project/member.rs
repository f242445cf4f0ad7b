//! Members of a project, who may come from any organization.

use std::collections::HashMap;

use domain::{
    Action, Code, Error, Result, Role, Timestamp, UserId,
    project::{Member, NewMember},
    team::TeamName,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::Projects;
use crate::{
    Caller,
    account::by_email,
    audit::Place,
    database::failed,
    entity::{project, project_member, session, user},
    organization::users,
    role,
    team::{self, Held, Whose},
};

impl Projects<'_> {
    /// Those with a role of their own, then those who hold one through a team.
    pub async fn members(&self, caller: &Caller, project: &str) -> Result<Vec<Member>> {
        let project = self.authorize(caller, project, Action::ViewProject).await?;
        let reader = &self.0.inner.database.reader;
        let members = project_member::Entity::find()
            .filter(project_member::COLUMN.project_id.eq(project.id.0))
            .order_by_asc(project_member::Column::CreatedAt)
            .all(reader)
            .await
            .map_err(failed("reading members"))?;
        let held = team::held(reader, Whose::InProject(project.id.0)).await?;
        let own = members.iter().flat_map(|m| [Some(m.user_id), m.added_by]).flatten();
        let ids: Vec<Uuid> = own.chain(held.iter().map(|held| held.user_id)).collect();
        let people = users(reader, ids.iter().copied()).await?;
        let seen = last_seen(reader, ids.into_iter()).await?;
        let own = members.iter().filter_map(|member| view(member, &people));
        let through = held.into_iter().filter_map(|held| through(held, &people));
        let all = own.chain(through);
        Ok(all.map(|m| Member { last_seen_at: seen.get(&m.user_id.0).copied(), ..m }).collect())
    }

    pub async fn add_member(&self, caller: &Caller, project: &str, input: NewMember) -> Result<Member> {
        let project = self.authorize(caller, project, Action::ManageMembers).await?;
        let transaction = self.0.inner.database.begin().await?;
        let person = by_email(&transaction, &input.email).await?;
        let person = person.ok_or_else(|| Error::field("email", Code::UserUnknown))?;
        if find(&transaction, project.id.0, person.id).await?.is_some() {
            return Err(Error::field("email", Code::MemberExists));
        }
        let (by, now) = (caller.user().map(|user| user.0), self.0.clock().now());
        let member = insert(&transaction, project.id.0, person.id, input.role, by, now).await?;
        let change = json!({ "role": input.role });
        let place = Place::project(&project);
        self.0.audit().record(&transaction, caller, place, "member.add", &person.email, change).await?;
        let people = users(&transaction, [Some(person.id), by].into_iter().flatten()).await?;
        transaction.commit().await.map_err(failed("committing a member"))?;
        view(&member, &people).ok_or_else(|| Error::internal("a member who was just written is gone"))
    }

    pub async fn set_role(&self, caller: &Caller, project: &str, user: UserId, role: Role) -> Result<()> {
        let project = self.authorize(caller, project, Action::ManageMembers).await?;
        let transaction = self.0.inner.database.begin().await?;
        let member = find(&transaction, project.id.0, user.0).await?.ok_or_else(Error::not_found)?;
        let change = json!({ "role": [member.role, role] });
        let mut member: project_member::ActiveModel = member.into();
        member.role = Set(role.name().to_owned());
        member.update(&transaction).await.map_err(failed("changing a role"))?;
        guard_last_owner(&transaction, project.id.0).await?;
        role::end_lost(&transaction, &[user.0], &role::one_project(project.id.0)).await?;
        let target = email(&transaction, user).await?;
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "member.set_role", target, change)
            .await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a role"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }

    /// Removes a member; members may always leave.
    pub async fn remove_member(&self, caller: &Caller, project: &str, user: UserId) -> Result<()> {
        let leaves = caller.user() == Some(user);
        let action = if leaves { Action::ViewProject } else { Action::ManageMembers };
        let project = self.authorize(caller, project, action).await?;
        let transaction = self.0.inner.database.begin().await?;
        find(&transaction, project.id.0, user.0).await?.ok_or_else(Error::not_found)?;
        project_member::Entity::delete_by_id((project.id.0, user.0))
            .exec(&transaction)
            .await
            .map_err(failed("removing a member"))?;
        guard_last_owner(&transaction, project.id.0).await?;
        role::end_lost(&transaction, &[user.0], &role::one_project(project.id.0)).await?;
        let target = email(&transaction, user).await?;
        self.0
            .audit()
            .record(&transaction, caller, Place::project(&project), "member.remove", target, json!({}))
            .await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a removed member"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }
}

pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    project: Uuid,
    user: Uuid,
    role: Role,
    added_by: Option<Uuid>,
    now: Timestamp,
) -> Result<project_member::Model> {
    let row = project_member::ActiveModel {
        project_id: Set(project),
        user_id: Set(user),
        role: Set(role.name().to_owned()),
        added_by: Set(added_by),
        created_at: Set(now),
    };
    row.insert(connection).await.map_err(failed("writing a member"))
}

pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    project: Uuid,
    user: Uuid,
) -> Result<Option<project_member::Model>> {
    project_member::Entity::find_by_id((project, user))
        .one(connection)
        .await
        .map_err(failed("reading a member"))
}

pub(crate) async fn email(connection: &impl ConnectionTrait, id: UserId) -> Result<String> {
    let row = user::Entity::find_by_id(id.0).one(connection).await.map_err(failed("reading a user"))?;
    Ok(row.map_or_else(|| id.to_string(), |row| row.email))
}

/// Refuses what the transaction has done so far if it leaves nobody in charge. PostgreSQL lets two
/// such transactions run side by side, so the project's row is locked before counting.
async fn guard_last_owner(connection: &impl ConnectionTrait, project: Uuid) -> Result<()> {
    project::Entity::find_by_id(project)
        .lock_exclusive()
        .one(connection)
        .await
        .map_err(failed("locking a project"))?;
    let owners = project_member::Entity::find()
        .filter(project_member::COLUMN.project_id.eq(project))
        .filter(project_member::COLUMN.role.eq(Role::Owner.name()))
        .count(connection)
        .await
        .map_err(failed("counting owners"))?;
    if owners == 0 { Err(Error::new(Code::LastOwner)) } else { Ok(()) }
}

/// When each of some people last used the console.
pub(crate) async fn last_seen(
    connection: &impl ConnectionTrait,
    people: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Timestamp>> {
    let people: Vec<Uuid> = people.collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Timestamp)> = session::Entity::find()
        .select_only()
        .column(session::Column::UserId)
        .column_as(session::COLUMN.last_seen_at.max(), "last_seen_at")
        .filter(session::COLUMN.user_id.is_in(people))
        .group_by(session::Column::UserId)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading when members were seen"))?;
    Ok(rows.into_iter().collect())
}

fn view(member: &project_member::Model, people: &[user::Model]) -> Option<Member> {
    let person = people.iter().find(|person| person.id == member.user_id)?;
    let added_by = people.iter().find(|person| Some(person.id) == member.added_by);
    Some(Member {
        user_id: UserId(person.id),
        email: person.email.clone(),
        name: person.name.clone(),
        role: member.role.parse().unwrap_or(Role::Reporter),
        added_by: added_by.map(|person| person.name.clone()),
        created_at: member.created_at,
        last_seen_at: None,
        team: None,
    })
}

fn through(held: Held, people: &[user::Model]) -> Option<Member> {
    let person = people.iter().find(|person| person.id == held.user_id)?;
    Some(Member {
        user_id: UserId(person.id),
        email: person.email.clone(),
        name: person.name.clone(),
        role: held.role.parse().ok()?,
        added_by: None,
        created_at: held.created_at,
        last_seen_at: None,
        team: Some(TeamName { slug: held.slug, name: held.name }),
    })
}
