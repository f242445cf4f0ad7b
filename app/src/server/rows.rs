//! One server in the list, as a row or as a card.

use domain::{Timestamp, server::Server};
use leptos::prelude::*;

use super::{
    bulk::{Mark, Selection},
    listing::target,
    trouble::summary,
};
use crate::{
    i18n::{Remedy, text},
    ui::{Ago, Badge, CELL_CLASS, LINK_CLASS, ROW_CLASS, SHORT_CLASS, StatusBadge},
};

/// `here` is the server's page; `selection` is for those who may change servers.
#[component]
pub fn Row(server: Server, here: String, now: Timestamp, selection: Option<Selection>) -> impl IntoView {
    let t = text();
    let shown = target(&server);
    let mark = selection.map(|selection| {
        view! {
            <td class="float-right md:float-none md:table-cell w-8 py-1 md:py-2 pl-3 pr-3 md:pr-0 md:align-middle">
                <Mark server=server.name.clone() selection=selection />
            </td>
        }
    });
    view! {
        <tr class=ROW_CLASS>
            {mark}
            <td class=CELL_CLASS>
                <a class=LINK_CLASS href=here.clone()>
                    <span class="font-medium break-all">{server.name.clone()}</span>
                </a>
                <p class="text-ink-muted text-xs truncate max-w-[220px]">{server.description.clone()}</p>
            </td>
            <td class=CELL_CLASS>
                <StatusBadge status=server.state.status />
                <Why server=server.clone() here=here />
            </td>
            <td class=SHORT_CLASS>{t.transport(server.transport)}</td>
            <td class=CELL_CLASS>
                <code class="block truncate max-w-[200px]" title=shown.clone()>{shown.clone()}</code>
            </td>
            <td class=SHORT_CLASS>{t.tools_count(server.state.tool_count)}</td>
            <td class=SHORT_CLASS>{server.state.observed_at.map(|at| view! { <Ago at=at now=now /> })}</td>
        </tr>
    }
}

#[component]
pub fn ServerCard(
    server: Server,
    here: String,
    now: Timestamp,
    selection: Option<Selection>,
) -> impl IntoView {
    let t = text();
    let shown = target(&server);
    let mark = selection.map(|selection| view! { <Mark server=server.name.clone() selection=selection /> });
    view! {
        <li class="min-w-0 p-4 flex flex-col gap-2 border border-line rounded-[10px] bg-surface-raised">
            <div class="flex items-start gap-2 min-w-0">
                <a class="grow min-w-0 truncate text-accent no-underline hover:underline" href=here.clone() title=server.name.clone()>
                    <span class="font-medium">{server.name.clone()}</span>
                </a>
                {mark}
            </div>
            <div>
                <StatusBadge status=server.state.status />
                <Why server=server.clone() here=here />
            </div>
            <p class="text-ink-muted text-xs truncate empty:hidden" title=server.description.clone()>{server.description.clone()}</p>
            <code class="block truncate text-xs" title=shown.clone()>{shown.clone()}</code>
            <p class="mt-auto flex items-center gap-x-3 gap-y-1 flex-wrap text-ink-muted text-xs">
                <Badge label=t.transport(server.transport) />
                <span>{t.tools_count(server.state.tool_count)}</span>
                {server.state.observed_at.map(|at| view! { <Ago at=at now=now /> })}
            </p>
        </li>
    }
}

/// Why a server fails, in one line, and where it is said what to do.
#[component]
fn Why(server: Server, here: String) -> impl IntoView {
    let t = text();
    summary(&server).map(|(code, detail)| {
        let sentence = t.locale.sentence(code);
        let said = detail.unwrap_or_else(|| sentence.to_owned());
        view! {
            <p class="md:min-w-[180px] text-xs text-ink-muted" title=said>
                {sentence} " "
                <a class="text-accent no-underline hover:underline whitespace-nowrap" href=here>{Remedy::current().what_to_do}</a>
            </p>
        }
    })
}
