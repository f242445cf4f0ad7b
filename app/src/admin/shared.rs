//! The servers that administrators share with projects.

use domain::{Timestamp, shared::SharedServer};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{frame::administrator, shared_api::list_shared_servers};
use crate::{
    i18n::{SharedServers, text},
    ui::{
        Ago, BUTTON_CLASS, Badge, Boundary, CELL_CLASS, EmptyState, LINK_CLASS, LinkButton, PageHead,
        ROW_CLASS, SHORT_CLASS, Table, ViewerSource,
    },
};

#[component]
pub fn SharedServersPage() -> impl IntoView {
    let (t, words) = (text(), SharedServers::current());
    let viewer = ViewerSource::current();
    let servers = Resource::new(|| (), |()| list_shared_servers());
    view! {
        <Title text=words.title />
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let (servers, now) = servers.await?;
            let body = if servers.is_empty() {
                view! { <EmptyState title=words.empty body=words.empty_body /> }.into_any()
            } else {
                let columns = vec![t.name, t.kind, words.used_by, words.state, t.updated];
                let rows = servers.into_iter().map(|server| row(server, now)).collect_view();
                view! { <Table label=words.title columns=columns>{rows}</Table> }.into_any()
            };
            Ok(view! {
                <PageHead title=words.title lead=words.lead>
                    <LinkButton class=BUTTON_CLASS href="/admin/servers/new">{words.new}</LinkButton>
                </PageHead>
                {body}
            }
            .into_any())
        } />
    }
}

fn row(server: SharedServer, now: Timestamp) -> AnyView {
    let (t, words) = (text(), SharedServers::current());
    let definition = server.definition;
    let href = format!("/admin/servers/{}", definition.name);
    let state = if server.withdrawn { words.withdrawn } else { words.shared };
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <a class=LINK_CLASS href=href><span class="font-medium">{definition.name}</span></a>
                <p class="text-ink-muted text-xs empty:hidden">{definition.description}</p>
            </td>
            <td class=SHORT_CLASS><Badge label=t.transport(definition.transport) /></td>
            <td class=SHORT_CLASS data-label=words.used_by>{words.projects(server.projects)}</td>
            <td class=SHORT_CLASS><Badge label=state /></td>
            <td class=SHORT_CLASS data-label=t.updated>
                <span class="text-ink-muted"><Ago at=server.updated_at now=now /></span>
            </td>
        </tr>
    }
    .into_any()
}
