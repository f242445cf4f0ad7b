//! Passwords that their owners change, and the first one of an account that was made with a link.

use chrono::TimeDelta;
use domain::{
    Action, Code, Error, Resource, Result, SecretInput,
    account::{FIRST_PASSWORD_MINUTES, PasswordChange, PasswordState},
};
use sea_orm::{EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::{Accounts, end_sessions};
use crate::{
    Caller, Proof,
    audit::Place,
    database::failed,
    entity::{session, user},
};

impl Accounts<'_> {
    pub async fn password_state(&self, caller: &Caller) -> Result<PasswordState> {
        caller.require(Action::ManageAccount, &Resource::Account(caller.subject.user))?;
        if self.row(caller).await?.password_set {
            return Ok(PasswordState::Set);
        }
        Ok(if self.signed_in_lately(caller).await? { PasswordState::Unset } else { PasswordState::Stale })
    }

    pub async fn change_password(&self, caller: &Caller, change: PasswordChange) -> Result<()> {
        caller.require(Action::ManageAccount, &Resource::Account(caller.subject.user))?;
        let row = self.row(caller).await?;
        self.0.inner.throttle.attempt(&row.email, caller.meta.ip.as_deref())?;
        if !self.0.inner.passwords.verify(change.current, Some(row.password_hash.clone())).await? {
            return Err(Error::field("current", Code::PasswordWrong));
        }
        self.write_password(caller, &row, &change.new, row.password_set, "user.change_password").await
    }

    /// Sets the password of somebody who never had one: the sign-in that they just made stands for it.
    pub async fn set_first_password(&self, caller: &Caller, new: SecretInput) -> Result<()> {
        caller.require(Action::ManageAccount, &Resource::Account(caller.subject.user))?;
        let row = self.row(caller).await?;
        if row.password_set {
            return Err(Error::new(Code::PasswordSet));
        }
        if !self.signed_in_lately(caller).await? {
            return Err(Error::new(Code::SignInStale));
        }
        self.write_password(caller, &row, &new, false, "user.set_password").await
    }

    /// `known` is whether there was one before; of two who set a first one at once only one does.
    async fn write_password(
        &self,
        caller: &Caller,
        row: &user::Model,
        new: &SecretInput,
        known: bool,
        action: &str,
    ) -> Result<()> {
        domain::account::password(new.expose_secret(), &row.email)
            .map_err(|code| Error::field("new", code))?;
        let hash = self.hash(new).await?;
        let transaction = self.0.inner.database.begin().await?;
        let written = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash))
            .col_expr(user::Column::PasswordSet, Expr::value(true))
            .filter(user::COLUMN.id.eq(row.id))
            .filter(user::COLUMN.password_set.eq(known))
            .exec(&transaction)
            .await
            .map_err(failed("writing a password"))?;
        if written.rows_affected == 0 {
            return Err(Error::new(Code::PasswordSet));
        }
        let kept = match caller.proof {
            Proof::Session(id) => Some(id),
            Proof::Token(_) | Proof::System => None,
        };
        end_sessions(&transaction, caller.subject.user, kept).await?;
        self.0
            .audit()
            .record(&transaction, caller, Place::default(), action, &caller.email, json!({}))
            .await?;
        transaction.commit().await.map_err(failed("committing a password"))
    }

    /// Whether this is a browser in which its owner signed in a moment ago. A token is no browser.
    async fn signed_in_lately(&self, caller: &Caller) -> Result<bool> {
        let Proof::Session(id) = caller.proof else { return Ok(false) };
        let row = session::Entity::find()
            .filter(session::COLUMN.id.eq(id.0))
            .filter(session::COLUMN.user_id.eq(caller.subject.user.0))
            .one(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading a session"))?;
        let since = self.0.clock().now() - TimeDelta::minutes(FIRST_PASSWORD_MINUTES);
        Ok(row.is_some_and(|row| row.created_at > since))
    }
}
