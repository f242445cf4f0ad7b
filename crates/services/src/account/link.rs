//! Links that work once: the set-up of an installation, and a sign-in without a password.

use chrono::TimeDelta;
use domain::{
    Action, Code, Error, Resource, Result, SecretInput, Timestamp,
    account::User,
    key::{self, SecretKind},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Accounts, by_email, view};
use crate::{
    Caller,
    audit::Place,
    database::failed,
    entity::{link, user},
    key::sha256,
};

/// How long a link works.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SetUp,
    SignIn,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Purpose::SetUp => "set_up",
            Purpose::SignIn => "sign_in",
        }
    }
}

impl Accounts<'_> {
    /// A token that signs somebody in once, within a day.
    pub async fn issue_sign_in_link(&self, caller: &Caller, email: &str) -> Result<SecretInput> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let row = by_email(&self.0.inner.database.reader, email).await?;
        let row = row.ok_or_else(|| Error::new(Code::UserUnknown))?;
        self.issue_link(Purpose::SignIn, Some(row.id), Some((caller, &row.email))).await
    }

    /// Whom a sign-in link is for, without using it up.
    pub async fn peek_sign_in_link(&self, token: &str) -> Result<User> {
        let reader = &self.0.inner.database.reader;
        let row = self.find_link(reader, Purpose::SignIn, token).await?;
        self.link_user(reader, row.user_id).await
    }

    /// Uses a sign-in link up.
    pub async fn sign_in_with_link(&self, token: &str) -> Result<User> {
        let transaction = self.0.inner.database.begin().await?;
        let user = self.redeem(&transaction, Purpose::SignIn, token).await?;
        let user = self.link_user(&transaction, user).await?;
        transaction.commit().await.map_err(failed("committing a used link"))?;
        Ok(user)
    }

    /// Whether a set-up link works, without using it up.
    pub async fn peek_set_up_link(&self, token: &str) -> Result<()> {
        self.find_link(&self.0.inner.database.reader, Purpose::SetUp, token).await.map(drop)
    }

    /// `told` is who makes it for whom, where that is for the trail to keep.
    pub(super) async fn issue_link(
        &self,
        purpose: Purpose,
        user: Option<Uuid>,
        told: Option<(&Caller, &str)>,
    ) -> Result<SecretInput> {
        let secret = super::token::fresh_secret(self.0, SecretKind::PersonalToken)?;
        let transaction = self.0.inner.database.begin().await?;
        let mut earlier = link::Entity::delete_many().filter(link::COLUMN.purpose.eq(purpose.name()));
        if let Some(user) = user {
            earlier = earlier.filter(link::COLUMN.user_id.eq(user));
        }
        earlier.exec(&transaction).await.map_err(failed("deleting earlier links"))?;
        let row = link::ActiveModel {
            token_hash: Set(sha256(secret.expose_secret()).to_vec()),
            purpose: Set(purpose.name().to_owned()),
            user_id: Set(user),
            expires_at: Set(self.0.clock().now() + LIFETIME),
        };
        row.insert(&transaction).await.map_err(failed("writing a link"))?;
        if let Some((caller, email)) = told {
            let (place, action) = (Place::default(), "user.sign_in_link");
            self.0.audit().record(&transaction, caller, place, action, email, json!({})).await?;
        }
        transaction.commit().await.map_err(failed("committing a link"))?;
        Ok(secret)
    }

    /// Takes a link out of the table; of two who try at once only one deletes the row.
    pub(super) async fn redeem(
        &self,
        connection: &impl ConnectionTrait,
        purpose: Purpose,
        token: &str,
    ) -> Result<Option<Uuid>> {
        let row = self.find_link(connection, purpose, token).await?;
        let deleted = link::Entity::delete_by_id(row.token_hash)
            .exec(connection)
            .await
            .map_err(failed("deleting a used link"))?;
        if deleted.rows_affected == 1 { Ok(row.user_id) } else { Err(Error::new(Code::LinkInvalid)) }
    }

    async fn find_link(
        &self,
        connection: &impl ConnectionTrait,
        purpose: Purpose,
        token: &str,
    ) -> Result<link::Model> {
        if !key::is_well_formed(SecretKind::PersonalToken, token) {
            return Err(Error::new(Code::LinkInvalid));
        }
        link::Entity::find_by_id(sha256(token).to_vec())
            .filter(link::COLUMN.purpose.eq(purpose.name()))
            .filter(link::COLUMN.expires_at.gt(self.0.clock().now()))
            .one(connection)
            .await
            .map_err(failed("reading a link"))?
            .ok_or_else(|| Error::new(Code::LinkInvalid))
    }

    async fn link_user(&self, connection: &impl ConnectionTrait, id: Option<Uuid>) -> Result<User> {
        let id = id.ok_or_else(|| Error::new(Code::LinkInvalid))?;
        let row = user::Entity::find_by_id(id).one(connection).await.map_err(failed("reading a user"))?;
        row.filter(|row| !row.disabled).map(view).ok_or_else(|| Error::new(Code::LinkInvalid))
    }

    pub(super) async fn prune_links(&self, now: Timestamp) -> Result<u64> {
        link::Entity::delete_many()
            .filter(link::COLUMN.expires_at.lt(now))
            .exec(&self.0.inner.database.writer)
            .await
            .map(|deleted| deleted.rows_affected)
            .map_err(failed("deleting old links"))
    }
}
