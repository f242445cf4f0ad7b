//! Server functions of the first page.

use domain::{
    Timestamp,
    home::{Attention, RecentChange},
    invitation::Offer,
    usage::UsagePoint,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::{error::AppError, project::api::ProjectLine};

/// Projects, and changes, that the page shows.
#[cfg(feature = "ssr")]
const SHOWN: u64 = 8;
#[cfg(feature = "ssr")]
const CHANGES: u64 = 10;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeView {
    pub projects: Vec<ProjectLine>,
    /// What the reader is invited to.
    pub offers: Vec<Offer>,
    pub attention: Vec<Attention>,
    pub changes: Vec<RecentChange>,
    /// Calls of the last 24 hours by hour.
    pub usage: Vec<UsagePoint>,
    pub now: Timestamp,
}

#[server(prefix = "/_fn", endpoint = "home/read", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_home() -> Result<HomeView, AppError> {
    let (services, caller) = signed_in()?;
    let projects = services.projects().first(&caller, SHOWN).await?;
    Ok(HomeView {
        projects: projects.into_iter().map(ProjectLine::from).collect(),
        offers: services.invitations().own(&caller).await?,
        attention: services.home().attention(&caller).await?,
        changes: services.home().changes(&caller, CHANGES).await?,
        usage: services.usage().visible(&caller, domain::usage::UsageRange::Day).await?,
        now: services.clock().now(),
    })
}
