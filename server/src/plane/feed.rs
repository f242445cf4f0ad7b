//! Keeps the data plane's directory fresh.
//!
//! A change in this process wakes the feed at once, and the change's author waits for it, so that a
//! revoked key is refused at the next request. A change in another process is found by polling one
//! row: `docs/decisions/0003-change-feed.md`.

use std::time::Duration;

use gateway::Gateway;
use services::Services;
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
    gateway.replace(snapshot::directory(first));
    attached.ack(applied);

    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                changed = wake.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(POLL) => {}
            }
            match refresh(&services, &gateway, applied).await {
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

async fn refresh(services: &Services, gateway: &Gateway, applied: u64) -> domain::Result<u64> {
    if services.changes().current().await? == applied {
        return Ok(applied);
    }
    let snapshot = services.snapshot().await?;
    let revision = snapshot.revision;
    gateway.replace(snapshot::directory(snapshot));
    Ok(revision)
}
