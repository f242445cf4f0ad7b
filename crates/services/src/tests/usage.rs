use chrono::TimeDelta;
use domain::{
    ServerId, Timestamp,
    log::{Category, Level, NewLogEntry, Outcome},
    usage::UsageRange,
};

use super::fixture::{Fixture, PROJECT, on_each_database};

async fn call(
    f: &Fixture,
    project: &str,
    at: Timestamp,
    tool: &str,
    outcome: Outcome,
    ms: u64,
) -> NewLogEntry {
    let project = f.services.projects().get(&f.admin, project).await.unwrap().id;
    NewLogEntry {
        server: Some(ServerId::new(1, [4; 10])),
        server_name: Some("files".into()),
        tool: Some(tool.into()),
        outcome: Some(outcome),
        duration_ms: Some(ms),
        ..NewLogEntry::new(project, at, Level::Info, Category::ToolExecution, "Answered.")
    }
}

#[test]
fn calls_are_counted_in_their_hours_over_several_batches() {
    on_each_database(async |f: Fixture| {
        let (logs, usage, now) = (f.services.logs(), f.services.usage(), f.clock.now());
        let earlier = now - TimeDelta::hours(5);
        let batch = vec![
            call(&f, PROJECT, now, "echo", Outcome::Ok, 10).await,
            call(&f, PROJECT, now, "echo", Outcome::ToolError, 30).await,
            call(&f, PROJECT, earlier, "read", Outcome::Failed, 500).await,
            NewLogEntry { outcome: None, ..call(&f, PROJECT, now, "echo", Outcome::Ok, 10).await },
            NewLogEntry {
                category: Category::Connection,
                ..call(&f, PROJECT, now, "x", Outcome::Ok, 10).await
            },
        ];
        logs.append(batch).await.unwrap();
        logs.append(vec![
            call(&f, PROJECT, now, "echo", Outcome::Cancelled, 20).await,
            call(&f, "other.shop", now, "echo", Outcome::Ok, 20).await,
        ])
        .await
        .unwrap();

        let day = usage.project(&f.reporter, PROJECT, UsageRange::Day).await.unwrap();
        assert_eq!((day.points.len(), day.calls, day.errors), (24, 4, 2));
        assert!(day.points.windows(2).all(|pair| pair[1].at - pair[0].at == TimeDelta::hours(1)));
        let last = &day.points[23];
        assert!(last.at <= now && now < last.at + TimeDelta::hours(1), "the last hour is this one");
        assert_eq!((last.calls, last.errors), (3, 1));
        assert_eq!((day.points[18].calls, day.points[18].errors), (1, 1));
        let tools: Vec<_> = day.slowest.iter().map(|t| (t.tool.as_str(), t.mean_ms, t.max_ms)).collect();
        assert_eq!(tools, [("read", 500, 500), ("echo", 20, 30)]);
        assert_eq!(day.failing.iter().map(|t| (t.calls, t.errors)).collect::<Vec<_>>(), [(3, 1), (1, 1)]);
        assert_eq!(day.slowest[0].server, "files");

        let sum = |points: Vec<domain::usage::UsagePoint>| points.iter().map(|p| p.calls).sum::<u64>();
        let visible = async |caller, range| sum(usage.visible(caller, range).await.unwrap());
        assert_eq!(visible(&f.reporter, UsageRange::Day).await, 4);
        assert_eq!(visible(&f.stranger, UsageRange::Week).await, 1, "another tenant's calls are not theirs");
        assert_eq!(visible(&f.admin, UsageRange::Month).await, 5);
    });
}

#[test]
fn a_range_leaves_out_what_is_older_and_has_no_gaps() {
    on_each_database(async |f: Fixture| {
        let (logs, usage, now) = (f.services.logs(), f.services.usage(), f.clock.now());
        for days in [0, 3, 10, 40] {
            let at = now - TimeDelta::days(days);
            logs.append(vec![call(&f, PROJECT, at, "echo", Outcome::Ok, 1).await]).await.unwrap();
        }
        for (range, points, calls) in
            [(UsageRange::Day, 24, 1), (UsageRange::Week, 28, 2), (UsageRange::Month, 30, 3)]
        {
            let told = usage.project(&f.reporter, PROJECT, range).await.unwrap();
            assert_eq!((told.points.len(), told.calls), (points, calls), "{range}");
            let step = TimeDelta::hours(range.step_hours().into());
            assert!(told.points.windows(2).all(|pair| pair[1].at - pair[0].at == step), "{range}");
            assert!(told.points.last().unwrap().at <= now && now < told.points.last().unwrap().at + step);
        }
        f.services.prune().await.unwrap();
        f.clock.advance(TimeDelta::days(-20));
        let before = usage.project(&f.reporter, PROJECT, UsageRange::Month).await.unwrap();
        assert_eq!(before.calls, 0, "what outlived its retention is gone, the rest is later than this clock");
    });
}
