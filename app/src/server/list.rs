//! The servers of a project with their live state.

use std::collections::BTreeSet;

use domain::{
    Action, Timestamp,
    server::{Server, Transport},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{ServersView, view_servers},
    bulk::{BulkBar, BulkServers, DeletePage, Report, Selection, read_bulk_report},
    listing::{Listing, STATUSES, Sort},
    rows::{Row, ServerCard},
};
use crate::{
    i18n::{Servers, group, text},
    project::ProjectSource,
    ui::{
        BUTTON_CLASS, Boundary, Column, EmptyState, FilterBar, FilterChoice, FilterText, FormError, Icon,
        LinkButton, PageHead, Segments, Shape, SortTable, ViewerSource, failure,
    },
};

#[component]
pub fn ListPage() -> impl IntoView {
    let query = use_query_map();
    let doomed = Memo::new(move |_| query.read().get("delete").unwrap_or_default());
    move || match doomed.get() {
        names if names.is_empty() => view! { <Listed /> }.into_any(),
        names => view! { <DeletePage names=names /> }.into_any(),
    }
}

#[component]
fn Listed() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let said = move |name: &'static str| Memo::new(move |_| query.read().get(name).unwrap_or_default());
    let (chosen, done) = (said("view"), said("done"));
    let servers = Resource::new(
        // What was just done shows at once, not with the next news.
        move || (project.name.get(), chosen.get(), (project.changes.get(), done.get())),
        |(project, chosen, _)| view_servers(project, chosen),
    );
    let report = Resource::new(
        move || done.get(),
        |token| async move { if token.is_empty() { Ok(None) } else { read_bulk_report(token).await } },
    );
    let selection: Selection = RwSignal::new(BTreeSet::new());
    let action = ServerAction::<BulkServers>::new();
    let failed = failure(action);
    Effect::new(move |_| {
        if action.value().with(|value| matches!(value, Some(Ok(())))) {
            selection.set(BTreeSet::new());
        }
    });
    view! {
        <Title text=t.servers />
        <FormError failure=failed apart=true />
        <Boundary load=move || {
            let listing = Listing::of(&query.read());
            async move {
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let ServersView { servers, now, cards } = servers.await?;
                let report = report.await?;
                let path = page.project.path();
                let may = viewer.may(Action::ManageServers, &page.project.resource());
                let buttons = {
                    let path = path.clone();
                    move || {
                        may.then(|| {
                            view! {
                                <LinkButton href=format!("/projects/{path}/import")>{t.import}</LinkButton>
                                <LinkButton class=BUTTON_CLASS href=format!("/projects/{path}/servers/new")>
                                    <Icon shape=Shape::Add />
                                    {t.new_server}
                                </LinkButton>
                            }
                        })
                    }
                };
                let again = buttons.clone();
                let total = servers.len();
                let list = format!("/projects/{path}/servers");
                let here = listing.href(&list);
                let body = if total == 0 {
                    view! { <EmptyState title=t.servers_empty body=t.servers_empty_body>{again()}</EmptyState> }.into_any()
                } else {
                    let found = listing.pick(servers);
                    let shape = Shown { list, listing, cards, now, selection: may.then_some(selection) };
                    let names: Vec<String> = found.iter().map(|server| server.name.clone()).collect();
                    let bar = view! { <ViewBar shape=shape.clone() found=names.len() total=total /> };
                    let back = here.clone();
                    let rows = view! { <Shows shape=shape.clone() found=found /> };
                    view! {
                        <Filters shape=shape />
                        {if may && !names.is_empty() {
                            view! {
                                <ActionForm action=action>
                                    <input type="hidden" name="project" value=path />
                                    <input type="hidden" name="back" value=back />
                                    <div class="flex items-center gap-2 mb-2 min-h-8 flex-wrap">
                                        <BulkBar names=names selection=selection failed=failed />
                                        {bar}
                                    </div>
                                    {rows}
                                </ActionForm>
                            }
                            .into_any()
                        } else {
                            view! {
                                <div class="flex items-center gap-2 mb-2 min-h-8 flex-wrap">{bar}</div>
                                {rows}
                            }
                            .into_any()
                        }}
                    }
                    .into_any()
                };
                let count = group(total as u64);
                Ok(view! {
                    <PageHead title=t.servers lead=t.with(t.servers_lead, &count)>{buttons()}</PageHead>
                    {report.map(|report| view! { <Report report=report list=here /> })}
                    {body}
                }
                .into_any())
            }
        } />
    }
}

/// How the list is shown; `list` is its address without a query.
#[derive(Clone)]
struct Shown {
    list: String,
    listing: Listing,
    cards: bool,
    now: Timestamp,
    selection: Option<Selection>,
}

#[component]
fn Filters(shape: Shown) -> impl IntoView {
    let (t, words) = (text(), Servers::current());
    let Shown { list, listing, .. } = shape;
    let clear = listing
        .is_filtered()
        .then(|| Listing { sort: listing.sort, down: listing.down, ..Listing::default() }.href(&list));
    let statuses = STATUSES.map(|status| (status.name().to_owned(), t.status(status).to_owned())).to_vec();
    let kinds = Transport::ALL.map(|kind| (kind.name().to_owned(), t.transport(kind).to_owned())).to_vec();
    let mut orders: Vec<(String, String)> =
        [("", t.name), ("status", t.status), ("-tools", t.tools), ("-seen", words.last_seen)]
            .map(|(order, label)| (order.to_owned(), label.to_owned()))
            .to_vec();
    let order = listing.order();
    if !orders.iter().any(|(known, _)| *known == order) {
        let (base, mark) = order.strip_prefix('-').map_or((order.as_str(), "↑"), |base| (base, "↓"));
        let label = match base {
            "name" => t.name,
            "status" => t.status,
            "tools" => t.tools,
            _ => words.last_seen,
        };
        orders.push((order.clone(), format!("{label} {mark}")));
    }
    view! {
        <FilterBar action=list clear=clear>
            <FilterText name="q" label=t.search value=listing.search />
            <FilterChoice
                name="status"
                label=t.status
                value=listing.status.map(|status| status.name()).unwrap_or_default()
                options=statuses
            />
            <FilterChoice
                name="transport"
                label=t.kind
                value=listing.transport.map(|kind| kind.name()).unwrap_or_default()
                options=kinds
            />
            <FilterChoice name="sort" label=words.sorted value=order options=orders must=true />
        </FilterBar>
    }
}

/// How many are shown, and as what.
#[component]
fn ViewBar(shape: Shown, found: usize, total: usize) -> impl IntoView {
    let words = Servers::current();
    let here = shape.listing.href(&shape.list);
    let sign = if here.contains('?') { '&' } else { '?' };
    let items = vec![
        (format!("{here}{sign}view=table"), words.view_table, !shape.cards),
        (format!("{here}{sign}view=cards"), words.view_cards, shape.cards),
    ];
    let some = (found < total).then(|| words.some_shown(&group(found as u64), &group(total as u64)));
    view! {
        <span class="ml-auto text-ink-muted text-xs">{some}</span>
        <Segments label=words.view items=items />
    }
}

#[component]
fn Shows(shape: Shown, found: Vec<Server>) -> impl IntoView {
    let (t, words) = (text(), Servers::current());
    let Shown { list, listing, cards, now, selection } = shape;
    if found.is_empty() {
        return view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any();
    }
    let here = |server: &Server| format!("{list}/{}", server.name);
    if cards {
        let cards = found
            .into_iter()
            .map(|server| {
                let here = here(&server);
                view! { <ServerCard server=server here=here now=now selection=selection /> }
            })
            .collect_view();
        return view! { <ul class="grid gap-3 md:grid-cols-2 lg:grid-cols-3">{cards}</ul> }.into_any();
    }
    let sorted = |label: &'static str, sort: Sort| Column {
        label,
        href: Some(listing.by(sort).href(&list)),
        down: (listing.sort == sort).then_some(listing.down),
        unseen: false,
    };
    let plain = |label: &'static str| Column { label, ..Column::default() };
    let marks = selection.map(|_| Column { label: words.with_selected, unseen: true, ..Column::default() });
    let columns = marks
        .into_iter()
        .chain([
            sorted(t.name, Sort::Name),
            sorted(t.status, Sort::Status),
            plain(t.kind),
            plain(t.target),
            sorted(t.tools, Sort::Tools),
            sorted(words.last_seen, Sort::Seen),
        ])
        .collect();
    let rows = found
        .into_iter()
        .map(|server| {
            let here = here(&server);
            view! { <Row server=server here=here now=now selection=selection /> }
        })
        .collect_view();
    view! { <SortTable label=t.servers columns=columns>{rows}</SortTable> }.into_any()
}
