//! What changes while somebody looks: server-sent events for pages and scripts.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Path, State},
    response::sse::{Event, KeepAlive, Sse},
};
use domain::log::{LogFilter, LogPage};
use futures_util::{Stream, StreamExt, stream};
use services::{Caller, Services};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Params};
use crate::edge::caller::SignedIn;

/// How often another process's writes are looked for; writes of this one come at once.
const POLL: Duration = Duration::from_secs(2);

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(events)).routes(routes!(tail))
}

/// An event `change` whenever a server's state or the log of the project changes.
#[utoipa::path(get, path = "/projects/{project}/events", tag = "live", params(("project" = String, Path)),
    responses((status = 200, content_type = "text/event-stream")))]
async fn events(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let project = services.projects().get(&caller, &project).await?;
    let activity = services.activity().subscribe(project.id);
    let changes = stream::unfold(activity, |mut activity| async move {
        activity.changed().await.ok()?;
        Some((Ok(Event::default().event("change").data("1")), activity))
    });
    // A first event at once, so that a page knows that it is connected.
    let first = stream::once(async { Ok(Event::default().event("open").data("1")) });
    Ok(Sse::new(first.chain(changes)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// New log entries as they come, oldest first; each event's data is one entry.
#[utoipa::path(get, path = "/projects/{project}/logs/tail", tag = "live", params(("project" = String, Path), LogFilter),
    responses((status = 200, content_type = "text/event-stream")))]
async fn tail(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(mut filter): Params<LogFilter>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let id = services.projects().get(&caller, &project).await?.id;
    if filter.after.is_none() {
        let newest = services
            .logs()
            .list(&caller, &project, LogFilter { limit: Some(1), ..LogFilter::default() })
            .await?;
        filter.after = newest.items.first().map(|entry| entry.id);
    }
    let activity = services.activity().subscribe(id);
    let state = (services, caller, project, filter, activity);
    let batches = stream::unfold(state, |(services, caller, project, mut filter, mut activity)| async move {
        loop {
            // A lost right, or a database that is gone, ends the stream; the client comes back.
            let page = read(&services, &caller, &project, &filter).await?;
            if let Some(newest) = page.items.first() {
                filter.after = Some(newest.id);
                let events = page.items.into_iter().rev().filter_map(|entry| {
                    let data = serde_json::to_string(&entry).ok()?;
                    Some(Ok(Event::default().event("log").id(entry.id.to_string()).data(data)))
                });
                return Some((
                    stream::iter(events.collect::<Vec<_>>()),
                    (services, caller, project, filter, activity),
                ));
            }
            let _ = tokio::time::timeout(POLL, activity.changed()).await;
        }
    });
    Ok(Sse::new(batches.flatten()).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

async fn read(services: &Services, caller: &Caller, project: &str, filter: &LogFilter) -> Option<LogPage> {
    services.logs().list(caller, project, filter.clone()).await.ok()
}
