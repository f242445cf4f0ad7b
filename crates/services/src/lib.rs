//! The use cases: authorize, validate, transact, audit. The only crate that sees entities and SQL.
//!
//! ```text
//! services.servers().create(&caller, "acme.payments", input).await?
//! ```
//! Every method takes the [`Caller`] first and asks policy on its first line; what the caller may
//! not know of is not found. A failure that the caller may read is in [`domain::Error`].

use std::sync::Arc;

use domain::{account::SignUpPolicy, server::TestReport};
use futures_util::future::BoxFuture;
use sea_orm::{DatabaseConnection, Statement};
use secrecy::SecretBox;

pub mod account;
pub mod activity;
pub mod apply;
pub mod audit;
pub mod browser;
pub mod caller;
pub mod changes;
pub mod clock;
pub mod command;
pub mod entropy;
pub mod home;
pub mod invitation;
pub mod job;
pub mod key;
pub mod log;
pub mod mail;
pub mod organization;
pub mod platform;
pub mod project;
pub mod search;
pub mod server;
pub mod session_store;
pub mod snapshot;
pub mod team;
pub mod template;
pub mod usage;

mod database;
mod entity;
mod role;
mod sequence;
mod vault;

pub use activity::Activity;
pub use apply::ImportInput;
pub use caller::{Caller, Proof, RequestMeta};
pub use changes::Changes;
pub use clock::Clock;
pub use domain::Result;
pub use entropy::Entropy;
pub use session_store::SessionStore;

/// What the operator decided.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub sign_up: SignUpPolicy,
    /// Whether servers may be commands at all.
    pub stdio_enabled: bool,
    /// Whether the data plane serves open projects without a key.
    pub open_access: bool,
    /// After which every browser must sign in again, however much it is used.
    pub session_lifetime: chrono::TimeDelta,
}

/// Connects to a server that is not saved and says what it is. The data plane does it; the
/// composition root lends it here.
pub type Probe = Arc<dyn Fn(snapshot::ServerTarget) -> BoxFuture<'static, TestReport> + Send + Sync>;

pub struct Options {
    /// `sqlite://PATH?mode=rwc`, `sqlite::memory:` or `postgres://…`.
    pub database_url: String,
    pub master_key: SecretBox<[u8; 32]>,
    pub settings: Settings,
    pub clock: Clock,
    pub entropy: Entropy,
}

/// All use cases; a cheap handle.
#[derive(Clone)]
pub struct Services {
    inner: Arc<Inner>,
    probe: Option<Probe>,
    vitals: Option<platform::Vitals>,
    rounds: Option<job::Rounds>,
    post: Option<mail::Post>,
}

struct Inner {
    database: database::Database,
    vault: vault::Vault,
    settings: Settings,
    clock: Clock,
    entropy: Entropy,
    changes: Changes,
    activity: Activity,
    passwords: account::password::Passwords,
    throttle: account::throttle::Throttle,
    sequence: sequence::Sequence,
    /// Wakes whoever delivers mails.
    mails: tokio::sync::Notify,
}

impl Services {
    pub async fn open(options: Options) -> Result<Self> {
        let database = database::Database::open(&options.database_url).await?;
        let inner = Inner {
            vault: vault::Vault::new(&options.master_key, options.entropy.clone()),
            settings: options.settings,
            passwords: account::password::Passwords::new(options.entropy.clone()),
            throttle: account::throttle::Throttle::new(options.clock.clone()),
            sequence: sequence::Sequence::new(options.clock.clone(), options.entropy.clone()),
            changes: Changes::new(database.clone()),
            activity: Activity::default(),
            mails: tokio::sync::Notify::new(),
            clock: options.clock,
            entropy: options.entropy,
            database,
        };
        Ok(Self { inner: Arc::new(inner), probe: None, vitals: None, rounds: None, post: None })
    }

    /// Lends the data plane's way to test a connection.
    #[must_use]
    pub fn with_probe(mut self, probe: Probe) -> Self {
        self.probe = Some(probe);
        self
    }

    /// Lends what this process says of itself.
    #[must_use]
    pub fn with_vitals(mut self, vitals: platform::Vitals) -> Self {
        self.vitals = Some(vitals);
        self
    }

    /// Lends the way to ask all servers of this process at once.
    #[must_use]
    pub fn with_rounds(mut self, rounds: job::Rounds) -> Self {
        self.rounds = Some(rounds);
        self
    }

    /// Lends the way to send mail, where the operator has set one up.
    #[must_use]
    pub fn with_post(mut self, post: mail::Post) -> Self {
        self.post = Some(post);
        self
    }

    /// The writing connection, for migrations.
    #[must_use]
    pub fn database(&self) -> &DatabaseConnection {
        &self.inner.database.writer
    }

    /// Tells `listener` of each statement from now on. Only the first handle may ask for it, before it
    /// is shared; `false` says that it is too late.
    #[must_use]
    pub fn listen(&mut self, listener: impl Fn(&Statement) + Clone + Send + Sync + 'static) -> bool {
        let Some(inner) = Arc::get_mut(&mut self.inner) else { return false };
        let database = &mut inner.database;
        for connection in [&mut database.writer, &mut database.reader] {
            let listener = listener.clone();
            connection.set_metric_callback(move |heard| listener(heard.statement));
        }
        true
    }

    /// Closes the database, so that SQLite leaves one file behind.
    pub async fn close(&self) -> Result<()> {
        let database = &self.inner.database;
        // The writer last: it is the one that empties SQLite's log.
        database.reader.clone().close().await.map_err(database::failed("closing the database"))?;
        database.writer.clone().close().await.map_err(database::failed("closing the database"))
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    #[must_use]
    pub fn entropy(&self) -> &Entropy {
        &self.inner.entropy
    }

    #[must_use]
    pub fn changes(&self) -> &Changes {
        &self.inner.changes
    }

    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.inner.activity
    }

    #[must_use]
    pub fn accounts(&self) -> account::Accounts<'_> {
        account::Accounts(self)
    }

    #[must_use]
    pub fn organizations(&self) -> organization::Organizations<'_> {
        organization::Organizations(self)
    }

    #[must_use]
    pub fn teams(&self) -> team::Teams<'_> {
        team::Teams(self)
    }

    #[must_use]
    pub fn templates(&self) -> template::Templates<'_> {
        template::Templates(self)
    }

    #[must_use]
    pub fn projects(&self) -> project::Projects<'_> {
        project::Projects(self)
    }

    #[must_use]
    pub fn home(&self) -> home::Home<'_> {
        home::Home(self)
    }

    #[must_use]
    pub fn search(&self) -> search::Search<'_> {
        search::Search(self)
    }

    #[must_use]
    pub fn servers(&self) -> server::Servers<'_> {
        server::Servers(self)
    }

    #[must_use]
    pub fn commands(&self) -> command::Commands<'_> {
        command::Commands(self)
    }

    #[must_use]
    pub fn keys(&self) -> key::Keys<'_> {
        key::Keys(self)
    }

    #[must_use]
    pub fn invitations(&self) -> invitation::Invitations<'_> {
        invitation::Invitations(self)
    }

    #[must_use]
    pub fn mails(&self) -> mail::Mails<'_> {
        mail::Mails(self)
    }

    #[must_use]
    pub fn logs(&self) -> log::Logs<'_> {
        log::Logs(self)
    }

    #[must_use]
    pub fn usage(&self) -> usage::UsageCounts<'_> {
        usage::UsageCounts(self)
    }

    #[must_use]
    pub fn audit(&self) -> audit::Audit<'_> {
        audit::Audit(self)
    }

    #[must_use]
    pub fn platform(&self) -> platform::Platform<'_> {
        platform::Platform(self)
    }

    #[must_use]
    pub fn jobs(&self) -> job::Jobs<'_> {
        job::Jobs(self)
    }

    #[must_use]
    pub fn session_store(&self) -> SessionStore {
        SessionStore(self.clone())
    }

    /// Commits a change of who may do what, and waits until the data plane of this process knows it.
    async fn finish(&self, transaction: sea_orm::DatabaseTransaction, what: &'static str) -> Result<()> {
        let revision = self.changes().bump(&transaction).await?;
        transaction.commit().await.map_err(database::failed(what))?;
        self.changes().settle(revision).await;
        Ok(())
    }

    /// The material of a new id.
    fn id_parts(&self) -> (u64, [u8; 10]) {
        self.inner.sequence.next()
    }

    /// Deletes everything that has outlived its time. A job that fails keeps no other from its work.
    pub async fn prune(&self) -> Result<()> {
        for job in domain::platform::JobName::ALL.iter().filter(|job| !job.is_of_planes()) {
            self.jobs().run(&Caller::system(), *job).await?;
        }
        Ok(())
    }
}

/// Makes a typed id: `new_id!(services, ServerId)`.
macro_rules! new_id {
    ($services:expr, $id:ident) => {{
        let (millis, random) = $services.id_parts();
        domain::$id::new(millis, random)
    }};
}
use new_id;

#[cfg(test)]
mod tests;
