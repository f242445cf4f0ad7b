//! A project's log.

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{
    LogId,
    log::{LogDetail, LogFilter, LogPage, LogSummary},
};
use futures_util::{StreamExt, stream};
use http::{StatusCode, header};
use serde::Deserialize;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::export::Format;
use super::{Answer, Params};
use crate::edge::caller::SignedIn;

mod export;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(list, clear))
        .routes(routes!(get))
        .routes(routes!(summary))
        .routes(routes!(export))
}

/// List log entries, newest first.
#[utoipa::path(get, path = "/projects/{project}/logs", tag = "logs", params(("project" = String, Path), LogFilter),
    responses((status = 200, body = LogPage)))]
async fn list(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(filter): Params<LogFilter>,
) -> Answer<Json<LogPage>> {
    Ok(Json(services.logs().list(&caller, &project, filter).await?))
}

/// Get one log entry, with the calls of its session around it.
#[utoipa::path(get, path = "/projects/{project}/logs/{entry}", tag = "logs",
    params(("project" = String, Path), ("entry" = LogId, Path)), responses((status = 200, body = LogDetail)))]
async fn get(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path((project, entry)): Path<(String, LogId)>,
) -> Answer<Json<LogDetail>> {
    Ok(Json(services.logs().get(&caller, &project, entry).await?))
}

/// Count log entries by level and category within the filter's time; its other members do not matter.
#[utoipa::path(get, path = "/projects/{project}/logs/summary", tag = "logs", params(("project" = String, Path), LogFilter),
    responses((status = 200, body = LogSummary)))]
async fn summary(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(filter): Params<LogFilter>,
) -> Answer<Json<LogSummary>> {
    Ok(Json(services.logs().summary(&caller, &project, filter).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct As {
    #[serde(default)]
    format: Format,
}

/// All entries that pass the filter, newest first, as a file: a JSON object a line, or CSV (RFC 4180).
#[utoipa::path(get, path = "/projects/{project}/logs/export", tag = "logs", params(("project" = String, Path), As, LogFilter),
    responses((status = 200, content_type = "application/x-ndjson"), (status = 200, content_type = "text/csv")))]
async fn export(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(As { format }): Params<As>,
    Params(filter): Params<LogFilter>,
) -> Answer<Response> {
    let pieces = services.logs().export(&caller, &project, filter).await?;
    let head = stream::iter(format.head().map(|head| Ok(Bytes::from(head))));
    // A piece that cannot be read breaks the answer off, so that nobody takes half of a log for all of it.
    let body = pieces.map(move |piece| piece.map(|entries| format.lines(&entries)));
    let body = head.chain(body);
    let name: String =
        project.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    let disposition = format!("attachment; filename=\"{name}-logs.{}\"", format.extension());
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Before {
    /// Only entries written before this moment.
    before: Option<DateTime<Utc>>,
}

/// Delete log entries of a project: all, or those older than a moment.
#[utoipa::path(delete, path = "/projects/{project}/logs", tag = "logs", params(("project" = String, Path), Before),
    responses((status = 204)))]
async fn clear(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(project): Path<String>,
    Params(Before { before }): Params<Before>,
) -> Answer<StatusCode> {
    services.logs().clear(&caller, &project, before).await?;
    Ok(StatusCode::NO_CONTENT)
}
