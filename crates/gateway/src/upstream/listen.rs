//! The stream of a modern server's notifications that belong to no request: `subscriptions/listen`
//! (2026-07-28), opened once for all sessions of a connection and anew whenever they subscribe to
//! something else.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde_json::json;
use tokio::time::sleep;
use wire::{Version, envelope, method};

use super::Connection;
use crate::{bridge, session::Client};

/// What sessions want to hear of, or a server tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) resources: BTreeSet<String>,
    /// By the server's own ids.
    pub(crate) tasks: BTreeSet<String>,
}

impl Wanted {
    pub(crate) fn has(&self, other: &Wanted) -> bool {
        other.resources.is_subset(&self.resources) && other.tasks.is_subset(&self.tasks)
    }
}

/// As good as forever: the stream ends when it is closed.
const LIMIT: Duration = Duration::from_secs(365 * 24 * 3_600);
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_LAST: Duration = Duration::from_secs(60);

/// Keeps the stream open for as long as the connection stands.
pub(super) fn keep(connection: &Arc<Connection>) {
    let connection = connection.clone();
    connection.plane.tasks.clone().spawn(async move {
        tokio::select! {
            () = connection.ended() => {}
            () = keep_listening(&connection) => {}
        }
    });
}

async fn keep_listening(connection: &Arc<Connection>) {
    let mut delay = RETRY_FIRST;
    // Ended only when the next one stands, so that nothing is missed in between.
    let mut before: Option<u64> = None;
    let Some(mut subscriptions) =
        connection.upstream.upgrade().map(|upstream| upstream.resubscribe.subscribe())
    else {
        return;
    };
    // What one client follows must not cost the others their news.
    let mut refused = BTreeSet::new();
    loop {
        subscriptions.mark_unchanged();
        let wanted = connection.wanted();
        let tasks: BTreeSet<_> = wanted.tasks.difference(&refused).cloned().collect();
        let changed = async {
            loop {
                if subscriptions.changed().await.is_err() {
                    // The upstream has gone, and with it soon the connection.
                    return std::future::pending().await;
                }
                if connection.wanted() != wanted {
                    return;
                }
            }
        };
        // A server may have nothing to tell until somebody wants something.
        let Some(params) = filter(connection, &wanted.resources, &tasks) else {
            changed.await;
            continue;
        };
        let params = bridge::stamped(Some(&params), (!tasks.is_empty()).then(knowing_tasks).as_ref(), None);
        let opened = tokio::time::Instant::now();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let outgoing = super::Outgoing { method: method::LISTEN, params: Some(&params), forward: None };
        let waiter = crate::mux::Waiter::Internal(sender);
        let request = connection.prepare(outgoing);
        let ours = request.id;
        if connection.begin(waiter, request, LIMIT, LIMIT).is_err() {
            return;
        }
        if let Some(before) = before.take().filter(|before| connection.mux.take(*before).is_some()) {
            connection.cancel(before, "listening anew");
        }
        tokio::select! {
            answer = receiver => {
                if matches!(answer, Ok(crate::mux::Answer::Upstream(Err(_)))) {
                    if tasks.is_empty() {
                        // A server without such a stream says so once and for all.
                        return;
                    }
                    refused.extend(tasks);
                    continue;
                }
                if opened.elapsed() > RETRY_LAST {
                    delay = RETRY_FIRST;
                }
                sleep(delay).await;
                delay = (delay * 2).min(RETRY_LAST);
            }
            () = changed => before = Some(ours),
        }
    }
}

/// Servers tell of tasks only to who says that it knows them.
fn knowing_tasks() -> Client {
    let capabilities = json!({ "extensions": { method::TASKS: {} } });
    let capabilities = Some(envelope::raw(capabilities.to_string()));
    Client { version: Version::LATEST, capabilities, info: None }
}

/// What to listen for; none when there is nothing.
fn filter(
    connection: &Connection,
    resources: &BTreeSet<String>,
    tasks: &BTreeSet<String>,
) -> Option<Box<serde_json::value::RawValue>> {
    let hello = connection.hello()?;
    let mut filter = serde_json::Map::new();
    for (list, name) in [
        ("tools", "toolsListChanged"),
        ("prompts", "promptsListChanged"),
        ("resources", "resourcesListChanged"),
    ] {
        if hello.announces(list, "listChanged") {
            filter.insert(name.to_owned(), json!(true));
        }
    }
    if hello.announces("resources", "subscribe") && !resources.is_empty() {
        filter.insert("resourceSubscriptions".to_owned(), json!(resources));
    }
    if !tasks.is_empty() {
        filter.insert("taskIds".to_owned(), json!(tasks));
    }
    (!filter.is_empty()).then(|| envelope::raw(json!({ "notifications": filter }).to_string()))
}
