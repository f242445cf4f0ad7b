//! One tool to try, or a server's tools to choose from.

use domain::Action;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api::get_tool, deed::Deed, offer::TryOffer, panel::Panel};
use crate::{
    i18n::{Offers, Playground, text},
    project::ProjectSource,
    server::{
        api::get_server,
        frame::ServerSource,
        tool_api::{Asked, server_tools},
    },
    ui::{Boundary, Callout, EmptyState, LINK_CLASS, LinkButton, Tone, ViewerSource, encode, hydrated},
};

#[component]
pub fn TryPage() -> impl IntoView {
    let (t, p) = (text(), Playground::current());
    let query = use_query_map();
    let source = ServerSource::current();
    let server = source.name;
    let tool = Memo::new(move |_| query.read().get("tool").unwrap_or_default());
    let other = Memo::new(move |_| {
        query.with(|query| {
            let said = |name: &str| query.get(name).filter(|said| !said.is_empty());
            let resource =
                said("resource").map(Deed::Resource).or_else(|| said("template").map(Deed::Template));
            resource.or_else(|| said("prompt").map(Deed::Prompt))
        })
    });
    let words = Offers::current();
    // The title, what it is about, and the list that it is in.
    let head = move || match other.get() {
        Some(Deed::Prompt(name)) => (t.with(words.get_one, &name), words.get_lead, "prompts", words.prompts),
        Some(Deed::Resource(uri) | Deed::Template(uri)) => {
            (t.with(words.read_one, &uri), words.read_lead, "resources", words.resources)
        }
        _ => {
            let title = tool
                .with(|tool| if tool.is_empty() { p.try_out.to_owned() } else { t.with(p.try_tool, tool) });
            (title, p.lead, "tools", t.tools)
        }
    };
    let title = move || head().0;
    view! {
        <Title text=title />
        {move || {
            let (title, lead, tab, label) = head();
            view! {
                <div class="mb-4 flex items-start justify-between gap-4 flex-wrap">
                    <div class="min-w-0">
                        <h2 class="text-lg font-semibold break-words">{title}</h2>
                        <p class="mt-1 text-ink-muted">{lead}</p>
                    </div>
                    <LinkButton href=source.href(tab)>{label}</LinkButton>
                </div>
            }
        }}
        {move || {
            if let Some(deed) = other.get() {
                view! { <TryOffer server=server deed=deed /> }.into_any()
            } else if tool.with(String::is_empty) {
                view! { <Choose server=server /> }.into_any()
            } else {
                view! { <One server=server tool=tool /> }.into_any()
            }
        }}
    }
}

#[component]
fn One(server: Memo<String>, tool: Memo<String>) -> impl IntoView {
    let p = Playground::current();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let live = hydrated();
    let found = Resource::new(
        move || (project.name.get(), server.get(), tool.get()),
        |(project, server, tool)| async move {
            let on = get_server(project.clone(), server.clone()).await?.0.enabled;
            get_tool(project, server, tool).await.map(|item| (item, on))
        },
    );
    view! {
        <div hidden=move || live.get()>
            <Callout tone=Tone::Info title=p.needs_script standing=true />
        </div>
        <Boundary load=move || {
            let (name, live) = (server.get(), live.get());
            async move {
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let (item, on) = found.await?;
                if !viewer.may(Action::ManageKeys, &page.project.resource()) {
                    return Ok(view! { <Callout tone=Tone::Info title=p.needs_role standing=true /> }.into_any());
                }
                if !on {
                    return Ok(view! { <Callout tone=Tone::Warn title=p.server_off standing=true /> }.into_any());
                }
                let Some(offered) = item.offered().map(str::to_owned) else {
                    return Ok(view! {
                        <Callout tone=Tone::Warn title=p.tool_hidden standing=true><p>{p.tool_hidden_next}</p></Callout>
                    }
                    .into_any());
                };
                let description = item.rule.description.clone();
                let own = item.tool.as_ref().map(|tool| tool.description().to_owned()).unwrap_or_default();
                let schema = item.tool.as_ref().and_then(|tool| tool.input_schema()).cloned().unwrap_or_default();
                let path = page.project.path();
                let url = format!("{}/projects/{path}/servers/{name}/mcp", page.public_url);
                Ok(view! {
                    <p class="mb-4 max-w-[720px] whitespace-pre-wrap break-words text-ink-muted">{description.unwrap_or(own)}</p>
                    {live.then(|| view! { <Panel project=path url=url deed=Deed::Tool { own: item.name, offered } schema=schema /> })}
                }
                .into_any())
            }
        } />
    }
}

/// The first tools by name; the list of tools finds the others.
#[component]
fn Choose(server: Memo<String>) -> impl IntoView {
    let (t, p) = (text(), Playground::current());
    let project = ProjectSource::current();
    let tools = Resource::new(
        move || (project.name.get(), server.get()),
        |(project, server)| {
            server_tools(project, server, Asked { show: "shown".to_owned(), ..Asked::default() })
        },
    );
    view! {
        <Boundary load=move || {
            let here = project.href(&format!("servers/{}/try", server.get()));
            async move {
                let page = tools.await?;
                if page.items.is_empty() {
                    return Ok(view! { <EmptyState title=t.tools_empty body=t.tools_empty_body /> }.into_any());
                }
                let links = page
                    .items
                    .into_iter()
                    .map(|listed| {
                        let item = listed.tool;
                        let title = item.tool.as_ref().map(|tool| tool.title().to_owned()).filter(|title| *title != item.name);
                        let href = format!("{here}?tool={}", encode(&item.name));
                        view! {
                            <li class="px-3 py-2 border-b border-line last:border-b-0 break-words">
                                <a class=LINK_CLASS href=href><code>{item.name}</code></a>
                                {title.map(|title| view! { <span class="ml-2 text-ink-muted">{title}</span> })}
                            </li>
                        }
                    })
                    .collect_view();
                Ok(view! {
                    <h2 class="mb-2 font-semibold">{p.pick}</h2>
                    <ul class="border border-line rounded-[10px] bg-surface-raised">{links}</ul>
                }
                .into_any())
            }
        } />
    }
}
