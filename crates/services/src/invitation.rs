//! Invitations to projects and organizations: made by Owners, used once by whoever holds the link.

use chrono::TimeDelta;
use domain::{
    Code, Error, InvitationId, OrganizationId, ProjectId, Result, Timestamp,
    account::{SignUp, SignUpPolicy, User},
    invitation::{CreatedInvitation, Host, Invitation, InvitedRole, NewInvitation, Offer},
    key::{self, SecretKind},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Caller, Services,
    account::{by_email, token::fresh_secret},
    database::failed,
    entity::{invitation, user},
    key::sha256,
    mail, new_id,
    organization::users,
};

mod host;

pub(crate) use host::offers;
use host::{Hosting, enter, role};

/// Of those for one address: more are read when some of them are used.
const OFFERED: u64 = 20;

pub struct Invitations<'a>(pub(crate) &'a Services);

impl Invitations<'_> {
    /// Those that still work, newest first.
    pub async fn list(&self, caller: &Caller, host: &Host) -> Result<Vec<Invitation>> {
        let host = Hosting::authorize(self.0, caller, host).await?;
        let reader = &self.0.inner.database.reader;
        let rows = invitation::Entity::find()
            .filter(host.own())
            .filter(invitation::COLUMN.expires_at.gt(self.0.clock().now()))
            .order_by_desc(invitation::Column::Id)
            .all(reader)
            .await
            .map_err(failed("reading invitations"))?;
        let people = users(reader, rows.iter().filter_map(|row| row.invited_by)).await?;
        let mut mails = self.0.mails().of(reader, rows.iter().map(|row| row.id).collect()).await?;
        let view = |row: invitation::Model| {
            let mail = mails.remove(&row.id);
            Invitation { mail, ..view(row, &people) }
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Those for the caller's own address, the latest first, where they are no member yet. The link is
    /// not among it: it is the proof that the address is theirs.
    pub async fn own(&self, caller: &Caller) -> Result<Vec<Offer>> {
        let subject = caller.subject();
        let reader = &self.0.inner.database.reader;
        let rows = invitation::Entity::find()
            .filter(invitation::COLUMN.email.eq(caller.email()))
            .filter(invitation::COLUMN.expires_at.gt(self.0.clock().now()))
            .order_by_desc(invitation::Column::Id)
            .limit(OFFERED)
            .all(reader)
            .await
            .map_err(failed("reading invitations"))?;
        let inside = |row: &invitation::Model| {
            let project = row.project_id.map(ProjectId);
            let organization = row.organization_id.map(OrganizationId);
            subject.projects.iter().any(|(id, _)| Some(*id) == project)
                || subject.organizations.iter().any(|(id, _)| Some(*id) == organization)
        };
        offers(reader, rows.into_iter().filter(|row| !inside(row)).collect()).await
    }

    /// Makes an invitation. Of several to one address only the last works.
    pub async fn create<R: Into<InvitedRole>>(
        &self,
        caller: &Caller,
        host: &Host,
        input: NewInvitation<R>,
    ) -> Result<CreatedInvitation> {
        let host = Hosting::authorize(self.0, caller, host).await?;
        let input = input.check()?;
        let role = input.role.into();
        host.check(role)?;
        let token = fresh_secret(self.0, SecretKind::Invitation)?;
        let transaction = self.0.inner.database.begin().await?;
        if let Some(email) = &input.email {
            if let Some(person) = by_email(&transaction, email).await?
                && host.has(&transaction, person.id).await?
            {
                return Err(Error::field("email", Code::MemberExists));
            }
            invitation::Entity::delete_many()
                .filter(host.own())
                .filter(invitation::COLUMN.email.eq(email.as_str()))
                .exec(&transaction)
                .await
                .map_err(failed("deleting an earlier invitation"))?;
        }
        let now = self.0.clock().now();
        let days = input.expires_in_days.unwrap_or(domain::invitation::DAYS);
        let (project, organization) = host.columns();
        let row = invitation::ActiveModel {
            id: Set(new_id!(self.0, InvitationId).0),
            token_hash: Set(sha256(token.expose_secret()).to_vec()),
            project_id: Set(project),
            organization_id: Set(organization),
            email: Set(input.email),
            role: Set(role.name().to_owned()),
            invited_by: Set(caller.user().map(|user| user.0)),
            created_at: Set(now),
            expires_at: Set(now + TimeDelta::days(days.into())),
        };
        let row = row.insert(&transaction).await.map_err(failed("writing an invitation"))?;
        let mail = match &row.email {
            Some(_) if self.0.mails().are_sent() => {
                let secret = token.expose_secret();
                Some(self.0.mails().queue(&transaction, row.id, secret, input.language).await?)
            }
            _ => None,
        };
        let change = json!({ "role": role.name(), "days": days });
        let (action, target) = match &row.email {
            Some(email) => ("invitation.create", email.clone()),
            None => ("invitation.create_link", host.path()),
        };
        self.0.audit().record(&transaction, caller, host.place(), action, target, change).await?;
        let people = users(&transaction, row.invited_by.into_iter()).await?;
        transaction.commit().await.map_err(failed("committing an invitation"))?;
        let mail = mail.map(mail::status);
        if mail.is_some() {
            self.0.mails().wake();
        }
        Ok(CreatedInvitation { invitation: Invitation { mail, ..view(row, &people) }, token })
    }

    /// Ends an invitation before anybody used it.
    pub async fn withdraw(&self, caller: &Caller, host: &Host, id: InvitationId) -> Result<()> {
        let host = Hosting::authorize(self.0, caller, host).await?;
        let transaction = self.0.inner.database.begin().await?;
        let row = invitation::Entity::find_by_id(id.0)
            .filter(host.own())
            .one(&transaction)
            .await
            .map_err(failed("reading an invitation"))?
            .ok_or_else(Error::not_found)?;
        take(&transaction, row.id).await?;
        let (action, target) = match row.email {
            Some(email) => ("invitation.withdraw", email),
            None => ("invitation.withdraw_link", host.path()),
        };
        self.0.audit().record(&transaction, caller, host.place(), action, target, json!({})).await?;
        transaction.commit().await.map_err(failed("committing a withdrawn invitation"))
    }

    /// What a link offers, without using it up. The secret in it is the proof.
    pub async fn peek(&self, token: &str) -> Result<Offer> {
        let reader = &self.0.inner.database.reader;
        let row = self.find(reader, token).await?;
        offers(reader, vec![row]).await?.pop().ok_or_else(Error::not_found)
    }

    /// Makes the caller a member; the answer is of what.
    pub async fn accept(&self, caller: &Caller, token: &str) -> Result<Host> {
        let user = caller.user().ok_or_else(|| Error::new(Code::SignInRequired))?;
        let transaction = self.0.inner.database.begin().await?;
        let host = self.join(&transaction, caller, user.0, caller.email(), token).await?;
        transaction.commit().await.map_err(failed("committing an accepted invitation"))?;
        Ok(host)
    }

    /// Makes an account for somebody who was invited, and a member of it.
    pub async fn sign_up(&self, token: &str, sign_up: SignUp) -> Result<(User, Host)> {
        if self.0.inner.settings.sign_up == SignUpPolicy::Closed {
            return Err(Error::new(Code::SignUpClosed));
        }
        let sign_up = sign_up.check()?;
        // Before the work of hashing: a token that is none costs nothing.
        self.find(&self.0.inner.database.reader, token).await?;
        let hash = self.0.accounts().hash(&sign_up.password).await?;
        let transaction = self.0.inner.database.begin().await?;
        let system = Caller::system();
        let user = self.0.accounts().insert(&transaction, &system, &sign_up, hash, false).await?;
        let host = self.join(&transaction, &system, user.id.0, &user.email, token).await?;
        transaction.commit().await.map_err(failed("committing an invited account"))?;
        Ok((user, host))
    }

    /// Uses an invitation up for a person.
    async fn join(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        user: Uuid,
        email: &str,
        token: &str,
    ) -> Result<Host> {
        let row = self.find(connection, token).await?;
        if row.email.as_deref().is_some_and(|invited| invited != email) {
            return Err(Error::new(Code::InvitationForAnother));
        }
        take(connection, row.id).await?;
        let (host, place) = enter(connection, &row, user, self.0.clock().now()).await?;
        let change = json!({ "role": row.role });
        self.0.audit().record(connection, caller, place, "invitation.accept", email, change).await?;
        Ok(host)
    }

    async fn find(&self, connection: &impl ConnectionTrait, token: &str) -> Result<invitation::Model> {
        if !key::is_well_formed(SecretKind::Invitation, token) {
            return Err(Error::new(Code::LinkInvalid));
        }
        invitation::Entity::find()
            .filter(invitation::COLUMN.token_hash.eq(sha256(token).to_vec()))
            .filter(invitation::COLUMN.expires_at.gt(self.0.clock().now()))
            .one(connection)
            .await
            .map_err(failed("reading an invitation"))?
            .ok_or_else(|| Error::new(Code::LinkInvalid))
    }

    pub(crate) async fn prune(&self, now: Timestamp) -> Result<u64> {
        invitation::Entity::delete_many()
            .filter(invitation::COLUMN.expires_at.lt(now))
            .exec(&self.0.inner.database.writer)
            .await
            .map(|deleted| deleted.rows_affected)
            .map_err(failed("deleting old invitations"))
    }
}

/// Ends all invitations that a person made: who may not invite any more must not have a way back in
/// their pocket.
pub(crate) async fn end_all(connection: &impl ConnectionTrait, inviter: Uuid) -> Result<()> {
    invitation::Entity::delete_many()
        .filter(invitation::COLUMN.invited_by.eq(inviter))
        .exec(connection)
        .await
        .map(drop)
        .map_err(failed("deleting the invitations of somebody who left"))
}

/// Takes an invitation out of the table; of two who try at once only one deletes the row.
async fn take(connection: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let deleted = invitation::Entity::delete_by_id(id)
        .exec(connection)
        .await
        .map_err(failed("deleting an invitation"))?;
    if deleted.rows_affected == 1 { Ok(()) } else { Err(Error::new(Code::LinkInvalid)) }
}

fn view(row: invitation::Model, people: &[user::Model]) -> Invitation {
    let invited_by = people.iter().find(|person| Some(person.id) == row.invited_by);
    Invitation {
        id: InvitationId(row.id),
        role: role(&row),
        email: row.email,
        invited_by: invited_by.map(|person| person.name.clone()),
        created_at: row.created_at,
        expires_at: row.expires_at,
        mail: None,
    }
}
