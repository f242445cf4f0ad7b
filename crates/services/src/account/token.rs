//! Personal access tokens, and the caller's own sessions.

use chrono::TimeDelta;
use domain::{
    Action, Code, Error, Resource, Result, SecretInput, SessionId, TokenId, UserId,
    account::{BrowserSession, CreatedPersonalToken, NewPersonalToken, PersonalToken},
    error::Checks,
    key::{self, SHOWN_CHARS, SecretKind},
    name,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{Accounts, end_sessions};
use crate::{
    Caller, Proof, RequestMeta, Services,
    audit::Place,
    database::failed,
    entity::{personal_token, session},
    key::sha256,
    new_id,
};

/// A new secret of ours from this installation's randomness.
pub(crate) fn fresh_secret(services: &Services, kind: SecretKind) -> Result<SecretInput> {
    let random: [u8; 2 * key::RANDOM_CHARS] = services.entropy().bytes();
    key::format_secret(kind, &random).ok_or_else(|| Error::internal("too little usable randomness"))
}

impl Accounts<'_> {
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<PersonalToken>> {
        own(caller)?;
        let rows = personal_token::Entity::find()
            .filter(personal_token::COLUMN.user_id.eq(caller.subject.user.0))
            .order_by_desc(personal_token::Column::Id)
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading tokens"))?;
        Ok(rows.into_iter().map(token_view).collect())
    }

    pub async fn create_token(
        &self,
        caller: &Caller,
        input: NewPersonalToken,
    ) -> Result<CreatedPersonalToken> {
        own(caller)?;
        let mut checks = Checks::default();
        checks.check("name", name::display(&input.name));
        let in_range = input.expires_in_days.is_none_or(|days| (1..=3_650).contains(&days));
        checks.require(in_range, "expires_in_days", Code::ExpiryInvalid);
        checks.finish()?;
        let secret = fresh_secret(self.0, SecretKind::PersonalToken)?;
        let now = self.0.clock().now();
        let row = personal_token::ActiveModel {
            id: Set(new_id!(self.0, TokenId).0),
            user_id: Set(caller.subject.user.0),
            name: Set(input.name.trim().to_owned()),
            hash: Set(sha256(secret.expose_secret()).to_vec()),
            prefix: Set(secret.expose_secret().chars().take(SHOWN_CHARS).collect()),
            created_at: Set(now),
            expires_at: Set(input.expires_in_days.map(|days| now + TimeDelta::days(days.into()))),
            last_used_at: Set(None),
        };
        let transaction = self.0.inner.database.begin().await?;
        let row = row.insert(&transaction).await.map_err(failed("writing a token"))?;
        self.0
            .audit()
            .record(&transaction, caller, Place::default(), "token.create", &row.name, json!({}))
            .await?;
        transaction.commit().await.map_err(failed("committing a token"))?;
        Ok(CreatedPersonalToken { token: token_view(row), secret })
    }

    pub async fn revoke_token(&self, caller: &Caller, id: TokenId) -> Result<()> {
        own(caller)?;
        let transaction = self.0.inner.database.begin().await?;
        let row = personal_token::Entity::find_by_id(id.0)
            .filter(personal_token::COLUMN.user_id.eq(caller.subject.user.0))
            .one(&transaction)
            .await
            .map_err(failed("reading a token"))?
            .ok_or_else(Error::not_found)?;
        personal_token::Entity::delete_by_id(id.0)
            .exec(&transaction)
            .await
            .map_err(failed("deleting a token"))?;
        self.0
            .audit()
            .record(&transaction, caller, Place::default(), "token.revoke", row.name, json!({}))
            .await?;
        transaction.commit().await.map_err(failed("committing a revoked token"))
    }

    /// The caller behind a personal token.
    pub async fn caller_of_token(&self, secret: &str, meta: RequestMeta) -> Result<Caller> {
        let invalid = || Error::new(Code::TokenInvalid);
        // A typing error or a scanner's noise never reaches the database.
        if !key::is_well_formed(SecretKind::PersonalToken, secret) {
            return Err(invalid());
        }
        let now = self.0.clock().now();
        let row = personal_token::Entity::find()
            .filter(personal_token::COLUMN.hash.eq(sha256(secret).to_vec()))
            .one(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading a token"))?
            .filter(|row| row.expires_at.is_none_or(|at| at > now))
            .ok_or_else(invalid)?;
        let proof = Proof::Token(TokenId(row.id));
        let caller = self.caller(UserId(row.user_id), proof, meta).await?.ok_or_else(invalid)?;
        // To the minute: one write a minute and token, not one a request.
        if row.last_used_at.is_none_or(|at| now - at >= TimeDelta::minutes(1)) {
            let mut row: personal_token::ActiveModel = row.into();
            row.last_used_at = Set(Some(now));
            row.update(&self.0.inner.database.writer).await.map_err(failed("noting a token's use"))?;
        }
        Ok(caller)
    }

    /// The caller as they are now, for what outlives a request. Whose token or session has ended since is
    /// nobody any more.
    pub async fn again(&self, caller: &Caller) -> Result<Caller> {
        let (reader, now) = (&self.0.inner.database.reader, self.0.clock().now());
        let holds = match caller.proof {
            Proof::System => return Ok(caller.clone()),
            Proof::Token(id) => personal_token::Entity::find_by_id(id.0)
                .one(reader)
                .await
                .map_err(failed("reading a token"))?
                .is_some_and(|row| row.expires_at.is_none_or(|at| at > now)),
            Proof::Session(id) => session::Entity::find()
                .filter(session::COLUMN.user_id.eq(caller.subject.user.0))
                .filter(session::COLUMN.id.eq(id.0))
                .one(reader)
                .await
                .map_err(failed("reading a session"))?
                .is_some_and(|row| row.is_good(now, self.0.inner.settings.session_lifetime)),
        };
        let ended = || match caller.proof {
            Proof::Token(_) => Error::new(Code::TokenInvalid),
            _ => Error::new(Code::SignInRequired),
        };
        if !holds {
            return Err(ended());
        }
        self.caller(caller.subject.user, caller.proof, caller.meta.clone()).await?.ok_or_else(ended)
    }

    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<BrowserSession>> {
        own(caller)?;
        let rows = session::Entity::find()
            .filter(session::COLUMN.user_id.eq(caller.subject.user.0))
            .filter(session::COLUMN.expires_at.gt(self.0.clock().now()))
            .order_by_desc(session::Column::LastSeenAt)
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading sessions"))?;
        Ok(rows
            .into_iter()
            .map(|row| BrowserSession {
                id: SessionId(row.id),
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                user_agent: row.user_agent,
                ip: row.ip,
                current: caller.proof == Proof::Session(SessionId(row.id)),
            })
            .collect())
    }

    pub async fn end_session(&self, caller: &Caller, id: SessionId) -> Result<()> {
        own(caller)?;
        let deleted = session::Entity::delete_many()
            .filter(session::COLUMN.id.eq(id.0))
            .filter(session::COLUMN.user_id.eq(caller.subject.user.0))
            .exec(&self.0.inner.database.writer)
            .await
            .map_err(failed("ending a session"))?;
        if deleted.rows_affected == 1 { Ok(()) } else { Err(Error::not_found()) }
    }

    /// Ends every session of the caller, this one too.
    pub async fn sign_out_everywhere(&self, caller: &Caller) -> Result<()> {
        own(caller)?;
        let transaction = self.0.inner.database.begin().await?;
        end_sessions(&transaction, caller.subject.user, None).await?;
        self.0
            .audit()
            .record(
                &transaction,
                caller,
                Place::default(),
                "user.sign_out_everywhere",
                &caller.email,
                json!({}),
            )
            .await?;
        transaction.commit().await.map_err(failed("committing a sign-out"))
    }
}

fn own(caller: &Caller) -> Result<()> {
    caller.require(Action::ManageAccount, &Resource::Account(caller.subject.user))
}

fn token_view(row: personal_token::Model) -> PersonalToken {
    PersonalToken {
        id: TokenId(row.id),
        name: row.name,
        prefix: row.prefix,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    }
}
