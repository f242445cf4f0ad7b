//! What leaves the log: by export, and for good.

use chrono::TimeDelta;
use domain::{
    audit::AuditFilter,
    log::{Category, Level, LogFilter, LogWindow, NewLogEntry},
};
use futures_util::{StreamExt, TryStreamExt};

use super::fixture::{Fixture, PROJECT, on_each_database};
use crate::log::query::Span;

/// `count` entries now; every tenth is an error.
async fn fill(f: &Fixture, count: usize) {
    let project = f.services.projects().get(&f.owner, PROJECT).await.unwrap().id;
    let entries = (0..count).map(|i| {
        let level = if i % 10 == 0 { Level::Error } else { Level::Info };
        NewLogEntry::new(project, f.clock.now(), level, Category::Connection, format!("entry {i}"))
    });
    f.services.logs().append(entries.collect()).await.unwrap();
}

async fn exported(f: &Fixture, filter: LogFilter) -> Vec<usize> {
    let pieces = f.services.logs().export(&f.reporter, PROJECT, filter).await.unwrap();
    pieces.map_ok(|piece| piece.len()).try_collect().await.unwrap()
}

#[test]
fn an_export_has_every_entry_once_and_in_pieces() {
    on_each_database(async |f: Fixture| {
        fill(&f, 1_700).await;
        let pieces = exported(&f, LogFilter::default()).await;
        assert_eq!(pieces, [500, 500, 500, 200]);
        let errors = LogFilter { level: Some(Level::Error), limit: Some(1), ..LogFilter::default() };
        assert_eq!(exported(&f, errors).await.iter().sum::<usize>(), 170, "a page's size is not an export's");
        f.clock.advance(TimeDelta::hours(2));
        fill(&f, 5).await;
        let recent = LogFilter { within: Some(LogWindow::Hour), ..LogFilter::default() };
        let mut pieces = Box::pin(f.services.logs().export(&f.reporter, PROJECT, recent).await.unwrap());
        f.clock.advance(TimeDelta::hours(2));
        let read = pieces.next().await.unwrap().unwrap();
        assert_eq!(read.len(), 5, "the hour is that before the request, however long the reading takes");
        assert!(pieces.next().await.is_none() && pieces.next().await.is_none(), "the end stays the end");
    });
}

#[test]
fn old_entries_are_deleted_and_the_trail_says_how_many() {
    on_each_database(async |f: Fixture| {
        fill(&f, 30).await;
        f.clock.advance(TimeDelta::days(8));
        fill(&f, 12).await;
        let week = f.clock.now() - TimeDelta::days(7);
        f.services.logs().clear(&f.owner, PROJECT, Some(week)).await.unwrap();
        let left = f.services.logs().list(&f.reporter, PROJECT, LogFilter::default()).await.unwrap();
        assert_eq!(left.items.len(), 12);
        let trail = f.services.audit().list(&f.owner, PROJECT, AuditFilter::default()).await.unwrap();
        assert_eq!(
            (trail.items[0].action.as_str(), &trail.items[0].change["entries"]),
            ("log.clear", &30.into())
        );
    });
}

#[test]
fn many_entries_are_deleted_in_portions_up_to_the_end() {
    on_each_database(async |f: Fixture| {
        fill(&f, 30).await;
        let page = f.services.logs().list(&f.reporter, PROJECT, LogFilter::default()).await.unwrap();
        let project = f.services.projects().get(&f.owner, PROJECT).await.unwrap().id;
        let kept = page.items[2].id;
        let span = Span { project, from: None, to: Some(kept) };
        assert_eq!(f.services.logs().delete(span, 9).await.unwrap(), 27, "three portions, the last one full");
        assert_eq!(f.services.logs().delete(span, 9).await.unwrap(), 0);
        let left = f.services.logs().list(&f.reporter, PROJECT, LogFilter::default()).await.unwrap();
        assert_eq!(left.items.last().map(|entry| entry.id), Some(kept), "the newest three stay");
        assert_eq!(left.items.len(), 3);
    });
}
