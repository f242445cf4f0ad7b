//! The log of a project with its filters.

use domain::{
    Action,
    log::{Category, Level, LogFilter, Outcome},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api::ClearLogs, list::LogList};
use crate::{
    i18n::text,
    project::ProjectSource,
    server::api::list_servers,
    ui::{
        Boundary, DANGER_CLASS, Danger, FilterBar, FilterChoice, FilterText, FormError, PageHead, Submit,
        ViewerSource, encode, failure,
    },
};

/// The filter's members that the address carries.
const FIELDS: [&str; 6] = ["level", "category", "outcome", "server", "tool", "text"];

/// What is shown unless more is asked for: debug entries are many.
const LEVEL: Level = Level::Info;

#[component]
pub fn LogsPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let get = move |name: &str| query.read().get(name).filter(|value| !value.is_empty());
    let filter = Signal::derive(move || LogFilter {
        level: get("level").and_then(|name| name.parse().ok()).or(Some(LEVEL)),
        category: get("category").and_then(|name| name.parse().ok()),
        outcome: get("outcome").and_then(|name| name.parse().ok()),
        server: get("server"),
        tool: get("tool"),
        text: get("text"),
        before: get("before").and_then(|id| id.parse().ok()),
        limit: Some(100),
        ..LogFilter::default()
    });
    let base = Signal::derive(move || {
        let set = FIELDS.iter().filter_map(|name| Some(format!("{name}={}", encode(&get(name)?))));
        let set: Vec<_> = set.collect();
        let list = project.href("logs");
        if set.is_empty() { list } else { format!("{list}?{}", set.join("&")) }
    });
    let servers = Resource::new(move || project.name.get(), list_servers);
    let clear = ServerAction::<ClearLogs>::new();
    let failed = failure(clear);
    view! {
        <Title text=t.logs />
        <PageHead title=t.logs lead=t.logs_lead />
        <Boundary load=move || {
            let value = |name: &str| get(name).unwrap_or_default();
            let level = get("level").unwrap_or_else(|| LEVEL.name().to_owned());
            let [_, category, outcome, server, tool, words] = FIELDS.map(value);
            let list = project.href("logs");
            let narrowed = base.get() != list;
            async move {
                let (servers, _) = servers.await?;
                let servers = servers.into_iter().map(|server| (server.name.clone(), server.name)).collect();
                let levels = Level::ALL.iter().map(|l| (l.name().to_owned(), t.level(*l).to_owned())).collect();
                let categories = Category::ALL.iter().map(|c| (c.name().to_owned(), t.category(*c).to_owned())).collect();
                let outcomes = Outcome::ALL.iter().map(|o| (o.name().to_owned(), t.outcome(*o).to_owned())).collect();
                Ok(view! {
                    <FilterBar action=list.clone() clear=narrowed.then_some(list)>
                        <FilterChoice name="level" label=t.level_from value=level options=levels must=true />
                        <FilterChoice name="category" label=t.category value=category options=categories />
                        <FilterChoice name="outcome" label=t.outcome value=outcome options=outcomes />
                        <FilterChoice name="server" label=t.server value=server options=servers />
                        <FilterText name="tool" label=t.tool value=tool />
                        <FilterText name="text" label=t.search value=words />
                    </FilterBar>
                }
                .into_any())
            }
        } />
        <LogList filter=filter base=base />
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let may = viewer.may(Action::ClearLogs, &page.project.resource());
            Ok(may.then(|| view! {
                <div class="mt-8">
                    <Danger label=t.clear_logs failure=failed>
                        <p>{t.clear_logs_lead}</p>
                        <ActionForm action=clear>
                            <input type="hidden" name="project" value=page.project.path() />
                            <Submit label=t.clear_logs_now pending=failed.pending class=DANGER_CLASS />
                        </ActionForm>
                        <FormError failure=failed />
                    </Danger>
                </div>
            })
            .into_any())
        } />
    }
}
