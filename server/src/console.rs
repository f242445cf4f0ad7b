pub(crate) fn router(_services: &services::Services) -> axum::Router<services::Services> {
    axum::Router::new()
}
