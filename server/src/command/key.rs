//! `sluice key`.

use anyhow::{Context, Result};
use domain::key::{self, NewKey, SecretKind};
use services::{Caller, Entropy};

use super::print_json;
use crate::{
    cli::KeyAction,
    config::Config,
    open::{Pending, explain, open},
};

pub(super) async fn run(config: &Config, action: KeyAction) -> Result<()> {
    let KeyAction::Create { project, name, expires, json } = action else { return generate() };
    let services = open(config, Pending::AsConfigured).await?;
    let input = NewKey { expires_in_days: expires, ..NewKey::named(name) };
    let created = services.keys().create(&Caller::system(), &project, input).await.map_err(explain)?;
    if json {
        return print_json(&created);
    }
    println!("{}", created.secret.expose_secret());
    Ok(())
}

/// Prints a key that is as strong as one made by the console, without touching any database.
pub(super) fn generate() -> Result<()> {
    let mut random = [0_u8; 2 * key::RANDOM_CHARS];
    Entropy::os().fill(&mut random);
    let secret = key::format_secret(SecretKind::ApiKey, &random).context("the random source is broken")?;
    println!("{}", secret.expose_secret());
    Ok(())
}
