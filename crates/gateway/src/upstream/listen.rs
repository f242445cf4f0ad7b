//! The stream of a modern server's notifications that belong to no request: `subscriptions/listen`
//! (2026-07-28), opened once for all sessions of a connection and anew whenever they subscribe to
//! something else.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde_json::json;
use tokio::time::sleep;
use wire::{envelope, method};

use super::Connection;
use crate::bridge;

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
    loop {
        subscriptions.mark_unchanged();
        let wanted = connection.subscribed();
        let Some(params) = filter(connection, &wanted) else { return };
        let params = bridge::stamped(Some(&params), None, None);
        let opened = tokio::time::Instant::now();
        let changed = async {
            loop {
                if subscriptions.changed().await.is_err() {
                    // The upstream has gone, and with it soon the connection.
                    return std::future::pending().await;
                }
                if connection.subscribed() != wanted {
                    return;
                }
            }
        };
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
                // A server without such a stream says so once and for all.
                if matches!(answer, Ok(crate::mux::Answer::Upstream(Err(_)))) {
                    return;
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

/// What to listen for; none when the server announces nothing.
fn filter(connection: &Connection, wanted: &BTreeSet<String>) -> Option<Box<serde_json::value::RawValue>> {
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
    if hello.announces("resources", "subscribe") && !wanted.is_empty() {
        filter.insert("resourceSubscriptions".to_owned(), json!(wanted));
    }
    (!filter.is_empty()).then(|| envelope::raw(json!({ "notifications": filter }).to_string()))
}
