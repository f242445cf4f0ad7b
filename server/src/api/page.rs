//! Lists that come in pages.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::project::{Project, ProjectFilter, ProjectsPage};
use http::header;
use serde::Serialize;
use url::form_urlencoded;

/// A page of a list, and where the next is (RFC 8288).
pub(super) struct Page<T> {
    items: Vec<T>,
    /// The query of the next page.
    next: Option<String>,
}

impl Page<Project> {
    pub(super) fn of(page: ProjectsPage, filter: &ProjectFilter) -> Self {
        let next = page.next.map(|after| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            let kept = [("q", &filter.q), ("organization", &filter.organization), ("after", &Some(after))];
            query.extend_pairs(kept.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))));
            query.finish()
        });
        Self { items: page.items, next }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let link = self.next.map(|query| [(header::LINK, format!("<?{query}>; rel=\"next\""))]);
        (link, Json(self.items)).into_response()
    }
}
