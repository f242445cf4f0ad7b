//! `sluice migrate`.

use anyhow::Result;
use migrations::{Migrator, MigratorTrait};
use serde::Serialize;

use super::print_json;
use crate::{
    cli::Migrate,
    config::Config,
    open::{Pending, open},
};

#[derive(Serialize)]
struct Line {
    name: String,
    applied: bool,
}

pub(super) async fn run(config: &Config, action: Migrate) -> Result<()> {
    let services = open(config, Pending::Leave).await?;
    let database = services.database();
    match action {
        Migrate::Up => Migrator::up(database, None).await?,
        Migrate::Down => Migrator::down(database, Some(1)).await?,
        Migrate::Status { json } => {
            let applied: Vec<String> = Migrator::get_applied_migrations(database)
                .await?
                .iter()
                .map(|m| m.name().to_owned())
                .collect();
            let lines: Vec<Line> = Migrator::migrations()
                .iter()
                .map(|m| Line { name: m.name().to_owned(), applied: applied.iter().any(|a| a == m.name()) })
                .collect();
            if json {
                return print_json(&lines);
            }
            for line in lines {
                println!("{} {}", if line.applied { "applied" } else { "pending" }, line.name);
            }
        }
    }
    Ok(())
}
