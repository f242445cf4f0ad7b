//! Mails: queued with what they tell of, sent in the background, tried again a few times.
//!
//! A mail holds a secret link, so the link lies sealed in the queue and is forgotten as soon as the
//! mail is sent or given up. Whoever dies between sending and noting it sends twice: better than never.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    Action, Code, Error, ProjectId, Resource, Result,
    error::Checks,
    invitation::Offer,
    mail::{MailState, MailStatus},
    name,
};
use futures_util::future::BoxFuture;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    Caller, Services,
    database::failed,
    entity::{invitation, invitation_mail},
    invitation::offers,
};

/// How long after each failed attempt the next one comes; after the last there is none.
const PAUSES: [TimeDelta; 4] =
    [TimeDelta::minutes(1), TimeDelta::minutes(5), TimeDelta::minutes(15), TimeDelta::hours(1)];
/// How long a process has for an attempt before another may take it over.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// How often another process's mails and those that are due again are looked for.
const LOOK: Duration = Duration::from_secs(20);
/// Characters of a mail server's words that are kept.
const WORDS: usize = 300;

/// What is to be written to whom; the composition root writes it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    /// A language tag.
    pub language: String,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub enum Content {
    Test,
    Invitation { offer: Offer, token: SecretString },
}

/// Why a mail was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whether trying again is of no use.
    pub for_good: bool,
    pub reason: String,
}

/// Sends one letter. The composition root knows how; it lends it here.
pub type Post = Arc<dyn Fn(Letter) -> BoxFuture<'static, Result<(), Refusal>> + Send + Sync>;

pub struct Mails<'a>(pub(crate) &'a Services);

impl Mails<'_> {
    /// Whether the operator has set mail up.
    #[must_use]
    pub fn are_sent(&self) -> bool {
        self.0.post.is_some()
    }

    /// Sends a mail that says that mail works, and waits for what becomes of it.
    pub async fn test(&self, caller: &Caller, email: &str, language: &str) -> Result<()> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let to = name::normal_email(email);
        let mut checks = Checks::default();
        checks.check("email", name::email(&to));
        checks.finish()?;
        let post = self.0.post.as_ref().ok_or_else(|| Error::new(Code::MailOff))?;
        let letter = Letter { to, language: language.to_owned(), content: Content::Test };
        post(letter).await.map_err(|refusal| Error::new(Code::MailFailed).detail(refusal.reason))
    }

    /// Queues the mail of an invitation with the invitation itself.
    pub(crate) async fn queue(
        &self,
        connection: &impl ConnectionTrait,
        invitation: Uuid,
        token: &str,
        language: Option<String>,
    ) -> Result<invitation_mail::Model> {
        let now = self.0.clock().now();
        let row = invitation_mail::ActiveModel {
            invitation_id: Set(invitation),
            language: Set(language.unwrap_or_default()),
            sealed: Set(Some(self.0.inner.vault.seal(&sealed_at(invitation), token)?)),
            state: Set(MailState::Waiting.name().to_owned()),
            attempts: Set(0),
            due_at: Set(Some(now)),
            detail: Set(None),
            changed_at: Set(now),
        };
        row.insert(connection).await.map_err(failed("queueing a mail"))
    }

    /// Wakes whoever delivers.
    pub(crate) fn wake(&self) {
        self.0.inner.mails.notify_one();
    }

    /// Completes when there may be something to deliver.
    pub async fn waiting(&self) {
        let _ = tokio::time::timeout(LOOK, self.0.inner.mails.notified()).await;
    }

    /// Sends what is due; the answer is how many were tried.
    pub async fn deliver(&self) -> Result<u64> {
        let Some(post) = &self.0.post else { return Ok(0) };
        let mut tried = 0;
        while let Some((mail, invited)) = self.take().await? {
            tried += 1;
            let project = invited.project_id.map(ProjectId);
            let sent = match self.letter(&mail, invited).await {
                Ok(letter) => post(letter).await,
                Err(error) => {
                    tracing::error!(cause = error.private_message(), "a mail could not be written");
                    Err(Refusal { for_good: true, reason: error.code().sentence().to_owned() })
                }
            };
            self.note(mail, sent).await?;
            if let Some(project) = project {
                self.0.activity().announce(project);
            }
        }
        Ok(tried)
    }

    /// Takes one mail that is due, so that no other process sends it meanwhile.
    async fn take(&self) -> Result<Option<(invitation_mail::Model, invitation::Model)>> {
        loop {
            let now = self.0.clock().now();
            let found = invitation_mail::Entity::find()
                .filter(invitation_mail::COLUMN.due_at.lte(now))
                .order_by_asc(invitation_mail::Column::DueAt)
                .one(&self.0.inner.database.reader)
                .await
                .map_err(failed("looking for mails"))?;
            let Some(mut mail) = found else { return Ok(None) };
            let taken = invitation_mail::Entity::update_many()
                .col_expr(invitation_mail::Column::DueAt, Expr::value(now + LEASE))
                .col_expr(invitation_mail::Column::Attempts, Expr::value(mail.attempts + 1))
                .filter(invitation_mail::COLUMN.invitation_id.eq(mail.invitation_id))
                .filter(invitation_mail::COLUMN.attempts.eq(mail.attempts))
                .filter(invitation_mail::COLUMN.due_at.lte(now))
                .exec(&self.0.inner.database.writer)
                .await
                .map_err(failed("taking a mail"))?;
            // Another process had it, or the invitation was withdrawn and the mail with it.
            if taken.rows_affected != 1 {
                continue;
            }
            mail.attempts += 1;
            let invited = invitation::Entity::find_by_id(mail.invitation_id)
                .one(&self.0.inner.database.writer)
                .await
                .map_err(failed("reading an invitation"))?;
            if let Some(invited) = invited {
                return Ok(Some((mail, invited)));
            }
        }
    }

    async fn letter(&self, mail: &invitation_mail::Model, invited: invitation::Model) -> Result<Letter> {
        let reader = &self.0.inner.database.reader;
        let sealed = mail.sealed.as_deref().unwrap_or_default();
        let token = self.0.inner.vault.open(&sealed_at(mail.invitation_id), sealed)?;
        let offer = offers(reader, vec![invited]).await?.pop().ok_or_else(Error::not_found)?;
        Ok(Letter {
            language: mail.language.clone(),
            to: offer.email.clone().ok_or_else(|| Error::internal("a mail to nobody"))?,
            content: Content::Invitation { offer, token },
        })
    }

    /// Notes what became of an attempt.
    async fn note(&self, mail: invitation_mail::Model, sent: Result<(), Refusal>) -> Result<()> {
        use invitation_mail::Column;
        let now = self.0.clock().now();
        let (state, pause, detail) = match sent {
            Ok(()) => (MailState::Sent, None, None),
            Err(refusal) => {
                let attempt = usize::try_from(mail.attempts).unwrap_or_default();
                let pause = PAUSES.get(attempt.saturating_sub(1)).filter(|_| !refusal.for_good);
                let state = if pause.is_some() { MailState::Waiting } else { MailState::Failed };
                (state, pause, Some(refusal.reason.chars().take(WORDS).collect::<String>()))
            }
        };
        let mut update = invitation_mail::Entity::update_many()
            .col_expr(Column::State, Expr::value(state.name()))
            .col_expr(Column::DueAt, Expr::value(pause.map(|pause| now + *pause)))
            .col_expr(Column::Detail, Expr::value(detail))
            .col_expr(Column::ChangedAt, Expr::value(now));
        if state != MailState::Waiting {
            update = update.col_expr(Column::Sealed, Expr::value(None::<Vec<u8>>));
        }
        update
            .filter(invitation_mail::COLUMN.invitation_id.eq(mail.invitation_id))
            .exec(&self.0.inner.database.writer)
            .await
            .map(drop)
            .map_err(failed("noting what became of a mail"))
    }

    /// What became of the mails of some invitations.
    pub(crate) async fn of(
        &self,
        connection: &impl ConnectionTrait,
        invitations: Vec<Uuid>,
    ) -> Result<HashMap<Uuid, MailStatus>> {
        if invitations.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = invitation_mail::Entity::find()
            .filter(invitation_mail::COLUMN.invitation_id.is_in(invitations))
            .all(connection)
            .await
            .map_err(failed("reading what became of mails"))?;
        Ok(rows.into_iter().map(|row| (row.invitation_id, status(row))).collect())
    }
}

pub(crate) fn status(row: invitation_mail::Model) -> MailStatus {
    MailStatus {
        state: row.state.parse().unwrap_or(MailState::Failed),
        at: row.changed_at,
        detail: row.detail,
    }
}

fn sealed_at(invitation: Uuid) -> String {
    format!("invitation_mail/{invitation}/sealed")
}
