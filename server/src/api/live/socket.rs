//! The feed of a project over WebSocket (RFC 6455): the news as JSON text, one message each.

use std::{pin::pin, time::Duration};

use axum::{
    Extension,
    extract::{
        Path, State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::{IntoResponse, Response},
};
use domain::{Code, Error, Kind, log::LogFilter};
use futures_util::{SinkExt, Stream, StreamExt};
use http::{StatusCode, header};
use serde::Deserialize;
use services::Services;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{Feeds, News, Only, Source, feeds::Place};
use crate::{
    api::{Answer, Params},
    edge::{caller::SignedIn, problem::Problem},
};

const PING: Duration = Duration::from_secs(20);
/// A client that is silent for so long, pongs included, is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a message may wait for a client that does not read.
const STUCK: Duration = Duration::from_secs(60);
/// How long a client may take to answer a close.
const GOODBYE: Duration = Duration::from_secs(1);
/// Clients have nothing to say.
const HEARD_BYTES: usize = 4 * 1024;

/// Close codes; those above 4000 are ours (RFC 6455 §7.4.2), after HTTP's.
const GOING_AWAY: u16 = 1001;
const UNSUPPORTED: u16 = 1003;
const FAILED: u16 = 1011;
const UNAUTHENTICATED: u16 = 4401;
const FORBIDDEN: u16 = 4403;
const SILENT: u16 = 4408;

#[derive(Deserialize, utoipa::IntoParams)]
pub(super) struct What {
    /// Only the log's entries, or only the servers' states; both if left out.
    #[param(inline)]
    only: Option<Only>,
}

/// States of servers and log entries as they happen, over WebSocket. Each text message is one object
/// with a `type`: first `open`, then a `status` for each server, then what changes. The filters are those
/// of the log; `after` goes on from an entry's id or from the position of an earlier `open` or `gap`.
#[utoipa::path(get, path = "/projects/{project}/feed", tag = "live",
    params(("project" = String, Path), What, LogFilter),
    responses((status = 101, description = "The feed begins.", body = News),
        (status = 426, description = "Not a WebSocket.")))]
pub(super) async fn feed(
    State(services): State<Services>,
    Extension(feeds): Extension<Feeds>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(What { only }): Params<What>,
    Params(filter): Params<LogFilter>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let user = caller.subject().user;
    let source = Source::open(services, caller, &project, filter, only).await?;
    let Ok(upgrade) = upgrade else {
        let problem = Problem::from(Error::new(Code::UpgradeNeeded));
        return Ok((StatusCode::UPGRADE_REQUIRED, [(header::UPGRADE, "websocket")], problem).into_response());
    };
    let place = feeds.enter(user)?;
    let upgrade = upgrade.max_message_size(HEARD_BYTES).max_frame_size(HEARD_BYTES);
    Ok(upgrade.on_upgrade(|socket| run(socket, source.news(), place)))
}

async fn run(mut socket: WebSocket, news: impl Stream<Item = domain::Result<Vec<News>>>, place: Place) {
    let Some(end) = tell(&mut socket, news, &place).await else { return };
    let close = socket.send(Message::Close(Some(end)));
    if timeout(GOODBYE, close).await.is_ok_and(|sent| sent.is_ok()) {
        // A connection that is dropped with something unread takes the close with it.
        let _ = timeout(GOODBYE, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
    }
}

/// Tells the news until the end, which is said to the client if it is still there.
async fn tell(
    socket: &mut WebSocket,
    news: impl Stream<Item = domain::Result<Vec<News>>>,
    place: &Place,
) -> Option<CloseFrame> {
    let (mut news, mut stopping) = (pin!(news), pin!(place.stopping()));
    let mut pings = interval_at(Instant::now() + PING, PING);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        let sent = tokio::select! {
            () = &mut stopping => return Some(close(GOING_AWAY, "Sluice is stopping; come back and go on with after=")),
            message = socket.recv() => match message {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    heard = Instant::now();
                    continue;
                }
                Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                    return Some(close(UNSUPPORTED, "this feed takes no messages"));
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            },
            found = news.next() => match found {
                Some(Ok(news)) => timeout(STUCK, send(socket, news)).await,
                Some(Err(error)) => return Some(ended(&error)),
                None => return None,
            },
            _ = pings.tick() => {
                if heard.elapsed() > SILENCE {
                    return Some(close(SILENT, "no answer to pings"));
                }
                timeout(STUCK, socket.send(Message::Ping(Default::default()))).await
            }
        };
        // Gone, or it has not read for so long that a close would wait as well.
        if !sent.is_ok_and(|sent| sent.is_ok()) {
            return None;
        }
    }
}

async fn send(socket: &mut WebSocket, news: Vec<News>) -> Result<(), axum::Error> {
    for one in &news {
        let text = serde_json::to_string(one).map_err(axum::Error::new)?;
        socket.feed(Message::Text(text.into())).await?;
    }
    socket.flush().await
}

fn ended(error: &Error) -> CloseFrame {
    match error.kind() {
        Kind::Unauthenticated => close(UNAUTHENTICATED, error.code().name()),
        Kind::Forbidden | Kind::NotFound => close(FORBIDDEN, error.code().name()),
        _ => {
            tracing::warn!(cause = error.private_message(), "a feed could not be read");
            close(FAILED, error.code().name())
        }
    }
}

fn close(code: u16, reason: &'static str) -> CloseFrame {
    CloseFrame { code, reason: reason.into() }
}
