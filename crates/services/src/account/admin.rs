//! Everybody's accounts, for platform administrators.

use std::collections::HashMap;

use domain::{
    Action, Code, Error, Resource, Result, SecretInput, UserId,
    account::{SignUp, User},
    platform::{NewUser, SignInLink, UserEntry, UserFilter, UserState, UsersPage},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};
use serde_json::json;
use uuid::Uuid;

use super::{Accounts, view};
use crate::{
    Caller,
    audit::Place,
    database::{containing, failed},
    entity::{organization, organization_member, user},
    project::{join, member::last_seen},
    role,
};

const PAGE: usize = 50;

impl Accounts<'_> {
    /// Everybody, by e-mail address.
    pub async fn list(&self, caller: &Caller, filter: UserFilter) -> Result<UsersPage> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let mut query = user::Entity::find().order_by_asc(user::Column::Email);
        if let Some(text) = filter.q.filter(|text| !text.trim().is_empty()) {
            let holds = |column| Expr::expr(Func::lower(Expr::col(column))).like(containing(text.trim()));
            query =
                query.filter(Condition::any().add(holds(user::Column::Name)).add(holds(user::Column::Email)));
        }
        query = match filter.state {
            Some(UserState::Admin) => query.filter(user::COLUMN.platform_admin.eq(true)),
            Some(UserState::Active) => query.filter(user::COLUMN.disabled.eq(false)),
            Some(UserState::Disabled) => query.filter(user::COLUMN.disabled.eq(true)),
            None => query,
        };
        if let Some(after) = filter.after.filter(|after| !after.is_empty()) {
            query = query.filter(user::COLUMN.email.gt(after));
        }
        let mut rows = query.limit(PAGE as u64 + 1).all(reader).await.map_err(failed("reading accounts"))?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.email.clone());
        let mut organizations = organizations_of(reader, rows.iter().map(|row| row.id)).await?;
        let seen = last_seen(reader, rows.iter().map(|row| row.id)).await?;
        let entry = |row: user::Model| UserEntry {
            organizations: organizations.remove(&row.id).unwrap_or_default(),
            last_seen_at: seen.get(&row.id).copied(),
            user: view(row),
        };
        Ok(UsersPage { items: rows.into_iter().map(entry).collect(), next })
    }

    /// Makes an account that nobody knows the password of, with the link by which its owner comes in.
    pub async fn create_with_link(&self, caller: &Caller, input: NewUser) -> Result<(User, SignInLink)> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let random = self.0.entropy().bytes::<24>();
        let password: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let sign_up = SignUp { email: input.email, name: input.name, password: SecretInput::new(password) };
        let user = self.add(caller, sign_up, false, false).await?;
        let token = self.issue_sign_in_link(caller, &user.email).await?;
        let link = SignInLink { email: user.email.clone(), token };
        Ok((user, link))
    }

    /// A link for somebody who cannot come in otherwise.
    pub async fn link_for(&self, caller: &Caller, id: UserId) -> Result<SignInLink> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let row = user::Entity::find_by_id(id.0).one(reader).await.map_err(failed("reading a user"))?;
        let row = row.ok_or_else(Error::not_found)?;
        let token = self.issue_sign_in_link(caller, &row.email).await?;
        Ok(SignInLink { email: row.email, token })
    }

    /// Makes somebody a platform administrator, or takes that away.
    pub async fn set_admin(&self, caller: &Caller, id: UserId, admin: bool) -> Result<()> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let transaction = self.0.inner.database.begin().await?;
        let row = user::Entity::find_by_id(id.0).one(&transaction).await.map_err(failed("reading a user"))?;
        let row = row.ok_or_else(Error::not_found)?;
        let (email, change) = (row.email.clone(), json!({ "admin": [row.platform_admin, admin] }));
        let mut row: user::ActiveModel = row.into();
        row.platform_admin = Set(admin);
        row.update(&transaction).await.map_err(failed("changing a user"))?;
        if !admin {
            guard_last_admin(&transaction).await?;
            role::end_lost(&transaction, &[id.0], &role::every_project()).await?;
        }
        self.0
            .audit()
            .record(&transaction, caller, Place::default(), "user.set_admin", email, change)
            .await?;
        self.0.finish(transaction, "committing an administrator").await
    }
}

/// Refuses what the transaction has done so far if nobody is left who could undo it. The rows of all
/// administrators are locked before counting: PostgreSQL lets two such transactions run side by side.
pub(super) async fn guard_last_admin(connection: &impl ConnectionTrait) -> Result<()> {
    user::Entity::find()
        .filter(user::COLUMN.platform_admin.eq(true))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .all(connection)
        .await
        .map_err(failed("locking administrators"))?;
    let left = user::Entity::find()
        .filter(user::COLUMN.platform_admin.eq(true))
        .filter(user::COLUMN.disabled.eq(false))
        .count(connection)
        .await
        .map_err(failed("counting administrators"))?;
    if left == 0 { Err(Error::new(Code::LastAdmin)) } else { Ok(()) }
}

async fn organizations_of(
    connection: &impl ConnectionTrait,
    people: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<String>>> {
    let rows: Vec<(Uuid, String)> = organization_member::Entity::find()
        .select_only()
        .column(organization_member::Column::UserId)
        .column(organization::Column::Slug)
        .join(JoinType::InnerJoin, join::organization_of_member())
        .filter(organization_member::Column::UserId.is_in(people))
        .order_by_asc(organization::Column::Slug)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("reading memberships"))?;
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (user, slug) in rows {
        found.entry(user).or_default().push(slug);
    }
    Ok(found)
}
