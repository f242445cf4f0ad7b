//! People: set-up, sign-up, sign-in, sessions, tokens.

use domain::{
    Action, Code, Error, Resource, Result, SecretInput, SessionId, UserId,
    account::{SignIn, SignUp, SignUpPolicy, User},
    name,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect,
};
use serde_json::json;

use crate::{
    Caller, Proof, RequestMeta, Services,
    audit::Place,
    database::failed,
    entity::{organization, organization_member, session, user},
    invitation, key, new_id, role,
};

mod admin;
mod change;
pub(crate) mod link;
pub(crate) mod password;
pub(crate) mod throttle;
pub(crate) mod token;

pub struct Accounts<'a>(pub(crate) &'a Services);

impl Accounts<'_> {
    /// Whether nobody has an account yet.
    pub async fn set_up_needed(&self) -> Result<bool> {
        count_users(&self.0.inner.database.writer).await.map(|count| count == 0)
    }

    /// A link's token for the first administrator; earlier ones stop working.
    pub async fn issue_set_up_link(&self, caller: &Caller) -> Result<SecretInput> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        self.issue_link(link::Purpose::SetUp, None, None).await
    }

    /// Makes the first administrator. Of any number of attempts one wins; then the door is closed.
    pub async fn set_up(&self, token: &str, sign_up: SignUp) -> Result<User> {
        let sign_up = sign_up.check()?;
        let hash = self.hash(&sign_up.password).await?;
        let transaction = self.0.inner.database.begin().await?;
        if count_users(&transaction).await? > 0 {
            return Err(Error::new(Code::Setup));
        }
        self.redeem(&transaction, link::Purpose::SetUp, token).await?;
        let user = self.insert(&transaction, &Caller::system(), &sign_up, hash, true).await?;
        transaction.commit().await.map_err(failed("committing the set-up"))?;
        Ok(user)
    }

    /// Makes an account for whoever asks, where the operator allows it.
    pub async fn sign_up(&self, sign_up: SignUp) -> Result<User> {
        if self.0.inner.settings.sign_up != SignUpPolicy::Open {
            return Err(Error::new(Code::SignUpClosed));
        }
        self.add(&Caller::system(), sign_up, false, true).await
    }

    /// Whether [`Accounts::sign_up`] is open, for the page that leads there.
    #[must_use]
    pub fn sign_up_is_open(&self) -> bool {
        self.0.inner.settings.sign_up == SignUpPolicy::Open
    }

    /// Makes an account for somebody else.
    pub async fn create_user(&self, caller: &Caller, sign_up: SignUp, admin: bool) -> Result<User> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        self.add(caller, sign_up, admin, true).await
    }

    async fn add(&self, caller: &Caller, sign_up: SignUp, admin: bool, password_set: bool) -> Result<User> {
        let sign_up = sign_up.check()?;
        let hash = self.hash(&sign_up.password).await?;
        let transaction = self.0.inner.database.begin().await?;
        let user = self.insert_as(&transaction, caller, &sign_up, hash, admin, password_set).await?;
        transaction.commit().await.map_err(failed("committing a new account"))?;
        Ok(user)
    }

    pub(crate) async fn insert(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        sign_up: &SignUp,
        password_hash: String,
        admin: bool,
    ) -> Result<User> {
        self.insert_as(connection, caller, sign_up, password_hash, admin, true).await
    }

    /// The same; `password_set` says whether somebody knows the password.
    async fn insert_as(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        sign_up: &SignUp,
        password_hash: String,
        admin: bool,
        password_set: bool,
    ) -> Result<User> {
        if by_email(connection, &sign_up.email).await?.is_some() {
            return Err(Error::field("email", Code::EmailTaken));
        }
        let now = self.0.clock().now();
        let row = user::ActiveModel {
            id: Set(new_id!(self.0, UserId).0),
            email: Set(sign_up.email.clone()),
            name: Set(sign_up.name.clone()),
            password_hash: Set(password_hash),
            password_set: Set(password_set),
            platform_admin: Set(admin),
            disabled: Set(false),
            created_at: Set(now),
        };
        let row = row.insert(connection).await.map_err(failed("writing a user"))?;
        self.add_personal_organization(connection, &row).await?;
        let change = json!({ "admin": admin });
        self.0
            .audit()
            .record(connection, caller, Place::default(), "user.create", &row.email, change)
            .await?;
        Ok(view(row))
    }

    /// The organization that comes with an account, under a free slug.
    async fn add_personal_organization(
        &self,
        connection: &impl ConnectionTrait,
        owner: &user::Model,
    ) -> Result<()> {
        let local = owner.email.split('@').next().unwrap_or_default();
        let base = match name::to_slug(local) {
            slug if slug.is_empty() => "personal".to_owned(),
            slug => slug.chars().take(30).collect::<String>().trim_end_matches('-').to_owned(),
        };
        let mut slug = base.clone();
        while organization::Entity::find()
            .filter(organization::COLUMN.slug.eq(&slug))
            .one(connection)
            .await
            .map_err(failed("looking for a free slug"))?
            .is_some()
        {
            let [a, b, c] = self.0.entropy().bytes::<3>();
            slug = format!("{base}-{a:02x}{b:02x}{c:02x}");
        }
        let id = new_id!(self.0, OrganizationId).0;
        let now = self.0.clock().now();
        let row = organization::ActiveModel {
            id: Set(id),
            slug: Set(slug),
            name: Set(owner.name.clone()),
            personal: Set(true),
            created_at: Set(now),
        };
        row.insert(connection).await.map_err(failed("writing a personal organization"))?;
        let member = organization_member::ActiveModel {
            organization_id: Set(id),
            user_id: Set(owner.id),
            role: Set(domain::OrganizationRole::Owner.name().to_owned()),
            created_at: Set(now),
        };
        member.insert(connection).await.map(drop).map_err(failed("writing a membership"))
    }

    /// Checks e-mail address and password. Unknown, disabled and wrong look and take the same.
    pub async fn sign_in(&self, input: SignIn, ip: Option<&str>) -> Result<User> {
        let email = name::normal_email(&input.email);
        self.0.inner.throttle.attempt(&email, ip)?;
        let row = by_email(&self.0.inner.database.reader, &email).await?;
        let hash = row.as_ref().map(|row| row.password_hash.clone());
        let matches = self.0.inner.passwords.verify(input.password, hash).await?;
        match row {
            Some(row) if matches && !row.disabled => {
                self.0.inner.throttle.succeeded(&email);
                Ok(view(row))
            }
            _ => Err(Error::new(Code::CredentialsWrong)),
        }
    }

    pub(crate) async fn password_matches(&self, row: &user::Model, password: &SecretInput) -> Result<bool> {
        self.0.inner.passwords.verify(password.clone(), Some(row.password_hash.clone())).await
    }

    /// Sets what a declarative file says of somebody; a new password ends their sessions.
    pub(crate) async fn overwrite(
        &self,
        caller: &Caller,
        row: user::Model,
        name: &str,
        admin: bool,
        password: Option<SecretInput>,
    ) -> Result<()> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        name::display(name).map_err(|code| Error::field("name", code))?;
        let (id, email) = (UserId(row.id), row.email.clone());
        let change = json!({ "name": [row.name, name], "admin": [row.platform_admin, admin], "password": password.is_some() });
        let mut row: user::ActiveModel = row.into();
        (row.name, row.platform_admin) = (Set(name.to_owned()), Set(admin));
        if let Some(password) = &password {
            let checked = domain::account::password(password.expose_secret(), &email);
            checked.map_err(|code| Error::field("password", code))?;
            row.password_hash = Set(self.hash(password).await?);
            row.password_set = Set(true);
        }
        let transaction = self.0.inner.database.begin().await?;
        row.update(&transaction).await.map_err(failed("changing a user"))?;
        if password.is_some() {
            end_sessions(&transaction, id, None).await?;
        }
        self.0.audit().record(&transaction, caller, Place::default(), "user.update", email, change).await?;
        transaction.commit().await.map_err(failed("committing a user"))
    }

    pub async fn profile(&self, caller: &Caller) -> Result<User> {
        self.row(caller).await.map(view)
    }

    async fn row(&self, caller: &Caller) -> Result<user::Model> {
        user::Entity::find_by_id(caller.subject.user.0)
            .one(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading a user"))?
            .ok_or_else(Error::not_found)
    }

    /// Disabling ends sessions at once; tokens are refused while it lasts.
    pub async fn set_disabled(&self, caller: &Caller, id: UserId, disabled: bool) -> Result<()> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let transaction = self.0.inner.database.begin().await?;
        let row = user::Entity::find_by_id(id.0).one(&transaction).await.map_err(failed("reading a user"))?;
        let row = row.ok_or_else(Error::not_found)?;
        let email = row.email.clone();
        let mut row: user::ActiveModel = row.into();
        row.disabled = Set(disabled);
        row.update(&transaction).await.map_err(failed("disabling a user"))?;
        if disabled {
            admin::guard_last_admin(&transaction).await?;
            end_sessions(&transaction, id, None).await?;
            invitation::end_all(&transaction, id.0).await?;
            key::end_trials(&transaction, id.0, None).await?;
        }
        let action = if disabled { "user.disable" } else { "user.enable" };
        self.0.audit().record(&transaction, caller, Place::default(), action, email, json!({})).await?;
        let revision = self.0.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(failed("committing a disabled user"))?;
        self.0.changes().settle(revision).await;
        Ok(())
    }

    /// The caller behind a browser's session; none when the account is gone or disabled.
    pub async fn caller_of_session(
        &self,
        user: UserId,
        session: SessionId,
        meta: RequestMeta,
    ) -> Result<Option<Caller>> {
        self.caller(user, Proof::Session(session), meta).await
    }

    pub(crate) async fn caller(&self, id: UserId, proof: Proof, meta: RequestMeta) -> Result<Option<Caller>> {
        let reader = &self.0.inner.database.reader;
        let row = user::Entity::find_by_id(id.0).one(reader).await.map_err(failed("reading a user"))?;
        let Some(row) = row.filter(|row| !row.disabled) else { return Ok(None) };
        let subject = role::subjects(reader, std::slice::from_ref(&row)).await?.remove(&row.id);
        let subject = subject.ok_or_else(Error::not_found)?;
        Ok(Some(Caller { subject, name: row.name, email: row.email, proof, meta }))
    }

    pub(crate) async fn hash(&self, password: &SecretInput) -> Result<String> {
        self.0.inner.passwords.hash(password.clone()).await
    }

    /// Deletes expired sessions and links.
    pub(crate) async fn prune(&self) -> Result<u64> {
        let (now, writer) = (self.0.clock().now(), &self.0.inner.database.writer);
        let sessions = session::Entity::delete_many()
            .filter(session::COLUMN.expires_at.lt(now))
            .exec(writer)
            .await
            .map_err(failed("deleting old sessions"))?;
        Ok(sessions.rows_affected + self.prune_links(now).await?)
    }
}

pub(crate) async fn by_email(connection: &impl ConnectionTrait, email: &str) -> Result<Option<user::Model>> {
    user::Entity::find()
        .filter(user::COLUMN.email.eq(name::normal_email(email)))
        .one(connection)
        .await
        .map_err(failed("reading a user"))
}

async fn count_users(connection: &impl ConnectionTrait) -> Result<u64> {
    user::Entity::find().limit(1).count(connection).await.map_err(failed("counting users"))
}

pub(crate) async fn end_sessions(
    connection: &impl ConnectionTrait,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<()> {
    let mut sessions = session::Entity::delete_many().filter(session::COLUMN.user_id.eq(user.0));
    if let Some(kept) = kept {
        sessions = sessions.filter(session::COLUMN.id.ne(kept.0));
    }
    sessions.exec(connection).await.map(drop).map_err(failed("ending sessions"))
}

pub(crate) fn view(row: user::Model) -> User {
    User {
        id: UserId(row.id),
        email: row.email,
        name: row.name,
        platform_admin: row.platform_admin,
        disabled: row.disabled,
        created_at: row.created_at,
    }
}
