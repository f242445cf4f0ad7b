//! Projects that ask for no key.

use domain::{
    Code,
    log::{Category, Level, LogFilter},
    project::{Access, ProjectSettings},
};

use super::fixture::{Fixture, PROJECT, on_each_database};

fn settings(access: Access) -> ProjectSettings {
    ProjectSettings {
        slug: "payments".into(),
        name: "payments".into(),
        description: String::new(),
        log_payloads: false,
        log_retention_days: 30,
        access,
    }
}

#[test]
fn opening_a_project_is_the_owners_and_is_told() {
    on_each_database(async |f: Fixture| {
        let projects = f.services.projects();
        let before = projects.get(&f.reporter, PROJECT).await.unwrap();
        assert_eq!((before.access, before.open), (Access::Key, false));
        for caller in [&f.developer, &f.reporter] {
            let refused = projects.update(caller, PROJECT, settings(Access::Open)).await.unwrap_err();
            assert_eq!(refused.code(), Code::Forbidden);
        }
        let opened = projects.update(&f.owner, PROJECT, settings(Access::Open)).await.unwrap();
        assert_eq!((opened.access, opened.open), (Access::Open, true));
        assert!(f.services.snapshot().await.unwrap().projects.iter().any(|p| p.open));
        projects.update(&f.owner, PROJECT, settings(Access::Open)).await.unwrap();
        projects.update(&f.owner, PROJECT, settings(Access::Key)).await.unwrap();
        assert!(!f.services.snapshot().await.unwrap().projects.iter().any(|p| p.open));

        let log = f.services.logs().list(&f.reporter, PROJECT, LogFilter::default()).await.unwrap();
        let levels: Vec<_> = log.items.iter().map(|entry| (entry.level, entry.category)).collect();
        assert_eq!(
            levels,
            [(Level::Info, Category::Configuration), (Level::Warning, Category::Configuration)],
            "each change once"
        );
        assert!(log.items[1].message.contains("without a key"), "{}", log.items[1].message);
        let events = f.services.audit().list(&f.owner, PROJECT, Default::default()).await.unwrap().items;
        let changes: Vec<_> = events
            .iter()
            .filter(|event| event.action == "project.access")
            .map(|event| event.change["access"].to_string())
            .collect();
        assert_eq!(changes, [r#"["open","key"]"#, r#"["key","open"]"#]);
    });
}
