//! What servers change of their tools is kept, told and bounded.

use chrono::TimeDelta;
use domain::{
    Code, ServerId,
    home::Matter,
    server::{ListKind, ListState, Observation, ObservedList, Status},
    tool::{CHANGES_KEPT, ChangeKind, Difference, HistoryFilter, HistoryPage, ToolFilter},
};
use serde_json::{Value, json};

use super::fixture::{Fixture, PROJECT, on_each_database, remote};
use crate::Caller;

/// A server `r` that was never looked at.
async fn server(f: &Fixture) -> ServerId {
    f.services.servers().create(&f.developer, PROJECT, remote("r")).await.unwrap().id
}

/// The server's tools are read; none: they could not be.
async fn lists(f: &Fixture, server: ServerId, tools: Option<Value>) {
    f.clock.advance(TimeDelta::seconds(1));
    let state = ListState {
        kind: ListKind::Tools,
        count: 0,
        version: 1,
        hash: "00".to_owned(),
        read_at: tools.is_some().then(|| f.clock.now()),
        code: tools.is_none().then_some(Code::ProtocolViolation),
        detail: None,
    };
    let seen = Observation {
        server,
        generation: 1,
        status: Status::Ready,
        code: None,
        detail: None,
        info: None,
        initialize: None,
        lists: vec![ObservedList { state, items: tools.map(|tools| tools.to_string()) }],
        stderr: None,
        at: f.clock.now(),
    };
    f.services.observe(vec![seen]).await.unwrap();
}

async fn history(f: &Fixture, filter: HistoryFilter) -> HistoryPage {
    f.services.servers().history(&f.reporter, PROJECT, "r", filter).await.unwrap()
}

/// In short, newest first.
async fn told(f: &Fixture) -> Vec<(String, ChangeKind)> {
    let page = history(f, HistoryFilter::default()).await;
    page.items.into_iter().map(|change| (change.tool, change.kind)).collect()
}

fn change(tool: &str, kind: ChangeKind) -> (String, ChangeKind) {
    (tool.to_owned(), kind)
}

#[test]
fn what_differs_from_the_list_before_is_a_change() {
    on_each_database(async |f: Fixture| {
        let r = server(&f).await;
        lists(&f, r, None).await;
        lists(&f, r, Some(json!([{ "name": "a" }, { "name": "b" }]))).await;
        assert_eq!(told(&f).await, [], "what a server lists first is no change");
        let before = f.services.servers().get(&f.reporter, PROJECT, "r").await.unwrap();
        assert_eq!(before.state.tools_changed_at, None);
        lists(&f, r, Some(json!([{ "name": "b" }, { "name": "a" }]))).await;
        lists(&f, r, None).await;
        assert_eq!(told(&f).await, [], "neither is their order, nor that they could not be read");

        lists(&f, r, Some(json!([{ "name": "b", "description": "Now\u{202E}\0." }, { "name": "c" }]))).await;
        let expected = [
            change("b", ChangeKind::Changed),
            change("c", ChangeKind::Added),
            change("a", ChangeKind::Removed),
        ];
        assert_eq!(told(&f).await, expected);
        let of_b = HistoryFilter { tool: Some("b".into()), ..HistoryFilter::default() };
        let [b] = &history(&f, of_b).await.items[..] else { panic!("one change of b") };
        assert_eq!(b.differences, [Difference::Description]);
        assert_eq!(b.after.as_ref().unwrap().description(), "Now\u{202E}\0.", "kept as it came");
        let after = f.services.servers().get(&f.reporter, PROJECT, "r").await.unwrap();
        assert_eq!(after.state.tools_changed_at, Some(b.at));
    });
}

#[test]
fn changed_tools_are_marked_for_a_week() {
    on_each_database(async |f: Fixture| {
        let r = server(&f).await;
        lists(&f, r, Some(json!([{ "name": "a" }, { "name": "b" }]))).await;
        lists(&f, r, Some(json!([{ "name": "a", "title": "A" }, { "name": "b" }, { "name": "c" }]))).await;
        let marked = async || {
            let servers = f.services.servers();
            let filter = ToolFilter::default();
            let tools = servers.tools(&f.reporter, PROJECT, "r", &filter).await.unwrap().items;
            let all = servers.tools_of_project(&f.reporter, PROJECT, None, &filter).await.unwrap();
            assert_eq!(all.items, tools);
            let changed =
                tools.into_iter().map(|listed| listed.tool).filter(|tool| tool.changed_at.is_some());
            changed.map(|tool| tool.name).collect::<Vec<_>>()
        };
        assert_eq!(marked().await, ["a", "c"]);
        f.clock.advance(TimeDelta::days(8));
        assert!(marked().await.is_empty());
        assert_eq!(told(&f).await.len(), 2, "the history goes on");
    });
}

#[test]
fn the_newest_changes_are_kept_and_paged() {
    on_each_database(async |f: Fixture| {
        let r = server(&f).await;
        let many = |title: &str| {
            let tools = (0..150).map(|n| json!({ "name": format!("t{n}"), "title": title }));
            Value::from(tools.collect::<Vec<_>>())
        };
        for title in ["one", "two", "three"] {
            lists(&f, r, Some(many(title))).await;
        }
        let mut found = Vec::new();
        let mut before = None;
        loop {
            let page = history(&f, HistoryFilter { before, limit: Some(70), tool: None }).await;
            found.extend(page.items);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found.len(), CHANGES_KEPT);
        assert!(found.windows(2).all(|pair| pair[0].id > pair[1].id));
        let of_three = |title: &Value| title == "three";
        let newest = found.iter().filter(|c| c.after.as_ref().is_some_and(|t| of_three(&t.0["title"])));
        assert_eq!(newest.count(), 150, "the oldest go first");

        lists(&f, r, Some(json!([]))).await;
        lists(&f, r, Some(json!((0..1_000).map(|n| json!({ "name": format!("n{n}") })).collect::<Vec<_>>())))
            .await;
        let page = history(&f, HistoryFilter { limit: Some(200), ..HistoryFilter::default() }).await;
        assert_eq!((page.items.len(), page.next), (CHANGES_KEPT, None));
        assert_eq!(page.items[0].tool, "n0", "in the order of the list");
    });
}

#[test]
fn a_history_is_told_on_the_first_page_until_one_has_opened_it() {
    on_each_database(async |f: Fixture| {
        let r = server(&f).await;
        let told = async |caller: &Caller| {
            let found = f.services.home().attention(caller).await.unwrap();
            found
                .iter()
                .filter(|a| matches!(&a.matter, Matter::ToolsChanged { server, .. } if server == "r"))
                .count()
        };
        lists(&f, r, Some(json!([{ "name": "a" }]))).await;
        assert_eq!(told(&f.reporter).await, 0);
        lists(&f, r, Some(json!([{ "name": "b" }]))).await;
        for (_, member) in f.members() {
            assert_eq!(told(member).await, 1);
        }
        assert_eq!(told(&f.stranger).await, 0);

        let servers = f.services.servers();
        servers.visit_history(&Caller::system(), PROJECT, "r").await.unwrap();
        servers.visit_history(&f.reporter, PROJECT, "r").await.unwrap();
        servers.visit_history(&f.reporter, PROJECT, "r").await.unwrap();
        assert_eq!((told(&f.reporter).await, told(&f.developer).await), (0, 1), "each for themselves");
        lists(&f, r, Some(json!([{ "name": "c" }]))).await;
        assert_eq!(told(&f.reporter).await, 1, "what came since is news");
        f.clock.advance(TimeDelta::days(7));
        assert_eq!(told(&f.reporter).await, 0);
        lists(&f, r, Some(json!([{ "name": "d" }]))).await;
        servers.set_enabled(&f.developer, PROJECT, "r", false).await.unwrap();
        assert_eq!(told(&f.reporter).await, 0, "nobody is told by a server that is off");
    });
}

#[test]
fn outsiders_find_no_history() {
    on_each_database(async |f: Fixture| {
        server(&f).await;
        let servers = f.services.servers();
        let refused = servers.history(&f.stranger, PROJECT, "r", HistoryFilter::default()).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        let refused = servers.visit_history(&f.stranger, PROJECT, "r").await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        servers.visit_history(&f.reporter, PROJECT, "r").await.unwrap();
    });
}
