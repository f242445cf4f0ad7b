//! Opens the store that a configuration names.

use std::path::Path;

use anyhow::{Context, Result, bail};
use migrations::{Migrator, MigratorTrait};
use services::{Clock, Entropy, Options, Services, Settings};

use crate::{config::Config, master_key};

/// Why [`open`] is asked for, which decides what happens to pending migrations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pending {
    /// Apply them if the configuration says so, else refuse.
    AsConfigured,
    /// Leave them to the caller.
    Leave,
}

pub(crate) async fn open(config: &Config, pending: Pending) -> Result<Services> {
    let dir = &config.server.data_dir;
    make_private(dir).with_context(|| format!("the data directory {} cannot be made", dir.display()))?;
    let entropy = Entropy::os();
    let services = Services::open(Options {
        database_url: config.database_url()?,
        master_key: master_key::load_or_create(&config.master_key_file(), &entropy)?,
        settings: Settings {
            sign_up: config.accounts.sign_up,
            stdio_enabled: config.stdio.enabled,
            open_access: config.serves_open_projects(),
            session_lifetime: chrono::TimeDelta::hours(config.accounts.session_hours.into()),
        },
        clock: Clock::system(),
        entropy,
    })
    .await
    .map_err(explain)
    .context("the database cannot be opened; check `database.url`")?;
    if pending == Pending::AsConfigured {
        migrate(config, &services).await?;
    }
    Ok(services)
}

/// What is in the directory is for Sluice's user only. One that exists keeps its mode.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

async fn migrate(config: &Config, services: &Services) -> Result<()> {
    let database = services.database();
    if config.database.migrate {
        return Migrator::up(database, None).await.context("the database could not be migrated");
    }
    let waiting = Migrator::get_pending_migrations(database).await.context("migrations cannot be listed")?;
    if !waiting.is_empty() {
        bail!("{} migrations are pending; run `sluice migrate up`", waiting.len());
    }
    Ok(())
}

/// A service's error for the person at the terminal, who may see the private part.
pub(crate) fn explain(error: domain::Error) -> anyhow::Error {
    let private = error.private_message();
    let fields: String = error
        .field_errors()
        .iter()
        .map(|f| format!("\n  {}: {} {}", f.field, f.code.sentence(), f.detail))
        .collect();
    let hint = error.code().next_step();
    match private.as_str() {
        "" => anyhow::anyhow!("{}{fields} {hint}", error.public_message()),
        _ => anyhow::anyhow!("{}{fields} {hint} ({private})", error.public_message()),
    }
}
