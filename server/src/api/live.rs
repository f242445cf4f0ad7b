//! What changes while somebody looks: server-sent events for pages, and the feed for scripts.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Path, State},
    response::sse::{Event, KeepAlive, Sse},
};
use domain::log::LogFilter;
use futures_util::{Stream, StreamExt, stream};
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::feeds::Feeds;
use self::source::{News, Only, Source};
use super::{Answer, Params};
use crate::edge::caller::SignedIn;

mod feeds;
mod socket;
mod source;
#[cfg(test)]
mod tests;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new().routes(routes!(events)).routes(routes!(tail)).routes(routes!(socket::feed))
}

/// An event `change` whenever a server's state or the log of the project changes.
#[utoipa::path(get, path = "/projects/{project}/events", tag = "live", params(("project" = String, Path)),
    responses((status = 200, content_type = "text/event-stream")))]
async fn events(
    State(services): State<Services>,
    Extension(feeds): Extension<Feeds>,
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
    let events = first.chain(changes).take_until(feeds.stopping());
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// New log entries as they come, oldest first; each event `log` holds one entry. Whoever reads so slowly
/// that it falls far behind gets an event `gap` with how many it missed.
#[utoipa::path(get, path = "/projects/{project}/logs/tail", tag = "live", params(("project" = String, Path), LogFilter),
    responses((status = 200, content_type = "text/event-stream")))]
async fn tail(
    State(services): State<Services>,
    Extension(feeds): Extension<Feeds>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(filter): Params<LogFilter>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let source = Source::open(services, caller, &project, filter, Some(Only::Log)).await?;
    // A lost right, or a database that is gone, ends the stream; the client comes back.
    let told = source.news().take_while(|news| std::future::ready(news.is_ok()));
    let events = told.map(|news| stream::iter(news.unwrap_or_default().into_iter().filter_map(event)));
    let events = events.flatten().take_until(feeds.stopping());
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

fn event(news: News) -> Option<Result<Event, Infallible>> {
    let event = match &news {
        News::Log { entry } => {
            let data = serde_json::to_string(entry).ok()?;
            Event::default().event("log").id(entry.id.to_string()).data(data)
        }
        News::Gap { .. } => Event::default().event("gap").data(serde_json::to_string(&news).ok()?),
        News::Open { .. } | News::Status { .. } | News::Removed { .. } => return None,
    };
    Some(Ok(event))
}
