//! The log where there is much of it: what is looked at stays bounded, and nothing is passed over.

use chrono::TimeDelta;
use domain::{
    LogId,
    log::{Category, Level, LogEntry, LogFilter, LogWindow, NewLogEntry, Outcome},
};
use sea_orm::{ConnectionTrait, DbBackend, QueryOrder, QuerySelect, QueryTrait, Select};

use super::fixture::{Fixture, PROJECT, on_each_database};
use crate::{
    entity::log_entry,
    log::query::{Span, narrow},
};

/// Entries of one second each, oldest first; every `rare`-th is an error of the tool `rare`.
async fn fill(f: &Fixture, count: usize, rare: usize) {
    let project = f.services.projects().get(&f.owner, PROJECT).await.unwrap().id;
    for batch in (0..count).collect::<Vec<_>>().chunks(1_000) {
        let entries = batch.iter().map(|i| {
            let is_rare = i % rare == 0;
            NewLogEntry {
                tool: Some(if is_rare { "rare" } else { "echo" }.into()),
                session: Some(format!("s{}", i / 50)),
                key_name: Some("laptop".into()),
                outcome: Some(if is_rare { Outcome::Failed } else { Outcome::Ok }),
                duration_ms: Some(3),
                arguments: Some(format!("{{\"n\":{i}}}")),
                result: Some("[]".into()),
                ..NewLogEntry::new(
                    project,
                    f.clock.now(),
                    if is_rare { Level::Error } else { Level::Info },
                    Category::ToolExecution,
                    "Answered.",
                )
            }
        });
        f.services.logs().append(entries.collect()).await.unwrap();
        f.clock.advance(TimeDelta::minutes(10));
    }
}

fn tool(name: &str) -> LogFilter {
    LogFilter { tool: Some(name.into()), ..LogFilter::default() }
}

#[test]
fn a_rare_entry_is_found_by_going_on_from_where_a_search_stopped() {
    on_each_database(async |f: Fixture| {
        fill(&f, 30_000, 30_000).await;
        let logs = f.services.logs();
        let first = logs.list(&f.reporter, PROJECT, tool("rare")).await.unwrap();
        assert!(first.items.is_empty(), "the only one is the oldest of all");
        let (next, stopped) = (first.next.unwrap(), first.searched_to.unwrap());
        assert!(
            stopped < f.clock.now() - TimeDelta::minutes(190),
            "20 of 30 batches of 10 minutes were searched"
        );
        let second =
            logs.list(&f.reporter, PROJECT, LogFilter { before: Some(next), ..tool("rare") }).await.unwrap();
        assert_eq!((second.items.len(), second.next, second.searched_to), (1, None, None));

        let often = logs.list(&f.reporter, PROJECT, tool("echo")).await.unwrap();
        assert_eq!(
            (often.items.len(), often.searched_to),
            (50, None),
            "a full page says nothing of searching"
        );
        assert_eq!(often.next, often.items.last().map(|entry| entry.id));
        let text = LogFilter { text: Some("\"N\":29999}".into()), ..LogFilter::default() };
        assert_eq!(
            logs.list(&f.reporter, PROJECT, text).await.unwrap().items.len(),
            1,
            "arguments are searched"
        );

        let summary = logs.summary(&f.reporter, PROJECT, LogFilter::default()).await.unwrap();
        assert_eq!(summary.levels.iter().map(|(_, n)| n).sum::<u64>(), 20_000);
        assert!(summary.counted_to.is_some(), "it says that it did not count all");
    });
}

#[test]
fn a_tail_searches_so_far_at_once_and_says_where_to_go_on() {
    on_each_database(async |f: Fixture| {
        let logs = f.services.logs();
        fill(&f, 1, 1).await;
        let first = logs.list(&f.reporter, PROJECT, LogFilter::default()).await.unwrap().items[0].id;
        fill(&f, 30_000, 30_001).await;
        fill(&f, 1, 1).await;
        let asked = |after| LogFilter { after: Some(after), ..tool("rare") };
        let page = logs.list(&f.reporter, PROJECT, asked(first)).await.unwrap();
        assert_eq!(page.items.len(), 1, "the first of the second filling");
        let stopped = page.next.expect("there is more than was searched");
        assert!(stopped > page.items[0].id);
        let page = logs.list(&f.reporter, PROJECT, asked(stopped)).await.unwrap();
        assert_eq!((page.items.len(), page.next), (1, None), "nothing was passed over");

        let missed =
            async |filter, patience| logs.missed(&f.reporter, PROJECT, filter, patience).await.unwrap();
        assert_eq!(missed(asked(first), 30_001).await, None, "it is not further behind than it may be");
        let missed = missed(asked(first), 30_000).await.unwrap();
        assert_eq!((missed.lost, missed.at_least), (1, true), "as far as it was counted");
        assert_eq!(missed.position, page.items[0].id);
        let stranger = logs.follow(&f.stranger, PROJECT, asked(first), 10).await.unwrap_err();
        assert_eq!(stranger.code(), domain::Code::NotFound);
    });
}

#[test]
fn every_entry_is_on_one_page_of_any_filter() {
    on_each_database(async |f: Fixture| {
        fill(&f, 7_000, 100).await;
        for filter in
            [LogFilter::default(), tool("rare"), LogFilter { key: Some("laptop".into()), ..tool("rare") }]
        {
            let (mut seen, mut before) = (Vec::<LogId>::new(), None);
            loop {
                let asked = LogFilter { before, limit: Some(64), ..filter.clone() };
                let page = f.services.logs().list(&f.reporter, PROJECT, asked).await.unwrap();
                seen.extend(page.items.iter().map(|entry| entry.id));
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(seen.len(), if filter.tool.is_some() { 70 } else { 7_000 });
            assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "newest first, none twice");
        }
    });
}

#[test]
fn times_bound_the_entries() {
    on_each_database(async |f: Fixture| {
        let start = f.clock.now();
        fill(&f, 6_000, 1_000).await;
        let count = async |filter: LogFilter| {
            let summary = f.services.logs().summary(&f.reporter, PROJECT, filter).await.unwrap();
            summary.categories.iter().map(|(_, n)| n).sum::<u64>()
        };
        let minutes = |n| Some(start + TimeDelta::minutes(n));
        assert_eq!(count(LogFilter { from: minutes(20), ..LogFilter::default() }).await, 4_000);
        assert_eq!(
            count(LogFilter { from: minutes(20), to: minutes(30), ..LogFilter::default() }).await,
            1_000
        );
        assert_eq!(count(LogFilter { to: minutes(10), ..LogFilter::default() }).await, 1_000);
        // The clock stands ten minutes behind the last batch.
        assert_eq!(count(LogFilter { within: Some(LogWindow::Hour), ..LogFilter::default() }).await, 6_000);
        f.clock.advance(TimeDelta::minutes(5));
        assert_eq!(count(LogFilter { within: Some(LogWindow::Hour), ..LogFilter::default() }).await, 5_000);
    });
}

#[test]
fn an_entry_is_shown_with_the_calls_of_its_session_around_it() {
    on_each_database(async |f: Fixture| {
        fill(&f, 200, 200).await;
        let logs = f.services.logs();
        let all = logs
            .list(&f.reporter, PROJECT, LogFilter { limit: Some(200), ..LogFilter::default() })
            .await
            .unwrap();
        let number = |entry: &LogEntry| all.items.iter().position(|other| other.id == entry.id).unwrap();
        let middle = logs.get(&f.reporter, PROJECT, all.items[75].id).await.unwrap();
        let around: Vec<_> = middle.around.iter().map(number).collect();
        let expected: Vec<_> = (65..=85).rev().filter(|n| *n != 75).collect();
        assert_eq!(around, expected, "ten on each side, oldest first");
        assert!(middle.entry.arguments.is_some() && middle.around[0].arguments.is_none());
        let first = logs.get(&f.reporter, PROJECT, all.items[199].id).await.unwrap();
        assert_eq!(first.around.iter().map(number).collect::<Vec<_>>(), (189..199).rev().collect::<Vec<_>>());
        let foreign = logs.get(&f.stranger, "other.shop", all.items[0].id).await.unwrap_err();
        assert_eq!(foreign.code(), domain::Code::NotFound, "an entry belongs to its project");
    });
}

#[test]
fn no_question_walks_the_whole_table() {
    on_each_database(async |f: Fixture| {
        let database = &f.services.inner.database.reader;
        if database.get_database_backend() != DbBackend::Sqlite {
            return;
        }
        let project = f.services.projects().get(&f.owner, PROJECT).await.unwrap().id;
        let now = f.clock.now();
        let all = LogFilter {
            level: Some(Level::Warning),
            category: Some(Category::Error),
            outcome: Some(Outcome::Failed),
            server: Some("files".into()),
            tool: Some("echo".into()),
            session: Some("s".into()),
            key: Some("laptop".into()),
            text: Some("x".into()),
            from: Some(now),
            to: Some(now),
            before: Some(LogId::new(9, [9; 10])),
            ..LogFilter::default()
        };
        let page = |filter: &LogFilter, order| {
            let span = Span::of(project, filter, now);
            narrow(span.entries(), filter).order_by(log_entry::Column::Id, order).limit(51)
        };
        use sea_orm::sea_query::Order;
        let tail = LogFilter { after: Some(LogId::new(1, [1; 10])), ..LogFilter::default() };
        let questions: Vec<Select<log_entry::Entity>> = vec![
            page(&LogFilter::default(), Order::Desc),
            page(&all, Order::Desc),
            page(&tail, Order::Asc),
            Span::of(project, &all, now).nth(Order::Desc, 1_000),
            Span::of(project, &LogFilter::default(), now).nth(Order::Asc, 1_000),
        ];
        for question in questions {
            let mut statement = question.build(DbBackend::Sqlite);
            statement.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let plan = database.query_all_raw(statement.clone()).await.unwrap();
            let plan: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            assert!(plan[0].starts_with("SEARCH log_entry USING PRIMARY KEY (project_id=?"), "{plan:?}");
            assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "sorted by the key: {plan:?}");
        }
    });
}
