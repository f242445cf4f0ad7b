//! What is done with many servers at once: the bar over the list, the question before a deletion, and
//! what came of it.

use std::collections::BTreeSet;

use domain::server::{BulkAction, BulkReport, Server};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::list_servers;
#[cfg(feature = "ssr")]
use crate::{
    context::{go, safe_path, signed_in},
    draft,
};
use crate::{
    error::AppError,
    i18n::{Servers, group, text},
    project::ProjectSource,
    ui::{
        Boundary, Callout, Card, DANGER_CLASS, Failure, FormError, LINK_CLASS, LinkButton, PLAIN_CLASS,
        PageHead, Submit, Tone, failure, hydrated,
    },
};

/// Names of servers that are marked in the list.
pub type Selection = RwSignal<BTreeSet<String>>;

/// Does `action` with the servers and goes back to the list that `back` is the address of. A deletion
/// that is not `sure` goes to the question first.
#[server(prefix = "/_fn", endpoint = "servers/bulk", output = crate::codec::Json)]
pub async fn bulk_servers(
    project: String,
    #[server(default)] servers: Vec<String>,
    action: String,
    #[server(default)] sure: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    let action = action.parse().map_err(domain::Error::new)?;
    let input = domain::server::BulkInput { action, servers }.check()?;
    if action == BulkAction::Delete && sure.is_empty() {
        go(&format!("/projects/{project}/servers?delete={}", input.servers.join(",")));
        return Ok(());
    }
    let report = services.servers().bulk(&caller, &project, input).await?;
    let token = draft::put(&services, &caller, &report);
    let list = format!("/projects/{project}/servers");
    let back = Some(safe_path(&back)).filter(|path| path.starts_with(&list)).unwrap_or(&list);
    let sign = if back.contains('?') { '&' } else { '?' };
    go(&format!("{back}{sign}done={token}"));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "servers/bulk-report", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn read_bulk_report(token: String) -> Result<Option<BulkReport>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::get(&services, &caller, &token))
}

/// A checkbox of one server. Without WASM it is the form's own.
#[component]
pub fn Mark(server: String, selection: Selection) -> impl IntoView {
    let label = text().with(Servers::current().select, &server);
    let (shown, changed) = (server.clone(), server.clone());
    view! {
        <input
            class="w-4 h-4 accent-accent align-middle"
            type="checkbox"
            name="servers[]"
            value=server
            aria-label=label
            prop:checked=move || selection.with(|names| names.contains(&shown))
            on:change=move |event| {
                let on = event_target_checked(&event);
                selection.update(|names| {
                    if on { names.insert(changed.clone()) } else { names.remove(&changed) };
                });
            }
        />
    }
}

/// Marks all or none, and what can be done with those that are marked. `names` are those in the list.
#[component]
pub fn BulkBar(names: Vec<String>, selection: Selection, failed: Failure) -> impl IntoView {
    let (t, words) = (text(), Servers::current());
    let live = hydrated();
    let names: BTreeSet<String> = names.into_iter().collect();
    let all = names.clone();
    let every = Memo::new(move |_| selection.with(|marked| all.is_subset(marked)));
    let count = move || selection.with(BTreeSet::len);
    let button = |action: BulkAction, label: &'static str, class: &'static str| {
        view! { <Submit label=label pending=failed.pending class=class name="action" value=action.name() /> }
    };
    view! {
        <label class="flex items-center gap-2 text-ink-muted text-xs" hidden=move || !live.get()>
            <input
                class="w-4 h-4 accent-accent"
                type="checkbox"
                prop:checked=move || every.get()
                on:change=move |event| {
                    selection.set(if event_target_checked(&event) { names.clone() } else { BTreeSet::new() });
                }
            />
            {move || {
                if count() == 0 { words.select_all.to_owned() } else { t.with(words.selected, &group(count() as u64)) }
            }}
        </label>
        <div
            class="contents"
            role="group"
            aria-label=words.with_selected
            hidden=move || live.get() && count() == 0
        >
            <span class="text-ink-muted text-xs" hidden=move || live.get()>{words.with_selected} ":"</span>
            {button(BulkAction::Enable, t.enable, PLAIN_CLASS)}
            {button(BulkAction::Disable, t.disable, PLAIN_CLASS)}
            {button(BulkAction::Restart, t.restart, PLAIN_CLASS)}
            {button(BulkAction::Delete, t.delete, DANGER_CLASS)}
        </div>
    }
}

/// What came of it, server by server where something failed. `list` is the list without this news.
#[component]
pub fn Report(report: BulkReport, list: String) -> impl IntoView {
    let (t, words) = (text(), Servers::current());
    let done = report.items.iter().filter(|item| item.done).count();
    let failed: Vec<_> = report.items.into_iter().filter(|item| !item.done).collect();
    let tone = match (done, failed.len()) {
        (_, 0) => Tone::Ok,
        (0, _) => Tone::Bad,
        _ => Tone::Warn,
    };
    let some = (!failed.is_empty()).then(|| words.failed(failed.len() as u64));
    let rows = failed
        .into_iter()
        .map(|item| {
            let why = item.code.map(|code| t.locale.sentence(code));
            view! { <li><code class="text-ink">{item.server}</code> ": " {why} " " {item.detail}</li> }
        })
        .collect_view();
    view! {
        <div class="mb-4">
            <Callout tone=tone title=words.done(report.action, done as u64)>
                {some.map(|some| view! { <p>{some}</p> })}
                <ul class="pl-5 list-disc">{rows}</ul>
                <a class=LINK_CLASS href=list>{words.dismiss}</a>
            </Callout>
        </div>
    }
}

/// The question before many servers are deleted; `names` are theirs, with commas between them.
#[component]
pub fn DeletePage(names: String) -> impl IntoView {
    let (t, words) = (text(), Servers::current());
    let project = ProjectSource::current();
    let action = ServerAction::<BulkServers>::new();
    let failed = failure(action);
    let servers = Resource::new(move || project.name.get(), list_servers);
    view! {
        <FormError failure=failed apart=true />
        <Boundary load=move || {
            let wanted: Vec<String> = names.split(',').map(str::to_lowercase).collect();
            let list = project.href("servers");
            async move {
                let (all, _) = servers.await?;
                let (found, missing): (Vec<String>, Vec<String>) = wanted
                    .into_iter()
                    .partition(|name| all.iter().any(|server| server.name.to_lowercase() == *name));
                let doomed: Vec<Server> =
                    all.into_iter().filter(|server| found.contains(&server.name.to_lowercase())).collect();
                let title = t.with(t.delete_named, &t.servers_count(doomed.len() as u64));
                let items = doomed
                    .into_iter()
                    .map(|server| {
                        let values = server.env.len() + server.headers.len();
                        let held = (values > 0).then(|| words.values_count(values as u64));
                        view! {
                            <li class="flex gap-2 items-baseline flex-wrap py-1">
                                <input type="hidden" name="servers[]" value=server.name.clone() />
                                <code class="font-medium break-all">{server.name.clone()}</code>
                                <span class="text-ink-muted text-xs">{t.tools_count(server.state.tool_count)}</span>
                                <span class="text-ink-muted text-xs">{held}</span>
                            </li>
                        }
                    })
                    .collect_view();
                let gone = (!missing.is_empty())
                    .then(|| view! { <p class="text-ink-muted">{t.with(words.gone, &missing.join(", "))}</p> });
                let some = !found.is_empty();
                Ok(view! {
                    <Title text=title.clone() />
                    <PageHead title=title.clone() lead=words.delete_lead />
                    <Card title=t.servers>
                        <ActionForm action=action>
                            <input type="hidden" name="project" value=project.name.get_untracked() />
                            <input type="hidden" name="action" value=BulkAction::Delete.name() />
                            <input type="hidden" name="sure" value="yes" />
                            <ul class="mb-4">{items}</ul>
                            {gone}
                            <div class="flex gap-2 flex-wrap">
                                {some.then(|| view! { <Submit label=title pending=failed.pending class=DANGER_CLASS /> })}
                                <LinkButton href=list>{t.cancel}</LinkButton>
                            </div>
                        </ActionForm>
                    </Card>
                }
                .into_any())
            }
        } />
    }
}
