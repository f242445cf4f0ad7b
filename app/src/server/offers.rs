//! A server's resources and prompts, as clients see them.

#[cfg(feature = "ssr")]
use domain::offer::OfferFilter;
use domain::offer::{OfferedPrompt, OfferedResource, OffersPage};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::frame::{ServerSource, ServerTitle};
#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::{
    error::AppError,
    i18n::{Offers, Playground, group, text},
    project::ProjectSource,
    ui::{Badge, Boundary, EmptyState, FilterBar, FilterText, LinkButton, encode},
};

/// Items that a page holds.
#[cfg(feature = "ssr")]
const SHOWN: u32 = 50;

#[cfg(feature = "ssr")]
fn filter(search: String, page: u32) -> OfferFilter {
    OfferFilter { q: Some(search), page: Some(page), limit: Some(SHOWN) }
}

#[server(prefix = "/_fn", endpoint = "servers/resources", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn server_resources(
    project: String,
    server: String,
    search: String,
    page: u32,
) -> Result<OffersPage<OfferedResource>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.servers().resources(&caller, &project, &server, &filter(search, page)).await?)
}

#[server(prefix = "/_fn", endpoint = "servers/prompts", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn server_prompts(
    project: String,
    server: String,
    search: String,
    page: u32,
) -> Result<OffersPage<OfferedPrompt>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.servers().prompts(&caller, &project, &server, &filter(search, page)).await?)
}

/// What the address says of a list.
#[derive(Clone, Copy)]
struct Asked {
    search: Memo<String>,
    page: Memo<u32>,
}

impl Asked {
    fn read() -> Self {
        let query = use_query_map();
        Self {
            search: Memo::new(move |_| query.read().get("q").unwrap_or_default()),
            page: Memo::new(move |_| {
                query.read().get("page").and_then(|n| n.parse().ok()).unwrap_or(1_u32).max(1)
            }),
        }
    }
}

#[component]
pub fn ResourcesPage() -> impl IntoView {
    let source = ServerSource::current();
    let server = source.name;
    let words = Offers::current();
    let project = ProjectSource::current();
    let asked = Asked::read();
    let offers = Resource::new(
        move || {
            (project.name.get(), server.get(), asked.search.get(), asked.page.get(), project.changes.get())
        },
        |(project, server, search, page, _)| server_resources(project, server, search, page),
    );
    view! {
        <ServerTitle part=words.resources />
        <Boundary load=move || {
            let (here, list) = (source.href(""), source.href("resources"));
            let (search, number) = (asked.search.get(), asked.page.get());
            async move {
                if !source.is_there().await {
                    return Ok(().into_any());
                }
                let page = offers.await?;
                if page.total == 0 {
                    return Ok(view! { <EmptyState title=words.resources_empty body=words.resources_empty_body /> }.into_any());
                }
                let frame = Frame { list, search, number, next: page.next, found: page.found, total: page.total };
                let items: Vec<AnyView> =
                    page.items.into_iter().map(|item| view! { <ResourceItem item=item here=here.clone() /> }.into_any()).collect();
                Ok(view! { <Listed frame=frame items=items /> }.into_any())
            }
        } />
    }
}

#[component]
pub fn PromptsPage() -> impl IntoView {
    let source = ServerSource::current();
    let server = source.name;
    let words = Offers::current();
    let project = ProjectSource::current();
    let asked = Asked::read();
    let offers = Resource::new(
        move || {
            (project.name.get(), server.get(), asked.search.get(), asked.page.get(), project.changes.get())
        },
        |(project, server, search, page, _)| server_prompts(project, server, search, page),
    );
    view! {
        <ServerTitle part=words.prompts />
        <Boundary load=move || {
            let (here, list) = (source.href(""), source.href("prompts"));
            let (search, number) = (asked.search.get(), asked.page.get());
            async move {
                if !source.is_there().await {
                    return Ok(().into_any());
                }
                let page = offers.await?;
                if page.total == 0 {
                    return Ok(view! { <EmptyState title=words.prompts_empty body=words.prompts_empty_body /> }.into_any());
                }
                let frame = Frame { list, search, number, next: page.next, found: page.found, total: page.total };
                let items: Vec<AnyView> =
                    page.items.into_iter().map(|item| view! { <PromptItem item=item here=here.clone() /> }.into_any()).collect();
                Ok(view! { <Listed frame=frame items=items /> }.into_any())
            }
        } />
    }
}

/// What stands around a page of items.
struct Frame {
    list: String,
    search: String,
    number: u32,
    next: Option<u32>,
    found: u64,
    total: u64,
}

#[component]
fn Listed(frame: Frame, items: Vec<AnyView>) -> impl IntoView {
    let t = text();
    let Frame { list, search, number, next, found, total } = frame;
    let turn = |n: u32| format!("{list}?q={}&page={n}", encode(&search));
    let previous = (number > 1).then(|| turn(number - 1));
    let next = next.map(turn);
    let clear = (!search.is_empty()).then(|| list.clone());
    let body = if items.is_empty() {
        view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
    } else {
        view! { <ul class="border border-line rounded-[10px] bg-surface-raised">{items}</ul> }.into_any()
    };
    view! {
        <FilterBar action=list clear=clear>
            <FilterText name="q" label=t.search value=search />
        </FilterBar>
        <p class="mb-2 text-ink-muted text-xs">{format!("{} / {}", group(found), group(total))}</p>
        {body}
        <div class="mt-3 flex gap-2">
            {previous.map(|href| view! { <LinkButton href=href>{t.previous}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href=href>{t.next}</LinkButton> })}
        </div>
    }
}

const ITEM_CLASS: &str = "flex items-start gap-3 px-3 py-2 border-b border-line last:border-b-0 min-w-0";

#[component]
fn ResourceItem(item: OfferedResource, here: String) -> impl IntoView {
    let words = Offers::current();
    let kind = if item.is_template { "template" } else { "resource" };
    let href = format!("{here}/try?{kind}={}", encode(&item.uri));
    let title = item.title.filter(|title| *title != item.name);
    let named = item.name != item.uri;
    view! {
        <li class=ITEM_CLASS>
            <div class="grow min-w-0">
                <p class="break-words">
                    {named.then(|| view! { <span class="font-medium">{item.name}</span> })}
                    {title.map(|title| view! { <span class="ml-2 text-ink-muted">{title}</span> })}
                    <span class="ml-2 inline-flex gap-1 flex-wrap align-middle">
                        {item.is_template.then(|| view! { <Badge label=words.template /> })}
                        {item.mime_type.map(|kind| view! { <Badge label=kind /> })}
                        {item.size.map(|size| view! { <Badge label=words.size(size) /> })}
                    </span>
                </p>
                <code class="block break-all text-xs">{item.uri}</code>
                <p class="text-ink-muted text-xs whitespace-pre-wrap break-words empty:hidden">{item.description}</p>
            </div>
            <LinkButton href=href>{words.read}</LinkButton>
        </li>
    }
}

#[component]
fn PromptItem(item: OfferedPrompt, here: String) -> impl IntoView {
    let words = Offers::current();
    let href = format!("{here}/try?prompt={}", encode(&item.name));
    let title = item.title.filter(|title| *title != item.name);
    let arguments = item
        .arguments
        .into_iter()
        .map(|argument| {
            let optional = (!argument.required).then(|| format!(" ({})", words.optional));
            let said = (!argument.description.is_empty()).then(|| format!(": {}", argument.description));
            view! { <li><code>{argument.name}</code>{optional}{said}</li> }
        })
        .collect::<Vec<_>>();
    let none =
        arguments.is_empty().then(|| view! { <p class="text-ink-faint text-xs">{words.no_arguments}</p> });
    view! {
        <li class=ITEM_CLASS>
            <div class="grow min-w-0">
                <p class="break-words">
                    <code class="font-medium">{item.name}</code>
                    {title.map(|title| view! { <span class="ml-2 text-ink-muted">{title}</span> })}
                </p>
                <p class="text-ink-muted text-xs whitespace-pre-wrap break-words empty:hidden">{item.description}</p>
                <ul class="text-ink-muted text-xs empty:hidden">{arguments}</ul>
                {none}
            </div>
            <LinkButton href=href>{Playground::current().try_out}</LinkButton>
        </li>
    }
}
