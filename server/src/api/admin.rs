//! The installation itself, for platform administrators.

use axum::{
    Json,
    body::Body as HttpBody,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{
    audit::{AuditFilter, TrailPage},
    platform::{JobName, JobRun, JobStatus, OrganizationFilter, OrganizationsPage, SystemStatus},
};
use futures_util::StreamExt;
use http::{StatusCode, header};
use serde::Deserialize;
use services::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Body, Params};
use crate::edge::caller::SignedIn;

pub(super) fn routes() -> OpenApiRouter<Services> {
    OpenApiRouter::new()
        .routes(routes!(organizations))
        .routes(routes!(audit))
        .routes(routes!(export))
        .routes(routes!(system))
        .routes(routes!(jobs))
        .routes(routes!(run_job))
        .routes(routes!(test_mail))
}

/// Every organization of the installation, by short name.
#[utoipa::path(get, path = "/admin/organizations", tag = "platform", params(OrganizationFilter),
    responses((status = 200, body = OrganizationsPage)))]
async fn organizations(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Params(filter): Params<OrganizationFilter>,
) -> Answer<Json<OrganizationsPage>> {
    Ok(Json(services.organizations().search(&caller, filter).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Within {
    /// Short name of the organization whose changes are wanted; empty: all.
    #[serde(default)]
    organization: Option<String>,
}

/// Who changed what anywhere, newest first.
#[utoipa::path(get, path = "/audit", tag = "platform", params(Within, AuditFilter), responses((status = 200, body = TrailPage)))]
async fn audit(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Params(Within { organization }): Params<Within>,
    Params(filter): Params<AuditFilter>,
) -> Answer<Json<TrailPage>> {
    Ok(Json(services.audit().of_platform(&caller, organization.as_deref(), filter).await?))
}

/// All changes that pass the filter, newest first, as a file: a JSON object a line.
#[utoipa::path(get, path = "/audit/export", tag = "platform", params(Within, AuditFilter),
    responses((status = 200, content_type = "application/x-ndjson")))]
async fn export(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Params(Within { organization }): Params<Within>,
    Params(filter): Params<AuditFilter>,
) -> Answer<Response> {
    let pieces = services.audit().export(&caller, organization.as_deref(), filter).await?;
    // A piece that cannot be read breaks the answer off, so that nobody takes half of a trail for all of it.
    let body = pieces.map(|piece| {
        piece.map(|events| {
            let mut lines = Vec::new();
            for event in events {
                // Cannot fail: every member is a string, a number or a value of JSON.
                let _ = serde_json::to_writer(&mut lines, &event);
                lines.push(b'\n');
            }
            Bytes::from(lines)
        })
    });
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"sluice-audit.ndjson\""),
    ];
    Ok((headers, HttpBody::from_stream(body)).into_response())
}

/// How the installation fares: database, data plane, effective settings.
#[utoipa::path(get, path = "/system", tag = "platform", responses((status = 200, body = SystemStatus)))]
async fn system(State(services): State<Services>, SignedIn(caller): SignedIn) -> Answer<Json<SystemStatus>> {
    Ok(Json(services.platform().status(&caller).await?))
}

/// What is done in the background, with the last run of each.
#[utoipa::path(get, path = "/jobs", tag = "platform", responses((status = 200, body = Vec<JobStatus>)))]
async fn jobs(State(services): State<Services>, SignedIn(caller): SignedIn) -> Answer<Json<Vec<JobStatus>>> {
    Ok(Json(services.jobs().list(&caller).await?))
}

/// Run a job now; the answer is what it came to.
#[utoipa::path(post, path = "/jobs/{job}/run", tag = "platform", params(("job" = JobName, Path)),
    responses((status = 200, body = JobRun)))]
async fn run_job(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Path(job): Path<JobName>,
) -> Answer<Json<JobRun>> {
    Ok(Json(services.jobs().run(&caller, job).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TestMail {
    email: String,
    /// In which it is written: `en` or `ko`.
    #[serde(default)]
    language: Option<String>,
}

/// Send a mail to see whether mail works. The answer comes when the mail server has taken it.
#[utoipa::path(post, path = "/system/test-mail", tag = "platform", responses((status = 204)))]
async fn test_mail(
    State(services): State<Services>,
    SignedIn(caller): SignedIn,
    Body(TestMail { email, language }): Body<TestMail>,
) -> Answer<StatusCode> {
    services.mails().test(&caller, &email, language.as_deref().unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}
