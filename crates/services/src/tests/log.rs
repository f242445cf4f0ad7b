use chrono::TimeDelta;
use domain::{
    Code, ProjectId, ServerId,
    log::{Category, Level, LogFilter, NewLogEntry, Outcome},
};

use super::fixture::{Fixture, PROJECT, on_each_database};

#[test]
fn entries_are_filtered_and_paged_newest_first() {
    on_each_database(async |f: Fixture| {
        let logs = f.services.logs();
        let project = f.services.projects().get(&f.owner, PROJECT).await.unwrap().id;
        for i in 0..5 {
            f.clock.advance(TimeDelta::milliseconds(5));
            let mut entry = NewLogEntry::new(
                project,
                f.clock.now(),
                Level::Info,
                Category::ToolExecution,
                format!("call {i}"),
            );
            entry.tool = Some("echo".into());
            entry.outcome = Some(if i == 3 { Outcome::Failed } else { Outcome::Ok });
            logs.append(vec![entry]).await.unwrap();
        }
        f.clock.advance(TimeDelta::milliseconds(5));
        let odd = "100% Wrong_name";
        let error = NewLogEntry::new(project, f.clock.now(), Level::Error, Category::Error, odd);
        let gone = NewLogEntry::new(
            ProjectId::new(1, [3; 10]),
            f.clock.now(),
            Level::Error,
            Category::Error,
            "gone",
        );
        logs.append(vec![error, gone]).await.unwrap();

        let list = async |filter: LogFilter| logs.list(&f.reporter, PROJECT, filter).await.unwrap();
        let first = list(LogFilter { limit: Some(4), ..LogFilter::default() }).await;
        let texts: Vec<_> = first.items.iter().map(|entry| entry.message.as_str()).collect();
        assert_eq!(texts, [odd, "call 4", "call 3", "call 2"]);
        let second = list(LogFilter { before: first.next, ..LogFilter::default() }).await;
        assert_eq!((second.items.len(), second.next), (2, None));
        let newer = list(LogFilter { after: Some(first.items[1].id), ..LogFilter::default() }).await;
        assert_eq!(newer.items.len(), 1);
        let oldest =
            list(LogFilter { before: Some(first.items[3].id), ..LogFilter::default() }).await.items[1].id;
        let tail = list(LogFilter { after: Some(oldest), limit: Some(2), ..LogFilter::default() }).await;
        let texts: Vec<_> = tail.items.iter().map(|entry| entry.message.as_str()).collect();
        assert_eq!(
            texts,
            ["call 2", "call 1"],
            "a tail goes on with the next entries, however many there are"
        );

        let count = async |filter: LogFilter| list(filter).await.items.len();
        assert_eq!(count(LogFilter { level: Some(Level::Warning), ..LogFilter::default() }).await, 1);
        assert_eq!(count(LogFilter { outcome: Some(Outcome::Failed), ..LogFilter::default() }).await, 1);
        assert_eq!(count(LogFilter { tool: Some("echo".into()), ..LogFilter::default() }).await, 5);
        assert_eq!(count(LogFilter { tool: Some(String::new()), ..LogFilter::default() }).await, 6);
        for (text, found) in [("CALL", 5), ("100%", 1), ("%", 1), ("wrong_", 1), ("_", 1), ("' OR 1=1", 0)] {
            assert_eq!(
                count(LogFilter { text: Some(text.into()), ..LogFilter::default() }).await,
                found,
                "{text}"
            );
        }

        f.clock.advance(TimeDelta::days(31));
        f.services.prune().await.unwrap();
        assert_eq!(count(LogFilter::default()).await, 0, "older than the project keeps them");
    });
}

#[test]
fn a_batch_of_any_size_is_written_whole_and_in_its_order() {
    on_each_database(async |f: Fixture| {
        let logs = f.services.logs();
        let project = f.services.projects().get(&f.owner, PROJECT).await.unwrap().id;
        for size in [1, 3, 4, 63, 64, 65, 85, 150] {
            let entries = (0..size).map(|i| {
                let message = format!("entry {i}");
                let mut entry =
                    NewLogEntry::new(project, f.clock.now(), Level::Warning, Category::Connection, message);
                entry.server = Some(ServerId::new(1, [4; 10]));
                entry.server_name = Some("files".into());
                entry.key_name = Some("laptop".into());
                entry.session = Some("s".into());
                entry.method = Some("tools/call".into());
                entry.tool = (i % 2 == 0).then(|| "echo".into());
                entry.outcome = Some(Outcome::Failed);
                entry.code = Some(Code::KeyInvalid);
                entry.duration_ms = Some(i);
                entry.request_id = Some(format!("r{i}"));
                entry.arguments = Some("{}".into());
                entry.result = Some("[]".into());
                entry
            });
            logs.append(entries.collect()).await.unwrap();
            let filter = LogFilter { limit: Some(200), ..LogFilter::default() };
            let written = logs.list(&f.reporter, PROJECT, filter).await.unwrap().items;
            let expected: Vec<_> = (0..size).rev().map(|i| (format!("entry {i}"), Some(i))).collect();
            let found: Vec<_> =
                written.iter().map(|entry| (entry.message.clone(), entry.duration_ms)).collect();
            assert_eq!(found, expected);
            let first = written.last().unwrap();
            assert_eq!(
                (first.at, first.level, first.category),
                (f.clock.now(), Level::Warning, Category::Connection)
            );
            assert_eq!((first.outcome, first.code), (Some(Outcome::Failed), Some(Code::KeyInvalid)));
            assert_eq!(first.server_id, Some(ServerId::new(1, [4; 10])));
            let texts =
                [&first.server, &first.key, &first.session, &first.method, &first.tool, &first.request_id];
            let texts = texts.map(|text| text.as_deref().unwrap());
            assert_eq!(texts, ["files", "laptop", "s", "tools/call", "echo", "r0"]);
            assert_eq!((first.arguments.as_deref(), first.result.as_deref()), (Some("{}"), Some("[]")));
            logs.clear(&f.owner, PROJECT, None).await.unwrap();
        }
    });
}
