use domain::{audit::AuditFilter, key::NewKey};

use super::fixture::{Fixture, PROJECT, on_each_database, remote};

#[test]
fn the_trail_is_paged_and_filtered_by_person_and_noun() {
    on_each_database(async |f: Fixture| {
        for name in ["a", "b", "c"] {
            f.services.servers().create(&f.developer, PROJECT, remote(name)).await.unwrap();
        }
        let key = NewKey::named("laptop");
        f.services.keys().create(&f.owner, PROJECT, key).await.unwrap();
        let list = async |filter: AuditFilter| {
            let page = f.services.audit().list(&f.reporter, PROJECT, filter).await.unwrap();
            (page.items.into_iter().map(|event| event.target).collect::<Vec<_>>(), page.next)
        };
        let servers = |before| AuditFilter {
            noun: Some("server".into()),
            limit: Some(2),
            before,
            ..AuditFilter::default()
        };
        let (first, next) = list(servers(None)).await;
        assert_eq!(first, ["c", "b"]);
        assert_eq!(list(servers(next)).await, (vec!["a".to_owned()], None));
        let by = |person: &str| AuditFilter { person: Some(person.into()), ..AuditFilter::default() };
        assert_eq!(list(by("DEVELOPER")).await.0, ["c", "b", "a"]);
        assert_eq!(list(by("owner@")).await.0, ["laptop"]);
        assert!(list(by("%")).await.0.is_empty(), "a sign of patterns is a sign like any other");
        assert!(list(AuditFilter { noun: Some("ser".into()), ..AuditFilter::default() }).await.0.is_empty());
    });
}
