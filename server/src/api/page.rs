//! Lists that come in pages.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    offer::{OfferFilter, OffersPage},
    project::{Project, ProjectFilter, ProjectsPage},
    tool::{ListedTool, Shown, ToolFilter, ToolsPage},
};
use http::header;
use serde::Serialize;
use url::form_urlencoded;

/// A page of a list, and where the next is (RFC 8288).
pub(super) struct Page<T> {
    items: Vec<T>,
    /// The query of the next page.
    next: Option<String>,
}

/// What was asked, with another place in the list. What was not asked is left out.
fn query<const N: usize>(said: [(&str, Option<String>); N]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(said.into_iter().filter_map(|(name, value)| Some((name, value?))));
    query.finish()
}

impl Page<Project> {
    pub(super) fn of(page: ProjectsPage, filter: &ProjectFilter) -> Self {
        let next = page.next.map(|after| {
            let (q, organization) = (filter.q.clone(), filter.organization.clone());
            query([("q", q), ("organization", organization), ("after", Some(after))])
        });
        Self { items: page.items, next }
    }
}

impl<T> Page<T> {
    pub(super) fn of_offers(page: OffersPage<T>, filter: &OfferFilter) -> Self {
        let next = page.next.map(|next| {
            let limit = filter.limit.map(|limit| limit.to_string());
            query([("q", filter.q.clone()), ("limit", limit), ("page", Some(next.to_string()))])
        });
        Self { items: page.items, next }
    }

    /// Tools as `view` shows each; `server` is what a project's tools are narrowed to.
    pub(super) fn of_tools(
        page: ToolsPage,
        filter: &ToolFilter,
        server: Option<String>,
        view: impl Fn(ListedTool) -> T,
    ) -> Self {
        let next = page.next.map(|next| {
            let show = filter.show.map(|show| match show {
                Shown::Shown => "shown".to_owned(),
                Shown::Hidden => "hidden".to_owned(),
            });
            query([
                ("q", filter.q.clone()),
                ("server", server),
                ("show", show),
                ("limit", filter.limit.map(|limit| limit.to_string())),
                ("page", Some(next.to_string())),
            ])
        });
        Self { items: page.items.into_iter().map(view).collect(), next }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let link = self.next.map(|query| [(header::LINK, format!("<?{query}>; rel=\"next\""))]);
        (link, Json(self.items)).into_response()
    }
}
