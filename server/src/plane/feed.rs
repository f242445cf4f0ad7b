//! Keeps the data plane's directory fresh.
//!
//! A change in this process wakes the feed at once, and the change's author waits for it, so that a
//! revoked key is refused at the next request. A change in another process is found by polling one
//! row: `docs/decisions/0003-change-feed.md`.

use std::time::Duration;

use gateway::Gateway;
use services::{
    Services,
    snapshot::{Generations, Snapshot},
};
use tokio_util::sync::CancellationToken;

use super::snapshot;

/// How often the revision is looked at for changes of other processes.
const POLL: Duration = Duration::from_millis(500);

/// Loads the first snapshot, then follows until `stop`.
pub(crate) async fn start(
    services: Services,
    gateway: Gateway,
    stop: CancellationToken,
) -> domain::Result<()> {
    let attached = services.changes().attach();
    let mut wake = services.changes().subscribe();
    let first = services.snapshot().await?;
    let mut applied = first.revision;
    let mut running = running_in(&first);
    gateway.replace(snapshot::directory(first));
    attached.ack(applied);

    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                changed = wake.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(POLL) => {}
            }
            match refresh(&services, &gateway, applied, &mut running).await {
                Ok(revision) => {
                    applied = revision;
                    attached.ack(revision);
                }
                // The last snapshot stays in force; the data plane does not need the database.
                Err(error) => tracing::warn!(
                    cause = error.private_message(),
                    "the configuration could not be read again"
                ),
            }
        }
    });
    Ok(())
}

/// Servers of which the data plane has everything that they said.
fn running_in(snapshot: &Snapshot) -> Generations {
    let enabled = snapshot.servers.iter().filter(|server| server.enabled);
    enabled.map(|server| (server.id, server.generation)).collect()
}

async fn refresh(
    services: &Services,
    gateway: &Gateway,
    applied: u64,
    running: &mut Generations,
) -> domain::Result<u64> {
    if services.changes().current().await? == applied {
        return Ok(applied);
    }
    let snapshot = services.snapshot_beside(running).await?;
    let revision = snapshot.revision;
    *running = running_in(&snapshot);
    gateway.replace(snapshot::directory(snapshot));
    Ok(revision)
}
